"""Booking's verbs, on both databases: setting a chat, every refusal, moving, calling off, what lies behind."""
