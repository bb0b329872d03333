"""The page of letters: how much they say, and what would arrive."""
