"""The long run with faults: the parts of a whole site, a mail server with manners, and all that may break, breaking."""
