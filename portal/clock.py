"""The only call to the system clock."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return this instant, in UTC."""
    return datetime.now(UTC)
