"""Workshop for the ways a notice can take: each hands bytes to somebody else's server. Knows no database."""

from portal.channels.way import Line, Way

__all__ = ["Line", "Way"]
