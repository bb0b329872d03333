"""What letters say: whole, in each degree of discretion, and nothing that tells."""
