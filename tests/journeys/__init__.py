"""Journeys through the running site, with a browser as somebody would go them."""
