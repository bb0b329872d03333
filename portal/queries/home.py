"""What is next for somebody: the chats, and what a coordinator wrote to them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased

from portal.db import read
from portal.domain.booking import HAS_BEEN, NOT_MADE_FOR, BookingState
from portal.domain.experience import Format
from portal.domain.matching.walk import Step
from portal.models import Booking, Person, Walk, WalkStep
from portal.queries.booking import same_two
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
    return _chats(person_id, Booking.state == BookingState.BOOKED, Booking.ends_at > now)


def chats_of_walk(person_id: int, walk_id: int) -> list[Chat]:
    """Return the chats of one walk for one of its two people, asked for or been included, but none called off."""
    return _chats(person_id, Booking.walk_id == walk_id, Booking.state.in_(SHOWN))


def not_made_lately(person_id: int, now: datetime) -> list[Chat]:
    """Return the chats that could not take place in the last days, where the two have no later one instead."""
    later = aliased(Booking)
    instead = select(later.id).where(
        later.walk_id == Booking.walk_id, later.starts_at > Booking.starts_at, later.state.in_(SHOWN)
    )
    since = now - NOT_MADE_FOR
    return _chats(person_id, Booking.state == BookingState.NOT_MADE, Booking.starts_at > since, ~instead.exists())


def notes_of(walk_id: int) -> list[Note]:
    """Return what coordinators wrote to the member on this walk, the newest first; for the member only."""
    rows = read().execute(
        select(WalkStep.step, WalkStep.reason, WalkStep.at)
        .where(WalkStep.walk_id == walk_id, WalkStep.step.in_([Step.HOLD, Step.RELEASE, Step.SWAP]))
        .order_by(WalkStep.id.desc())
    )
    return [Note(step, reason, at) for step, reason, at in rows if reason]


def _chats(person_id: int, *conditions: ColumnElement[bool]) -> list[Chat]:
    member, peer = aliased(Person), aliased(Person)
    rows = read().execute(
        select(Booking, member.name, member.zone, peer.name, peer.zone)
        .join(member, member.id == Booking.member_id)
        .join(peer, peer.id == Booking.peer_id)
        .join(Walk, same_two())
        .where(together_with(person_id), *conditions)
        .order_by(Booking.starts_at)
    )
    return [
        _chat(booking, *((peer_name, peer_zone) if booking.member_id == person_id else (member_name, member_zone)))
        for booking, member_name, member_zone, peer_name, peer_zone in rows
    ]


def _chat(booking: Booking, other_name: str, other_zone: str) -> Chat:
    return Chat(
        booking.id,
        booking.walk_id,
        booking.starts_at,
        booking.ends_at,
        booking.format,
        booking.state,
        other_name,
        other_zone,
    )
