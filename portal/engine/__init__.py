"""Matching at size: the fast twin of domain/matching, in NumPy and SciPy; it gives the same scores and knows no row."""
