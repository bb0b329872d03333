"""Two people who have both said yes, with the peer's hours, for the tests of slots and booking."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Select, select

from portal.db import read, transaction
from portal.domain.account import PeerState, Purpose, Role
from portal.domain.matching.walk import State
from portal.domain.notice import Kind, NoticeState
from portal.models import Booking, Hold, MemberProfile, Notice, PeerProfile, Walk, WalkStep, WeeklyHours
from portal.services.account import begin_sign_in, give_consents
from tests.services.outbox import add_person, add_walk

R = TypeVar("R")
NINE_TO_TWELVE = (9 * 60, 12 * 60)
TUESDAY_TEN = datetime(2026, 3, 3, 15, 0, tzinfo=UTC)  # ten in New York, a day after the fixture `now`
# Both live here, so that they can meet for a coffee.
HERE = {"town": 5128581, "lat": 40.7, "lon": -74.0}
TUESDAY_ELEVEN = datetime(2026, 3, 3, 16, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Pair:
    """A walk and its two people."""

    walk_id: int
    member_id: int
    peer_id: int


def add_peer(
    now: datetime,
    name: str = "Maya",
    zone: str = "America/New_York",
    days: Iterable[int] = range(5),
    about: Mapping[str, object] | None = None,
    **wishes: object,
) -> int:
    """Add a peer who is free from nine to twelve on these weekdays, half an hour each, a quarter of rest between."""
    peer_id = add_person(name, now, Role.PEER, zone=zone)
    with transaction() as session:
        told = {"place": HERE, **(about or {})}
        session.add(PeerProfile(person_id=peer_id, state=PeerState.APPROVED, about=told, updated_at=now, **wishes))
        starts, ends = NINE_TO_TWELVE
        session.add_all(WeeklyHours(peer_id=peer_id, weekday=day, starts=starts, ends=ends) for day in days)
    return peer_id


def add_member(now: datetime, name: str = "Ana", zone: str = "Europe/Berlin", **about: object) -> int:
    """Add a member who has told this about themselves."""
    member_id = add_person(name, now, Role.MEMBER, zone=zone)
    with transaction() as session:
        session.add(MemberProfile(person_id=member_id, about={"place": HERE, **about}, updated_at=now))
    return member_id


def add_pair(now: datetime, state: State = State.BOTH_YES, peer_id: int | None = None, name: str = "Ana") -> Pair:
    """Add a walk of a new member with a peer, in this state."""
    member_id = add_member(now, name)
    peer_id = add_peer(now) if peer_id is None else peer_id
    return Pair(add_walk(member_id, peer_id, state, now), member_id, peer_id)


def booking_row(booking_id: int) -> Booking:
    """Return a chat as it stands in the database."""
    return _let_go(select(Booking).where(Booking.id == booking_id))[0]


def hold_rows(booking_id: int) -> list[Hold]:
    """Return what a chat occupies, by person."""
    return _let_go(select(Hold).where(Hold.booking_id == booking_id).order_by(Hold.person_id))


def walk_state(walk_id: int) -> State:
    """Return where a walk stands."""
    return _let_go(select(Walk).where(Walk.id == walk_id))[0].state


def steps_of(walk_id: int) -> list[str]:
    """Return the steps a walk has taken."""
    return [
        str(step.step) for step in _let_go(select(WalkStep).where(WalkStep.walk_id == walk_id).order_by(WalkStep.id))
    ]


def letters_owed(*kinds: Kind) -> list[tuple[Kind, int | None]]:
    """Return (kind, person) of what is still owed, of these kinds."""
    statement = select(Notice).where(Notice.state == NoticeState.DUE, Notice.kind.in_(kinds))
    return [(notice.kind, notice.person_id) for notice in _let_go(statement.order_by(Notice.id))]


def signed_in(app: Flask, person_id: int, now: datetime) -> FlaskClient:
    """Return a browser in which this person, who has agreed to everything, is signed in."""
    with app.app_context():
        give_consents(person_id, list(Purpose), now=now)
        token = begin_sign_in(person_id, now=now)
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
        cookie["_fresh"] = True
    return client


def _let_go(statement: Select[R]) -> list[R]:
    """Return rows free of their session: an open reader would stop the next writer on SQLite."""
    session = read()
    session.rollback()
    found = list(session.scalars(statement))
    session.expunge_all()
    session.rollback()
    return found
