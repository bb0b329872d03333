"""The walk under whatever people and the clock do: what happens, and what must hold after each of it."""
