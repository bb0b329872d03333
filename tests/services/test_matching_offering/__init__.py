"""Asking who offers, on both databases: peers who fit read it without a name, some offer, and the member picks."""
