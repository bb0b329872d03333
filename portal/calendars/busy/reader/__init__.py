"""The reader of a calendar file, a process of its own: bytes in, JSON lines out, within limits it cannot leave."""
