"""What a peer offers for chats: the lengths, public places they like, and whether they say yes to each chat first."""

from dataclasses import dataclass

from sqlalchemy import bindparam, select

from portal.db import plain
from portal.domain.errors import NotFound
from portal.models import MeetingPlace, PeerProfile


@dataclass(frozen=True)
class Place:
    """A public place a peer likes to meet at."""

    name: str
    address: str

    @property
    def line(self) -> str:
        """The place on one line, as a chat keeps it."""
        return ", ".join(part for part in (self.name, self.address) if part)


@dataclass(frozen=True)
class Terms:
    """A peer's terms: `minutes` is the usual length, `lengths` are all that may be chosen, in order."""

    minutes: int
    lengths: tuple[int, ...]
    places: tuple[Place, ...]
    says_yes_first: bool


_OFFERED = select(PeerProfile.length_minutes, PeerProfile.other_lengths, PeerProfile.says_yes_first).where(
    PeerProfile.person_id == bindparam("peer_id")
)
_PLACES = (
    select(MeetingPlace.name, MeetingPlace.address)
    .where(MeetingPlace.peer_id == bindparam("peer_id"))
    .order_by(MeetingPlace.position, MeetingPlace.id)
)


def terms_of(peer_id: int) -> Terms:
    """Return what a peer offers; NotFound for somebody who is no peer."""
    row = plain().execute(_OFFERED, {"peer_id": peer_id}).one_or_none()
    if row is None:
        raise NotFound
    return Terms(
        row.length_minutes, lengths_of(row.length_minutes, row.other_lengths), places_of(peer_id), row.says_yes_first
    )


def places_of(peer_id: int) -> tuple[Place, ...]:
    """Return the public places a peer likes, in their order."""
    return tuple(Place(name, address) for name, address in plain().execute(_PLACES, {"peer_id": peer_id}))


def lengths_of(usual: int, others: str) -> tuple[int, ...]:
    """Return every length that may be chosen, in minutes and in order, from how a peer's profile keeps them."""
    return tuple(sorted({usual, *(int(minutes) for minutes in others.split(",") if minutes.strip())}))
