"""Every SELECT, with its eager loading."""
