"""A canary in each field that not everybody may see: a word found nowhere else, and who may read it."""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from flask import Flask
from sqlalchemy import select, update

from portal.db import read, transaction
from portal.domain.account import STAFF
from portal.domain.matching.walk import TOGETHER, State
from portal.models import (
    Apart,
    BusyCalendar,
    Keepsake,
    MeetingPlace,
    MemberProfile,
    PeerProfile,
    Person,
    PersonRole,
    Reflection,
    SafeContact,
    Suggestion,
    ThreadLine,
    Walk,
    WalkStep,
)
from tests.web.access_policy import Visitor

BOTH_KNOW = TOGETHER
ON_CARDS = (State.SHORTLISTED, State.OFFERING, State.CHOSEN, State.HELD, State.INVITED)
WORD = re.compile(r"zq[a-z]+\d+z|[A-J]{4} [A-J]{4}")


@dataclass(frozen=True)
class Canary:
    """A word in one person's field, and who may read it on a page that is only opened."""

    word: str
    field: str
    owner: int
    readers: frozenset[int]


def hide(app: Flask, people: dict[Visitor, int], now: datetime) -> list[Canary]:
    """Write a canary into each of these fields of everybody; returns them with their readers."""
    with app.app_context():
        staff = frozenset(read().scalars(select(PersonRole.person_id).where(PersonRole.role.in_(STAFF))))
        # Half a coordinator is none, and who has not agreed or is suspended sees nothing of anybody.
        staff -= {people[Visitor.HALF_COORDINATOR], people[Visitor.WITHOUT_CONSENT], people[Visitor.SUSPENDED]}
        others, chosen_from = _relations()
        return [
            *_of_people(staff, others, chosen_from, _walked(State.ENDED), _walked(State.SOMEONE_ELSE)),
            *_of_profiles(staff, others, chosen_from),
            *_of_walks(staff),
            *_safe_contact(people, now),
        ]


def _relations() -> tuple[dict[int, frozenset[int]], dict[int, frozenset[int]]]:
    """Return who walks with whom after both yeses, and the members on whose cards a peer stands."""
    others: dict[int, set[int]] = defaultdict(set)
    for walk in read().scalars(select(Walk).where(Walk.open, Walk.state.in_(BOTH_KNOW))):
        assert walk.peer_id is not None
        others[walk.member_id].add(walk.peer_id)
        others[walk.peer_id].add(walk.member_id)
    cards: dict[int, set[int]] = defaultdict(set)
    offered = (
        select(Suggestion.peer_id, Walk.member_id)
        .join(Walk)
        .where(Walk.open, Walk.state.in_(ON_CARDS), Suggestion.closed_at.is_(None))
    )
    for peer_id, member_id in read().execute(offered):
        cards[peer_id].add(member_id)
    frozen = [
        defaultdict(frozenset, {key: frozenset(found) for key, found in each.items()}) for each in (others, cards)
    ]
    return frozen[0], frozen[1]


def _walked(over: State) -> dict[int, set[int]]:
    """Return whose walk with whom is over; walked to its end they keep the name, and what was written for both."""
    walked: dict[int, set[int]] = defaultdict(set)
    for walk in read().scalars(select(Walk).where(Walk.state == over, Walk.peer_id.is_not(None))):
        assert walk.peer_id is not None
        walked[walk.member_id].add(walk.peer_id)
        walked[walk.peer_id].add(walk.member_id)
    return walked


def _of_people(
    staff: frozenset[int],
    others: dict[int, frozenset[int]],
    cards: dict[int, frozenset[int]],
    walked: dict[int, set[int]],
    parted: dict[int, set[int]],
) -> list[Canary]:
    found = []
    with transaction() as session:
        team = set(session.scalars(select(PersonRole.person_id).where(PersonRole.role.in_(STAFF))))
        for person in session.scalars(select(Person)):
            own, two = frozenset({person.id}), others[person.id]
            person.email = f"zqmail{person.id}z@example.org"
            person.reach = f"zqreach{person.id}z"
            person.name = f"zqfirst{person.id}z zqlast{person.id}z"
            person.totp_key = _totp_key(person.id) if person.id in team else None
            found.append(Canary(f"zqmail{person.id}z", "e-mail address", person.id, own))
            found.append(Canary(f"zqreach{person.id}z", "how to reach them", person.id, own | two))
            if person.totp_key is not None:
                found.append(Canary(f"{person.totp_key[:4]} {person.totp_key[4:8]}", "app key", person.id, own))
            if person.id not in team:  # coordinators sign what they do with their names
                known = own | two | staff | walked[person.id]
                found.append(Canary(f"zqlast{person.id}z", "surname", person.id, known))
                known |= cards[person.id] | parted[person.id]
                found.append(Canary(f"zqfirst{person.id}z", "first name", person.id, known))
    return found


def _totp_key(person_id: int) -> str:
    """Return a key that an app would take, shown in fours: letters only, other ones for each person."""
    return "".join("ABCDEFGHIJ"[int(digit)] for digit in f"{person_id:08}") + "ZQZQ" * 6


def _of_profiles(
    staff: frozenset[int], others: dict[int, frozenset[int]], cards: dict[int, frozenset[int]]
) -> list[Canary]:
    found = []
    with transaction() as session:
        for peer in session.scalars(select(PeerProfile)):
            peer.story = f"zqstory{peer.person_id}z"
            readers = frozenset({peer.person_id}) | staff | others[peer.person_id] | cards[peer.person_id]
            found.append(Canary(peer.story, "story", peer.person_id, readers))
        for member in session.scalars(select(MemberProfile)):
            member.own_words, member.access_needs = f"zqwords{member.person_id}z", f"zqneeds{member.person_id}z"
            # A coordinator opens these by a tap of their own, which is written down: never by looking at a page.
            own = frozenset({member.person_id})
            found.append(Canary(member.own_words, "own words", member.person_id, own))
            found.append(Canary(member.access_needs, "access needs", member.person_id, own))
        for calendar in session.scalars(select(BusyCalendar)):
            # The name is the peer's own to see; the address, which is a key, is never shown again to anybody.
            calendar.name, key = f"zqcalendar{calendar.id}z", f"zqkey{calendar.id}z"
            calendar.address = f"https://calendar.example.org/{key}.ics" if calendar.address is not None else None
            found.append(Canary(calendar.name, "calendar", calendar.peer_id, frozenset({calendar.peer_id})))
            found.append(Canary(key, "calendar address", calendar.peer_id, frozenset()))
        for place in session.scalars(select(MeetingPlace)):
            place.name, place.address = f"zqplace{place.id}z", f"zqwhere{place.id}z"
            readers = frozenset({place.peer_id}) | others[place.peer_id]
            found += [Canary(word, "place", place.peer_id, readers) for word in (place.name, place.address)]
        for apart in session.scalars(select(Apart)):
            apart.email = f"zqapart{apart.id}z@example.org"
            found.append(Canary(f"zqapart{apart.id}z", "kept apart", apart.person_id, frozenset({apart.person_id})))
    return found


def _of_walks(staff: frozenset[int]) -> list[Canary]:
    found = []
    with transaction() as session:
        for walk in session.scalars(select(Walk)):
            word = f"zqreason{walk.id}z"
            session.execute(update(WalkStep).where(WalkStep.walk_id == walk.id).values(reason=word))
            found.append(Canary(word, "reason", walk.member_id, staff | {walk.member_id}))
        for line, walk in session.execute(select(ThreadLine, Walk).join(Walk, Walk.id == ThreadLine.walk_id)):
            line.words = f"zqline{line.id}z"
            two = frozenset({walk.member_id, walk.peer_id or 0})
            found.append(Canary(line.words, "line of a thread", line.writer_id, two))
        for said in session.scalars(select(Reflection)):
            said.words = f"zqsaid{said.id}z"
            found.append(Canary(said.words, "how it was", said.person_id, staff | {said.person_id}))
        for kept, walk in session.execute(select(Keepsake, Walk).join(Walk, Walk.id == Keepsake.walk_id)):
            kept.words = f"zqkept{walk.id * 100_000 + kept.person_id}z"
            two = frozenset({walk.member_id, walk.peer_id or 0})
            found.append(Canary(kept.words, "keepsake", kept.person_id, two))
    return found


def _safe_contact(people: dict[Visitor, int], now: datetime) -> list[Canary]:
    found = []
    with transaction() as session:
        for person_id in sorted({people[Visitor.MEMBER], people[Visitor.MATCHED_PEER]}):
            word = f"zqsafe{person_id}z"
            session.merge(
                SafeContact(
                    person_id=person_id, hours=word, name_to_use=f"{word}n", subject_words=f"{word}s", updated_at=now
                )
            )
            found.append(Canary(word, "safe contact", person_id, frozenset({person_id})))
    return found
