"""A site where thousands wait: a made-up community with its walks, suggestions, letters and sign-ins, as rows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import Text, column, func, insert, select, table
from sqlalchemy.orm import Session

from bench.community import Community
from bench.rows import write
from portal.domain.account import Purpose, Role
from portal.domain.booking import BookingState
from portal.domain.experience import Format
from portal.domain.matching.explain import suggest
from portal.domain.matching.score import DEFAULT_WEIGHTS
from portal.domain.matching.shortlist import NO_OPENINGS
from portal.domain.matching.stored import to_json
from portal.domain.matching.walk import State, Step
from portal.models import AuditEntry, Base, Booking, Consent, Person, PersonRole, SignIn, Suggestion, Walk, WalkStep
from portal.models.types import EncryptedJson, keyring

Row = dict[str, Any]
STATES = {
    State.ASKED: 15,
    State.SHORTLISTED: 45,
    State.OFFERING: 8,
    State.CHOSEN: 20,
    State.HELD: 2,
    State.INVITED: 6,
    State.BOTH_YES: 4,
}
CARDS = 3
# The longest wait promised is 14 days; one in nine has waited longer.
LONGEST_WAIT = timedelta(days=16)
# Pairs that are looked at in full; the others keep a copy of what was found about one of these.
LOOKED_AT = 300
NOTED = 0.4
QUIET = 0.05
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Cast:
    """Who looks at the pages: a member with a chat ahead on a walk, one who may book a first chat, a coordinator."""

    walker: int
    chat_walk: int
    booker: int
    walk: int
    coordinator: int


def write_waiting(session: Session, told: Community, more: int, now: datetime, seed: int = 7) -> Cast:
    """Add a community and so many members more, all but two members waiting, and say who looks at the pages."""
    # Where the two live who look at pages is left out: a town would have to be one of those delivered.
    at_home = tuple(replace(member, place=None) for member in told.members[:2])
    write(session, replace(told, members=(*at_home, *told.members[2:])))
    random = Random(seed)
    first = (session.scalar(select(func.max(Walk.id))) or 0) + 1
    after = told.peers[-1].id + 1
    members = [*(member.id for member in told.members), *range(after, after + more)]
    session.execute(insert(Person), [_person(number, now) for number in members[len(told.members) :]])
    peers = [peer.id for peer in told.peers if told.weekly[peer.id]]
    walks = [_walk(random, first + place, member, peers, now) for place, member in enumerate(members)]
    walker, booker = walks[:2]
    for two, state, peer_id in ((walker, State.FIRST_COFFEE, peers[0]), (booker, State.BOTH_YES, peers[1])):
        two.update(state=state, peer_id=peer_id, asked_at=now - 4 * DAY, since=now - DAY)
    _insert(session, Walk, walks)
    _insert_sealed(session, _suggestions(random, told, walks))
    _insert(session, WalkStep, [step for walk in walks for step in _steps(walk)])
    _insert(session, AuditEntry, [entry for walk in walks for entry in _record(random, walk, now)])
    _insert(session, SignIn, [_sign_in(random, walk, now) for walk in walks])
    session.execute(
        insert(PersonRole), [{"person_id": member, "role": Role.MEMBER, "since": now} for member in members]
    )
    session.execute(insert(PersonRole), [{"person_id": peer, "role": Role.PEER, "since": now} for peer in peers])
    coordinator = Person(email="coordinator@example.org", name="Alice", zone="America/New_York", created_at=now)
    session.add(coordinator)
    session.flush()
    session.add(PersonRole(person_id=coordinator.id, role=Role.COORDINATOR, since=now))
    session.add_all(
        Consent(person_id=coordinator.id, purpose=purpose, wording=1, given_at=now)
        for purpose in (Purpose.TERMS, Purpose.MATCHING)
    )
    session.add(_chat(walker, now))
    return Cast(walker["member_id"], walker["id"], booker["member_id"], booker["id"], coordinator.id)


def _insert(session: Session, kind: type[Base], rows: Sequence[Row]) -> None:
    session.execute(insert(kind), rows)


def _insert_sealed(session: Session, rows: Sequence[Row]) -> None:
    """Write suggestions whose reasons are sealed already: thousands keep one of a few texts."""
    columns = [column(each.name, Text() if each.name == "why" else each.type) for each in Suggestion.__table__.columns]
    given = [each for each in columns if each.name in rows[0]]
    session.execute(insert(table(Suggestion.__tablename__, *given)), rows)


def _person(number: int, now: datetime) -> Row:
    return {
        "id": number,
        "email": f"person{number}@example.org",
        "name": f"Person {number}",
        "zone": "America/New_York",
        "created_at": now,
    }


def _walk(random: Random, walk_id: int, member_id: int, peers: Sequence[int], now: datetime) -> Row:
    [state] = random.choices(list(STATES), weights=list(STATES.values()))
    asked_at = now - random.random() * LONGEST_WAIT
    return {
        "id": walk_id,
        "member_id": member_id,
        "peer_id": random.choice(peers) if state in (State.INVITED, State.BOTH_YES) else None,
        "state": state,
        "open": True,
        "revision": 2,
        "asked_at": asked_at,
        "since": asked_at + random.random() * (now - asked_at),
    }


def _suggestions(random: Random, told: Community, walks: Sequence[Row]) -> list[Row]:
    looked_at = zip(random.choices(told.members, k=LOOKED_AT), random.choices(told.peers, k=LOOKED_AT), strict=True)
    whys = [to_json(suggest(member, peer, NO_OPENINGS, DEFAULT_WEIGHTS, told.now)) for member, peer in looked_at]
    found = [keyring.seal(EncryptedJson("").to_bytes(why), "suggestion.why") for why in whys]
    peers = [peer.id for peer in told.peers]
    return [
        {
            "walk_id": walk["id"],
            "peer_id": peer_id,
            "position": position,
            "rank": position if walk["state"] is not State.SHORTLISTED else None,
            "why": random.choice(found),
            "weights_version": 1,
            "made_at": walk["asked_at"],
            "offered_at": walk["since"] if walk["state"] is State.OFFERING and position == 1 else None,
        }
        for walk in walks
        if walk["state"] is not State.ASKED
        for position, peer_id in enumerate(random.sample(peers, CARDS), start=1)
    ]


def _steps(walk: Row) -> list[Row]:
    taken = [(Step.SHORTLIST, State.ASKED, State.SHORTLISTED, walk["asked_at"])]
    if walk["state"] in (State.BOTH_YES, State.FIRST_COFFEE):
        taken.append((Step.YES, State.INVITED, State.BOTH_YES, walk["since"]))
    return [
        {"walk_id": walk["id"], "step": step, "was": was, "became": became, "actor_id": None, "peer_id": None,
         "reason": "", "at": at}
        for step, was, became, at in taken
    ]  # fmt: skip


def _record(random: Random, walk: Row, now: datetime) -> list[Row]:
    """That somebody asked, and to some of those who wait for long that a coordinator wrote."""
    said = [("walk ask", walk["asked_at"])]
    if random.random() < NOTED:
        said.append(("wrote", walk["asked_at"] + random.random() * (now - walk["asked_at"])))
    return [
        {"at": at, "actor_id": walk["member_id"], "verb": verb, "subject": "walk", "subject_id": walk["id"]}
        for verb, at in said
    ]


def _sign_in(random: Random, walk: Row, now: datetime) -> Row:
    seen_at = now - (15 * DAY if random.random() < QUIET else random.random() * 10 * DAY)
    return {
        "person_id": walk["member_id"],
        "token_hash": f"{walk['id']:064x}",
        "started_at": seen_at,
        "seen_at": seen_at,
    }


def _chat(walk: Row, now: datetime) -> Booking:
    starts_at = (now + 2 * DAY).replace(minute=0, second=0, microsecond=0)
    return Booking(
        walk_id=walk["id"],
        member_id=walk["member_id"],
        peer_id=walk["peer_id"],
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=30),
        format=Format.PHONE,
        place="",
        state=BookingState.BOOKED,
        booked_by=walk["member_id"],
        created_at=now,
    )
