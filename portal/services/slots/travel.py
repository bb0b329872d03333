"""Travelling: days whose hours are read on the clock of another place."""

from datetime import date, datetime
from functools import cache
from zoneinfo import available_timezones

from portal.db import retry_once
from portal.domain.errors import BadInput
from portal.domain.words import N_
from portal.models import ZoneStay
from portal.queries import own_hours as queries
from portal.services import once
from portal.services.slots.own import check_days, found, home_zone, own_change, today_of

UNKNOWN = N_("We do not know that place. Please choose one from the list.")
HOME = N_("That is the clock you live by. Please choose the place you will be in.")
OVERLAPS = N_("You have told us of travel in these days already. Please choose days before or after it.")


@retry_once
def add_stay(peer_id: int, first: date, last: date, zone: str, *, key: str, now: datetime) -> int:
    """Read the hours of these local dates, both included, in another IANA zone; chats that are booked stay."""
    with own_change(once.form(peer_id, key, "add stay", first, last, zone), now) as change:
        if not change.seen_before:
            home, today = home_zone(change.session, peer_id), today_of(change.session, peer_id, now)
            check_stay(peer_id, first, last, zone, home=home, today=today)
            change.session.add(ZoneStay(peer_id=peer_id, first_day=first, last_day=last, zone=zone))
    return peer_id


@retry_once
def end_stay(peer_id: int, stay_id: int, *, key: str, now: datetime) -> int:
    """Take a stay away: its days go by the clock at home again."""
    with own_change(once.form(peer_id, key, "end stay", stay_id), now) as change:
        if not change.seen_before:
            change.session.delete(found(queries.own_stay(peer_id, stay_id)))
    return peer_id


def check_stay(peer_id: int, first: date, last: date, zone: str, *, home: str, today: date) -> None:
    """Raise BadInput unless these are days ahead without other travel, in a place with another clock than home's."""
    check_days(first, last, today)
    if zone not in _zones():
        raise BadInput("zone", UNKNOWN)
    if zone == home:
        raise BadInput("zone", HOME)
    if any(row.first_day <= last and first <= row.last_day for row in queries.stays_ahead(peer_id, today)):
        raise BadInput("first", OVERLAPS)


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
