"""The fast twin of matching gives what the domain gives."""
