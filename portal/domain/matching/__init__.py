"""Matching by shared lived experience: hard filters, a fit explained in words, the shortlist, the walk."""
