"""What people tell of themselves: the catalogue of topics, a member's needs, a peer's story and limits."""
