"""A willing ear: a peer offers an hour, whoever walks with them comes without booking, each is called in turn."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.db import retry_once, transaction
from portal.domain.booking import OpenHourState
from portal.domain.booking.open_hours import MOVED_ON, NOT_FREE, NOT_ON, check, is_on, next_turn, whose_turn
from portal.domain.errors import BadInput, NotFound, Stale
from portal.domain.experience import Format
from portal.domain.notice import Kind, cancellation_due_at, held_until
from portal.models import Hold, OpenHour, OpenHourVisit
from portal.queries import booking as booking_queries
from portal.queries.booking import open_hours as queries
from portal.services import audit, once
from portal.services.booking.guarded import GUARD
from portal.services.notice.owe import Owed, owe_together, void
from portal.services.one_by_one import in_pages, one_by_one


@retry_once
def offer_hour(
    peer_id: int, starts_at: datetime, ends_at: datetime, way: Format, place: str, *, key: str, now: datetime
) -> int:
    """Offer an open hour; returns its id. BadInput where the time is not free: the database has the last word."""
    check(starts_at, ends_at, way, now)
    try:
        with transaction() as session:
            booking_queries.lock_people(peer_id)
            form = once.form(peer_id, key, "offer hour", starts_at, ends_at, str(way), place)
            done = form.result()
            if done is not None:
                return done
            hour = OpenHour(
                peer_id=peer_id, starts_at=starts_at, ends_at=ends_at, format=way, place=place, created_at=now
            )
            session.add(hour)
            session.flush()
            session.add(Hold(open_hour_id=hour.id, person_id=peer_id, starts_at=starts_at, ends_at=ends_at))
            session.flush()
            _tell(session, hour, now)
            audit.record(session, "open hour offered", "open_hour", hour.id, actor_id=peer_id, now=now)
            form.remember(session, hour.id, now)
            return hour.id
    except IntegrityError as error:
        if GUARD not in str(error.orig):
            raise
        raise BadInput("starts", NOT_FREE) from None


@retry_once
def call_off_hour(open_hour_id: int, peer_id: int, *, key: str, now: datetime) -> int:
    """Take an open hour back, also while it is on; the time is free again, and whoever was written to is told."""
    return _close(open_hour_id, peer_id, OpenHourState.CANCELLED, "open hour called off", key, now)


@retry_once
def end_hour(open_hour_id: int, peer_id: int, *, key: str, now: datetime) -> int:
    """End an open hour before its time."""
    return _close(open_hour_id, peer_id, OpenHourState.OVER, "open hour ended", key, now)


@retry_once
def come(open_hour_id: int, member_id: int, *, key: str, now: datetime) -> int:
    """Come to an open hour; whoever left comes last again."""
    with transaction() as session:
        walk_id = _checked(open_hour_id, member_id, now)
        form = once.form(member_id, key, "come", open_hour_id)
        if form.result() is not None:
            return open_hour_id
        visit = queries.visit_row(open_hour_id, member_id)
        if visit is None:
            session.add(OpenHourVisit(open_hour_id=open_hour_id, member_id=member_id, walk_id=walk_id, came_at=now))
        elif visit.done_at is not None:
            visit.came_at, visit.called_at, visit.done_at = now, None, None
        session.flush()
        form.remember(session, open_hour_id, now)
        return open_hour_id


@retry_once
def go_again(open_hour_id: int, member_id: int, *, now: datetime) -> int:
    """Leave an open hour, before one's turn or after it; needs no reason."""
    with transaction():
        if queries.hour_for(member_id, open_hour_id) is None:
            raise NotFound
        queries.hour_to_change(open_hour_id)
        visit = queries.visit_row(open_hour_id, member_id)
        if visit is not None and visit.done_at is None:
            visit.done_at = now
        return open_hour_id


@retry_once
def call_next(open_hour_id: int, peer_id: int, seen: int | None, *, now: datetime) -> int:
    """Let the one who talked go and call who has waited longest; `seen` is whose turn the page showed, and of two taps
    at once only the first moves on."""
    with transaction():
        hour = _own_hour(open_hour_id, peer_id)
        if not is_on(hour.state, hour.starts_at, hour.ends_at, now):
            raise Stale(NOT_ON)
        visits = queries.visits_of(open_hour_id)
        talking, following = whose_turn(visits), next_turn(visits)
        if talking != seen:
            raise Stale(MOVED_ON)
        for member_id, column in ((talking, "done_at"), (following, "called_at")):
            visit = queries.visit_row(open_hour_id, member_id) if member_id is not None else None
            if visit is not None:
                setattr(visit, column, now)
        return open_hour_id


def close_past_hours(*, now: datetime) -> int:
    """Close the open hours whose end has passed; returns how many."""
    past = in_pages(lambda after: queries.past_hours(now, after))
    return one_by_one("open hour", past, lambda open_hour_id: _close_past(open_hour_id, now=now))


@retry_once
def _close_past(open_hour_id: int, *, now: datetime) -> bool:
    with transaction():
        hour = queries.hour_to_change(open_hour_id)
        if hour is None or hour.state is not OpenHourState.PLANNED or hour.ends_at > now:
            return False
        _free(hour, OpenHourState.OVER)
        return True


def _close(open_hour_id: int, peer_id: int, became: OpenHourState, verb: str, key: str, now: datetime) -> int:
    with transaction() as session:
        hour = _own_hour(open_hour_id, peer_id)
        form = once.form(peer_id, key, verb, open_hour_id)
        if form.result() is None and hour.state is OpenHourState.PLANNED:
            _free(hour, became)
            void(session, queries.letter_about(open_hour_id), now=now)
            if became is OpenHourState.CANCELLED:
                _tell_it_is_off(session, hour, now)
            audit.record(session, verb, "open_hour", open_hour_id, actor_id=peer_id, now=now)
            form.remember(session, open_hour_id, now)
        return open_hour_id


def _free(hour: OpenHour, became: OpenHourState) -> None:
    hour.state = became
    hold = queries.hold_of(hour.id)
    if hold is not None:
        hold.active = False


def _own_hour(open_hour_id: int, peer_id: int) -> OpenHour:
    hour = queries.hour_to_change(open_hour_id)
    if hour is None or hour.peer_id != peer_id:
        raise NotFound
    return hour


def _checked(open_hour_id: int, member_id: int, now: datetime) -> int:
    """Return the walk by which a member may come to an hour that is on, its row held."""
    seen = queries.hour_for(member_id, open_hour_id)
    if seen is None or seen.walk_id is None:
        raise NotFound
    hour = queries.hour_to_change(open_hour_id)
    if hour is None or not is_on(hour.state, hour.starts_at, hour.ends_at, now):
        raise Stale(NOT_ON)
    return seen.walk_id


def _tell(session: Session, hour: OpenHour, now: datetime) -> None:
    letters = [
        Owed(
            Kind.OPEN_HOUR,
            member.id,
            about=queries.letter_about(hour.id),
            due_at=held_until(hour.starts_at, member.zone, member.quiet, now),
            revision=0,
            walk_id=walk_id,
        )
        for walk_id, member in queries.who_may_come(hour.peer_id)
    ]
    owe_together(session, letters, now=now)


def _tell_it_is_off(session: Session, hour: OpenHour, now: datetime) -> None:
    if hour.ends_at <= now:
        return
    told = queries.told_of(hour.id)
    letters = [
        Owed(
            Kind.HOUR_OFF,
            member.id,
            about=queries.letter_about(hour.id),
            due_at=cancellation_due_at(hour.starts_at, member.zone, member.quiet, now),
            revision=0,
            walk_id=walk_id,
        )
        for walk_id, member in queries.who_may_come(hour.peer_id)
        if member.id in told
    ]
    owe_together(session, letters, now=now)
