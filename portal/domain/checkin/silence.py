"""Silence on a check-in: a light thought for the peer after as long as the member said, later for a coordinator."""

from datetime import datetime, timedelta

# What a member may choose: after so many days without a sign the peer's page says so. Or never.
SILENCE_DAYS: tuple[int, ...] = (2, 3, 5, 7, 14)
BOARD_LATER = timedelta(days=3)
# Two who meet so soon, or have only just met, ask one another.
CHAT_NEAR = timedelta(days=3)


def is_silent(silence_days: int | None, last_sign: datetime, now: datetime) -> bool:
    """Say whether the peer's page says that nothing was heard for as long as the member said."""
    return silence_days is not None and now - last_sign >= timedelta(days=silence_days)


def on_the_board(silence_days: int | None, last_sign: datetime, now: datetime) -> bool:
    """Say whether the coordinators' board says so too: some days later."""
    return is_silent(silence_days, last_sign, now - BOARD_LATER)
