"""A proposal for all who wait, on both databases: found once, published pair by pair, never over a newer decision."""
