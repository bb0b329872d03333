"""Notices that a backup was put back: then the database remembers less than the clock's own note beside it."""

from datetime import datetime, timedelta
from pathlib import Path

NOTE = "clock-seen"
# The clock notes itself each minute in both places; a few minutes may be lost when a machine falls.
SLACK = timedelta(minutes=5)


def went_back(folder: Path, last_sign: datetime | None) -> bool:
    """Say whether the clock ran later than the database knows of."""
    try:
        noted = datetime.fromisoformat((folder / NOTE).read_text("ascii"))
    except (OSError, ValueError):
        return False
    return last_sign is None or noted - last_sign > SLACK


def note(folder: Path, last_sign: datetime) -> None:
    """Note when the database last heard of the clock."""
    fresh = folder / f"{NOTE}.next"
    fresh.write_text(last_sign.isoformat(), "ascii")
    fresh.replace(folder / NOTE)
