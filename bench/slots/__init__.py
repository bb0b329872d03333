"""The open times of one peer over 30 days: the rule alone, the whole view from a database, and others beside them."""

from bench.slots.measure import measure

__all__ = ["measure"]
