"""A coordinator's decisions and a peer's answer, on both databases: one at a time, never over a newer one."""
