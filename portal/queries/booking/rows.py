"""What verbs of booking read to change it: the rows of people, chats and the time they hold, locked where needed."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import BindParameter, ColumnElement, bindparam, or_, select

from portal.db import plain, read
from portal.domain.booking import HAS_BEEN, LIVE, BookingState
from portal.models import Booking, Hold, Invitation, Person, Walk
from portal.queries.booking.two import Two
from portal.queries.matching.walks import together_with
from portal.queries.notice import Recipient

SETTLED_AT_ONCE = 100


# NO KEY UPDATE: whoever only refers to a person (a letter, a deed in the record) does not have to wait.
_PEOPLE = select(*(getattr(Person, name) for name in Recipient._fields)).order_by(Person.id)
_LOCKED = _PEOPLE.where(or_(Person.id == bindparam("one"), Person.id == bindparam("other"))).with_for_update(
    key_share=True
)
_ACTOR: BindParameter[int] = bindparam("actor_id")
_LOCKED_WALKERS = (
    _PEOPLE.add_columns(Walk.member_id, Walk.peer_id)
    .join(Walk, or_(Person.id == Walk.member_id, Person.id == Walk.peer_id))
    .where(Walk.id == bindparam("walk_id"), together_with(_ACTOR))
    .with_for_update(key_share=True, of=Person)
)


def lock_walkers(actor_id: int, walk_id: int) -> tuple[Two, dict[int, Recipient]] | None:
    """Hold the rows of the two people of an open walk after both yeses, for one of them, as `lock_people` does, and
    return who they are; None for anybody else."""
    held = plain().execute(_LOCKED_WALKERS, {"actor_id": actor_id, "walk_id": walk_id}).all()
    if not held:
        return None
    return Two(walk_id, held[0].member_id, held[0].peer_id), {row[0]: Recipient(*row[:-2]) for row in held}


def lock_people(one_id: int, other_id: int | None = None) -> dict[int, Recipient]:
    """Hold the rows of one or two people in one order, so that bookings that share one of them wait for each other;
    returns them by id, as far as it decides when letters reach them."""
    held = plain().execute(_LOCKED, {"one": one_id, "other": other_id or one_id})
    return {row[0]: Recipient(*row) for row in held}


def lock_everybody(person_ids: Collection[int]) -> None:
    """Hold the rows of all these people in the same order, where one answer may touch the time of several."""
    everybody = select(Person.id).where(Person.id.in_(person_ids)).order_by(Person.id)
    read().execute(everybody.with_for_update(key_share=True)).all()


def booking_to_change(booking_id: int) -> Booking:
    """Return a chat's row, locked, as it is now."""
    return read().get_one(Booking, booking_id, with_for_update=True, populate_existing=True)


def holds_of(booking_id: int) -> list[Hold]:
    """Return the time a chat occupies, by person."""
    return list(read().scalars(select(Hold).where(Hold.booking_id == booking_id).order_by(Hold.person_id)))


def live_of_walk(walk_id: int) -> list[int]:
    """Return the chats of a walk that hold time: booked, asked for or offered."""
    statement = select(Booking.id).where(Booking.walk_id == walk_id, Booking.state.in_(LIVE))
    return list(read().scalars(statement.order_by(Booking.id)))


def is_beside() -> ColumnElement[bool]:
    """Return the condition that a chat holds time and is not booked: it is asked for or offered."""
    return or_(*(Booking.state == state for state in sorted(LIVE - {BookingState.BOOKED})))


_BESIDE = select(Booking.id).where(Booking.walk_id == bindparam("walk_id"), is_beside()).order_by(Booking.id)


def waiting_of_walk(walk_id: int) -> list[int]:
    """Return the chats of a walk that hold time and are not booked: asked for or offered."""
    return list(plain().execute(_BESIDE, {"walk_id": walk_id}).scalars())


def states_kept(walk_id: int) -> frozenset[BookingState]:
    """Return BOOKED where a walk has a chat that is booked, and HAPPENED where one has been."""
    found = select(Booking.state).where(Booking.walk_id == walk_id, Booking.state.in_(HAS_BEEN)).distinct()
    return frozenset(read().scalars(found))


def over(now: datetime, after: int) -> list[int]:
    """Return the booked chats whose end has passed, from the first id after `after` on, at most SETTLED_AT_ONCE."""
    statement = select(Booking.id).where(
        Booking.state == BookingState.BOOKED, Booking.ends_at <= now, Booking.id > after
    )
    return list(read().scalars(statement.order_by(Booking.id).limit(SETTLED_AT_ONCE)))


def walk_of(booking_id: int) -> int:
    """Return the walk of a chat, which never changes."""
    return read().scalars(select(Booking.walk_id).where(Booking.id == booking_id)).one()


def invitation_of(booking_id: int, person_id: int) -> Invitation | None:
    """Return one person's calendar entry for a chat."""
    return read().get(Invitation, (booking_id, person_id))
