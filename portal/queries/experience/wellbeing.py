"""How a peer is: their room, how chats were for them by their own word, a talk they wait for, readiness to be asked."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from portal.db import read
from portal.domain.account import PeerState
from portal.domain.booking import HAS_BEEN, Felt
from portal.domain.matching.filters import READY_FOR
from portal.domain.matching.walk import TOGETHER
from portal.domain.matching.wellbeing import CHANGE_OFFERED_FOR, FELT_ASKED_FOR, LATELY, Strain, offers_rest, strains
from portal.domain.telling import READINESS_OFFERED_AFTER
from portal.models import Booking, ChatFelt, PeerProfile, Person, Seat, TalkWish, Walk

SHOWN_CHATS = 3
ASKED_AT_ONCE = 200
TIMES_ASKED = 3


@dataclass(frozen=True)
class FeltChat:
    """A chat that has been, without the other's name, and how it was for the peer if they said."""

    booking_id: int
    starts_at: datetime
    ends_at: datetime
    felt: Felt | None


@dataclass(frozen=True)
class Wellbeing:
    """How a peer is, for themselves: why a rest might be good, whether to offer it, a talk they wait for."""

    strains: tuple[Strain, ...]
    offers_rest: bool
    talk_at: datetime | None
    capacity: int


def wellbeing_of(peer_id: int, now: datetime) -> Wellbeing | None:
    """Return how an approved peer is; None for anybody else."""
    profile = read().get(PeerProfile, peer_id)
    if profile is None or profile.state is not PeerState.APPROVED:
        return None
    carried, walks = (
        read()
        .execute(
            select(func.coalesce(func.sum(Seat.halves), 0), func.count())
            .join(Walk, Walk.id == Seat.walk_id)
            .where(Seat.peer_id == peer_id, Walk.state.in_(TOGETHER))
        )
        .one()
    )
    felt = [chat.felt for chat in _chats(_with_a_word(peer_id, now)) if chat.felt is not None]
    resting, talk_at = profile.resting_since is not None, _talk_at(peer_id)
    found = strains(profile.capacity_halves, int(carried), walks, felt, resting=resting)
    offered = offers_rest(found, resting=resting, talk_open=talk_at is not None, fine_at=profile.fine_at, now=now)
    return Wellbeing(found, offered, talk_at, profile.capacity_halves)


def last_chats(peer_id: int, now: datetime) -> list[FeltChat]:
    """Return a peer's last chats that have been, the newest first."""
    return _chats(_been(peer_id, now).where(Booking.starts_at > now - LATELY))


def chat_to_feel(peer_id: int, now: datetime) -> FeltChat | None:
    """Return the last chat of these days, when the peer has said nothing about it yet."""
    last = next(iter(last_chats(peer_id, now)), None)
    return last if last is not None and last.felt is None and now - last.ends_at < FELT_ASKED_FOR else None


def chat_just_felt(peer_id: int, now: datetime) -> FeltChat | None:
    """Return the chat about which a peer has said how it was a moment ago."""
    said = (
        select(Booking, ChatFelt.felt)
        .join(ChatFelt, (ChatFelt.booking_id == Booking.id) & (ChatFelt.person_id == Booking.peer_id))
        .where(Booking.peer_id == peer_id, ChatFelt.at > now - CHANGE_OFFERED_FOR)
        .order_by(ChatFelt.at.desc(), Booking.id.desc())
        .limit(1)
    )
    return next(iter(_chats(said)), None)


def felt_of(peer_id: int, booking_id: int) -> Felt | None:
    """Return what a peer said about a chat."""
    row = read().get(ChatFelt, (booking_id, peer_id))
    return row.felt if row is not None else None


def chat_of_peer(booking_id: int, peer_id: int) -> Booking | None:
    """Return a chat of this peer, its row held for the verb that asks."""
    return read().scalar(
        select(Booking)
        .where(Booking.id == booking_id, Booking.peer_id == peer_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )


def open_talk(person_id: int) -> TalkWish | None:
    """Return the talk somebody waits for."""
    return read().scalar(select(TalkWish).where(TalkWish.person_id == person_id, TalkWish.settled_at.is_(None)))


def to_ask_again(now: datetime, after: int) -> list[int]:
    """Return the peers whose word that they are ready grows old: not asked since they gave it, or without an answer.

    Without an answer they are asked again after as long as a word is good for, three times in all. At most
    ASKED_AT_ONCE, from the first id after `after` on.
    """
    old = select(PeerProfile.person_id).where(*_word_grows_old(now), PeerProfile.person_id > after)
    return list(read().scalars(old.order_by(PeerProfile.person_id).limit(ASKED_AT_ONCE)))


def peer_to_ask_again(peer_id: int, now: datetime) -> PeerProfile | None:
    """Return one of them, locked; None where they need not be asked any more, or another verb is at it: next time."""
    one = select(PeerProfile).where(*_word_grows_old(now), PeerProfile.person_id == peer_id)
    held = one.with_for_update(of=PeerProfile, skip_locked=True)
    return read().scalar(held.execution_options(populate_existing=True))


def _word_grows_old(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        PeerProfile.person_id.in_(select(Person.id).where(Person.suspended_at.is_(None))),
        PeerProfile.state == PeerState.APPROVED,
        PeerProfile.resting_since.is_(None),
        PeerProfile.ready_at < now - READINESS_OFFERED_AFTER,
        or_(
            PeerProfile.ready_asked_at.is_(None),
            PeerProfile.ready_asked_at < PeerProfile.ready_at,
            and_(
                PeerProfile.ready_asked_at <= now - READY_FOR,
                PeerProfile.ready_at > now - READINESS_OFFERED_AFTER - TIMES_ASKED * READY_FOR,
            ),
        ),
    )


def _been(peer_id: int, now: datetime) -> Select[Booking, Felt]:
    return (
        select(Booking, ChatFelt.felt)
        .outerjoin(ChatFelt, (ChatFelt.booking_id == Booking.id) & (ChatFelt.person_id == Booking.peer_id))
        .where(Booking.peer_id == peer_id, Booking.state.in_(HAS_BEEN), Booking.ends_at <= now)
        .order_by(Booking.starts_at.desc(), Booking.id.desc())
        .limit(SHOWN_CHATS)
    )


def _with_a_word(peer_id: int, now: datetime) -> Select[Booking, Felt]:
    return _been(peer_id, now).where(Booking.starts_at > now - LATELY, ChatFelt.felt.is_not(None))


def _chats(found: Select[Booking, Felt]) -> list[FeltChat]:
    return [FeltChat(booking.id, booking.starts_at, booking.ends_at, felt) for booking, felt in read().execute(found)]


def _talk_at(peer_id: int) -> datetime | None:
    wish = open_talk(peer_id)
    return wish.at if wish is not None else None
