"""The walk: asking, shortlists, choices, approval, both yeses, reflection."""
