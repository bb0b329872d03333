"""The pages of the check-in and of the thread."""
