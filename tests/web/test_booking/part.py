"""How a time is sent, and taken by somebody else."""

from datetime import datetime

from flask import Flask

from portal.domain.experience import Format
from portal.services import booking as services
from tests.booking_cast import TUESDAY_TEN, Pair, add_pair

Forms = dict[str, str]


def take(app: Flask, pair: Pair, now: datetime, starts_at: datetime = TUESDAY_TEN) -> None:
    """Let somebody else have this time."""
    with app.app_context():
        other = add_pair(now, peer_id=pair.peer_id, name="Noor")
        services.book(other.walk_id, other.member_id, starts_at, Format.COFFEE, "", key="", now=now)


def form_for(starts_at: datetime, **more: str) -> Forms:
    return {"starts_at": starts_at.isoformat(), "way": "coffee", "place": "Juniper Café", **more}
