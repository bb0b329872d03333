"""The pages of telling, of members and peers."""
