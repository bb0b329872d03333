"""Time off in whole local days: a stretch from one day to another, or single days such as public holidays."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.db import retry_once
from portal.domain.errors import BadInput
from portal.domain.slots import Span, merge, span_of_days
from portal.domain.words import N_
from portal.models import PeerProfile, TimeOff
from portal.queries import own_hours as queries
from portal.services import once
from portal.services.slots.own import check_days, found, home_zone, own_change, today_of

NO_TICK = N_("Please tick at least one day.")


@retry_once
def take_time_off(peer_id: int, first: date, last: date, *, key: str, now: datetime) -> int:
    """Close whole local days, both ends included, joined to time off they touch; chats inside stay booked."""
    with own_change(once.form(peer_id, key, "take time off", first, last), now) as change:
        if not change.seen_before:
            check_days(first, last, today_of(change.session, peer_id, now))
            span = span_of_days(first, last, home_zone(change.session, peer_id))
            _close(change.session, peer_id, [span], now)
    return peer_id


@retry_once
def take_days_off(peer_id: int, days: Collection[date], place: str, *, key: str, now: datetime) -> int:
    """Close each of these local days, and remember the place (country, or country-region) they are holidays of."""
    chosen = sorted(set(days))
    with own_change(once.form(peer_id, key, "take days off", chosen, place), now) as change:
        if not change.seen_before:
            if not chosen:
                raise BadInput("days", NO_TICK)
            today, zone = today_of(change.session, peer_id, now), home_zone(change.session, peer_id)
            for day in chosen:
                check_days(day, day, today)
            _close(change.session, peer_id, [span_of_days(day, day, zone) for day in chosen], now)
            change.session.get_one(PeerProfile, peer_id).holiday_country = place
    return peer_id


@retry_once
def end_time_off(peer_id: int, time_off_id: int, *, key: str, now: datetime) -> int:
    """Take a stretch of time off away."""
    with own_change(once.form(peer_id, key, "end time off", time_off_id), now) as change:
        if not change.seen_before:
            change.session.delete(found(queries.own_time_off(peer_id, time_off_id)))
    return peer_id


def _close(session: Session, peer_id: int, spans: Collection[Span], now: datetime) -> None:
    """Write the spans, made one with the time off ahead that they touch; what they do not touch stays as it is."""
    held = {(row.starts_at, row.ends_at): row for row in queries.time_off_ahead(peer_id, now)}
    wanted = merge([*held, *spans])
    for span, row in held.items():
        if span not in wanted:
            session.delete(row)
    session.add_all(
        TimeOff(peer_id=peer_id, starts_at=begins, ends_at=ends)
        for begins, ends in wanted
        if (begins, ends) not in held
    )
