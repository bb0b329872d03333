"""The walls of the house, held by tests; each checker is itself tested on a breach."""
