"""Wishes for something earlier: who waits for whose time, what is held for whom, what may still be undone."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Select, and_, bindparam, or_, select

from portal.db import plain, read
from portal.domain.booking import IS_CHAT, BookingState
from portal.domain.notice import QuietHours
from portal.domain.slots import Slot
from portal.models import Booking, PeerProfile, Person, TimeWish, Walk
from portal.queries.booking.two import Two, same_two
from portal.queries.matching.walks import together_with

LAPSED_AT_ONCE = 100
SERVED_AT_ONCE = 100


@dataclass(frozen=True)
class Wish:
    """A member's open wish: any time before `before` that is new to them; `chat_id` is the chat it would replace."""

    id: int
    two: Two
    chat_id: int | None
    before: datetime
    passed_over: frozenset[datetime]
    zone: str
    quiet: QuietHours
    notice: timedelta


def open_wishes(after: int) -> list[int]:
    """Return the open wishes that come after the wish `after`, the longest wait first, at most SERVED_AT_ONCE; of peers
    who say yes to each chat first there are none."""
    since = select(TimeWish.since).where(TimeWish.id == after).scalar_subquery()
    later = or_(TimeWish.since > since, and_(TimeWish.since == since, TimeWish.id > after))
    wishes = _wishes().with_only_columns(TimeWish.id).where(PeerProfile.says_yes_first.is_(False))
    return list(read().scalars((wishes.where(later) if after else wishes).limit(SERVED_AT_ONCE)))


def open_wish(wish_id: int) -> Wish | None:
    """Return one wish, None where it has ended."""
    row = read().execute(_wishes().where(TimeWish.id == wish_id)).one_or_none()
    return _wish(*row) if row is not None else None


def wish_of_walk(walk_id: int) -> Wish | None:
    """Return the open wish of a walk; there is at most one."""
    if plain().execute(_ANY_OF_WALK, {"walk_id": walk_id}).first() is None:
        return None
    row = read().execute(_wishes().where(Walk.id == walk_id).limit(1)).one_or_none()
    return _wish(*row) if row is not None else None


def wish_to_change(wish_id: int) -> TimeWish:
    """Return a wish's row, locked, as it is now."""
    return read().get_one(TimeWish, wish_id, with_for_update=True, populate_existing=True)


def open_wish_to_change(walk_id: int) -> TimeWish | None:
    """Return the row of a walk's open wish, locked."""
    statement = select(TimeWish).where(TimeWish.walk_id == walk_id, TimeWish.ended_at.is_(None))
    return read().scalar(statement.order_by(TimeWish.id).limit(1).with_for_update())


def held_for_walk(walk_id: int) -> int | None:
    """Return the time that is held for a walk's member at the moment."""
    held = select(Booking.id).where(Booking.walk_id == walk_id, Booking.state == BookingState.OFFERED)
    return read().scalar(held.limit(1))


def chat_at(walk_id: int, starts_at: datetime) -> int | None:
    """Return the chat of a walk at this time, whatever became of it: what a held time was taken for."""
    found = select(Booking.id).where(
        Booking.walk_id == walk_id, Booking.starts_at == starts_at, Booking.state.in_(IS_CHAT)
    )
    return read().scalar(found.order_by(Booking.id.desc()).limit(1))


def held_for(member_id: int, now: datetime) -> list[int]:
    """Return the times held for a member which they may still take, on walks that go on."""
    statement = (
        select(Booking.id)
        .join(Walk, same_two())
        .where(together_with(member_id), Booking.member_id == member_id)
        .where(Booking.state == BookingState.OFFERED, Booking.answer_by > now)
    )
    return list(read().scalars(statement.order_by(Booking.starts_at)))


def lapsed_offers(now: datetime, after: int) -> list[int]:
    """Return the held times that nobody took, from the first id after `after` on, at most LAPSED_AT_ONCE."""
    statement = select(Booking.id).where(
        Booking.state == BookingState.OFFERED, Booking.answer_by <= now, Booking.id > after
    )
    return list(read().scalars(statement.order_by(Booking.id).limit(LAPSED_AT_ONCE)))


def kept_free(peer_id: int, since: datetime) -> list[Slot]:
    """Return the times of chats with a peer that were cancelled after `since`: that may still be undone."""
    statement = select(Booking.starts_at, Booking.ends_at).where(
        Booking.peer_id == peer_id, Booking.state == BookingState.CANCELLED, Booking.cancelled_at > since
    )
    return [Slot(starts_at, ends_at) for starts_at, ends_at in read().execute(statement)]


def minutes_of(at: datetime) -> int:
    """Return an instant as a wish keeps it: minutes since 1970."""
    return int(at.timestamp()) // 60


def _wishes() -> Select[TimeWish, Walk, str, int, int, int]:
    return (
        select(TimeWish, Walk, Person.zone, Person.quiet_from, Person.quiet_until, PeerProfile.notice_hours)
        .join(Walk, Walk.id == TimeWish.walk_id)
        .join(Person, Person.id == Walk.member_id)
        .join(PeerProfile, PeerProfile.person_id == Walk.peer_id)
        .where(TimeWish.ended_at.is_(None))
        .order_by(TimeWish.since, TimeWish.id)
        .execution_options(populate_existing=True)
    )


def _wish(row: TimeWish, walk: Walk, zone: str, quiet_from: int, quiet_until: int, notice_hours: int) -> Wish:
    return Wish(
        id=row.id,
        two=Two(walk.id, walk.member_id, walk.peer_id or 0),
        chat_id=row.booking_id,
        before=row.before,
        passed_over=frozenset(datetime.fromtimestamp(minute * 60, UTC) for minute in row.passed_over),
        zone=zone,
        quiet=QuietHours(quiet_from, quiet_until),
        notice=timedelta(hours=notice_hours),
    )


# Stands ready: hardly any walk has one, and each page of times asks.
_ANY_OF_WALK = select(TimeWish.id).where(TimeWish.walk_id == bindparam("walk_id"), TimeWish.ended_at.is_(None)).limit(1)
