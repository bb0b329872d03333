"""The outbox: owing, delivering, sweeping."""
