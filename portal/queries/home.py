"""What is next for somebody: the chats, and what a coordinator wrote to them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased

from portal.db import plain, read
from portal.domain.booking import HAS_BEEN, NOT_MADE_FOR, BookingState
from portal.domain.experience import Format
from portal.domain.matching.walk import Step
from portal.models import Booking, Person, Walk, WalkStep
from portal.queries.booking import same_two
from portal.queries.listed import one_of
from portal.queries.matching.walks import together_with

# What stands in a walk's list of chats: what was called off, let go or only offered does not.
SHOWN = frozenset({BookingState.ASKED, BookingState.BOOKED}) | HAS_BEEN | {BookingState.NOT_MADE}


@dataclass(frozen=True)
class Chat:
    """A coming or past chat with the other person's name and zone."""

    id: int
    walk_id: int
    starts_at: datetime
    ends_at: datetime
    format: Format
    state: BookingState
    other_name: str
    other_zone: str


@dataclass(frozen=True)
class Note:
    """Words of a coordinator that the member may read."""

    step: Step
    words: str
    at: datetime


def coming_chats(person_id: int, now: datetime) -> list[Chat]:
    """Return the booked chats that are not over, the soonest first, while the walk they belong to goes on."""
    return [_chat(row, person_id) for row in plain().execute(_COMING, {"person_id": person_id, "now": now})]


def chats_of_walk(person_id: int, walk_id: int) -> list[Chat]:
    """Return the chats of one walk for one of its two people, asked for or been included, but none called off."""
    return [_chat(row, person_id) for row in plain().execute(_OF_WALK, {"person_id": person_id, "walk_id": walk_id})]


def not_made_lately(person_id: int, now: datetime) -> list[Chat]:
    """Return the chats that could not take place in the last days, where the two have no later one instead."""
    asked = {"person_id": person_id, "since": now - NOT_MADE_FOR}
    return [_chat(row, person_id) for row in plain().execute(_NOT_MADE, asked)]


def notes_of(walk_id: int) -> list[Note]:
    """Return what coordinators wrote to the member on this walk, the newest first; for the member only."""
    rows = read().execute(
        select(WalkStep.step, WalkStep.reason, WalkStep.at)
        .where(WalkStep.walk_id == walk_id, WalkStep.step.in_([Step.HOLD, Step.RELEASE, Step.SWAP]))
        .order_by(WalkStep.id.desc())
    )
    return [Note(step, reason, at) for step, reason, at in rows if reason]


def _chat(row: Any, person_id: int) -> Chat:
    peer_is_other = row.member_id == person_id
    return Chat(
        row.id,
        row.walk_id,
        row.starts_at,
        row.ends_at,
        row.format,
        row.state,
        row.peer_name if peer_is_other else row.member_name,
        row.peer_zone if peer_is_other else row.member_zone,
    )


# Statements that stand ready: everybody's page begins with them.
_member, _peer = aliased(Person), aliased(Person)
_CHATS = (
    select(
        Booking.id,
        Booking.walk_id,
        Booking.member_id,
        Booking.starts_at,
        Booking.ends_at,
        Booking.format,
        Booking.state,
        _member.name.label("member_name"),
        _member.zone.label("member_zone"),
        _peer.name.label("peer_name"),
        _peer.zone.label("peer_zone"),
    )
    .join(_member, _member.id == Booking.member_id)
    .join(_peer, _peer.id == Booking.peer_id)
    .join(Walk, same_two())
    .where(together_with(bindparam("person_id")))
    .order_by(Booking.starts_at)
)
_COMING = _CHATS.where(Booking.state == BookingState.BOOKED, Booking.ends_at > bindparam("now"))
_OF_WALK = _CHATS.where(Booking.walk_id == bindparam("walk_id"), one_of(Booking.state, SHOWN))
_later = aliased(Booking)
_INSTEAD = select(_later.id).where(
    _later.walk_id == Booking.walk_id, _later.starts_at > Booking.starts_at, one_of(_later.state, SHOWN)
)
_NOT_MADE = _CHATS.where(
    Booking.state == BookingState.NOT_MADE, Booking.starts_at > bindparam("since"), ~_INSTEAD.exists()
)
