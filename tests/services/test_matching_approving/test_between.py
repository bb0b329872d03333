"""Both yeses, and what may come between two people before them; on both databases."""

from collections.abc import Callable
from datetime import datetime

import pytest

from portal.db import read, transaction
from portal.domain.account import PeerState, Purpose
from portal.domain.errors import NoRoom, Stale
from portal.domain.matching.walk import State
from portal.domain.notice import Kind
from portal.models import Apart, Consent, PeerProfile, Person
from portal.queries import matching as queries
from portal.services import matching
from portal.services.account import give_consents, keep_apart, withdraw_consent
from tests.matching_cast import (
    Hill,
    both_yes,
    chosen,
    invited,
    owed,
    seats,
    steps_of,
    walk_row,
)


def test_both_yeses_free_the_way_and_tell_both(hill: Hill, now: datetime) -> None:
    walk_id = both_yes(hill, now)
    walk = walk_row(walk_id)
    assert (walk.state, walk.answer_by) == (State.BOTH_YES, None)
    assert owed(walk_id) == [(Kind.BOTH_YES, hill.member), (Kind.BOTH_YES, hill.peers[0])]
    assert read().get_one(PeerProfile, hill.peers[0]).last_matched_at == now


def _member_apart(hill: Hill, now: datetime) -> None:
    _put_apart(hill.member, hill.peers[0], now)


def _peer_apart(hill: Hill, now: datetime) -> None:
    _put_apart(hill.peers[0], hill.member, now)


def _put_apart(person_id: int, other_id: int, now: datetime) -> None:
    with transaction() as session:
        session.get_one(Person, other_id).email = "other@example.org"
        session.add(Apart(person_id=person_id, email="other@example.org", at=now))


def _agreed_and_took_back(person_id: int, now: datetime) -> None:
    with transaction() as session:
        session.add(Consent(person_id=person_id, purpose=Purpose.MATCHING, wording=1, given_at=now, withdrawn_at=now))


def _suspended(person_id: int, now: datetime) -> None:
    with transaction() as session:
        session.get_one(Person, person_id).suspended_at = now


def _paused(hill: Hill, _now: datetime) -> None:
    with transaction() as session:
        session.get_one(PeerProfile, hill.peers[0]).state = PeerState.PAUSED


CAME_BETWEEN: dict[str, Callable[[Hill, datetime], None]] = {
    "the member keeps apart": _member_apart,
    "the peer keeps apart": _peer_apart,
    "the member took consent back": lambda hill, now: _agreed_and_took_back(hill.member, now),
    "the peer took consent back": lambda hill, now: _agreed_and_took_back(hill.peers[0], now),
    "the member is suspended": lambda hill, now: _suspended(hill.member, now),
    "the peer is suspended": lambda hill, now: _suspended(hill.peers[0], now),
    "the peer is paused": _paused,
}


@pytest.mark.parametrize("between", list(CAME_BETWEEN))
def test_a_yes_reveals_nobody_where_something_came_between_and_the_walk_moves_on(
    hill: Hill, now: datetime, between: str
) -> None:
    ben, cleo, _dov = hill.peers
    walk_id = invited(hill, now)
    CAME_BETWEEN[between](hill, now)
    for _tap in range(2):
        with pytest.raises(Stale) as told:
            matching.say_yes(walk_id, ben, revision=None, key="", now=now)
    assert told.value.sentence.startswith("This has moved on")
    assert (queries.revealed(walk_id, ben), queries.revealed(walk_id, hill.member)) == (None, None)
    walk = walk_row(walk_id)
    by_the_peer = "member took" not in between and "member is" not in between
    expected = (State.INVITED, cleo) if by_the_peer else (State.ASKED, None)
    assert ((walk.state, walk.peer_id), len(seats())) == (expected, int(by_the_peer))
    assert "let_go" in steps_of(walk_id)
    assert "yes" not in steps_of(walk_id)


@pytest.mark.parametrize("between", list(CAME_BETWEEN))
def test_nobody_is_asked_or_offered_where_something_came_between(hill: Hill, now: datetime, between: str) -> None:
    walk_id = chosen(hill, now)
    CAME_BETWEEN[between](hill, now)
    with pytest.raises(NoRoom):
        matching.approve(walk_id, hill.coordinator, hill.peers[0], revision=None, key="", now=now)
    assert (queries.asked_of(hill.peers[0], now), seats()) == ((), [])
    if walk_row(walk_id).state is State.CHOSEN:
        with pytest.raises(NoRoom):
            matching.swap(
                walk_id, hill.coordinator, hill.peers[1], hill.peers[0], "Why.", revision=None, key="", now=now
            )


def test_keeping_apart_takes_an_open_question_back_at_once_and_only_that_one(hill: Hill, now: datetime) -> None:
    ben, cleo, _dov = hill.peers
    walk_id = invited(hill, now)
    with transaction() as session:
        session.get_one(Person, ben).email = "ben@example.org"
    keep_apart(hill.member, "cleo-who-is-not-asked@example.org", now=now)
    assert walk_row(walk_id).peer_id == ben
    keep_apart(hill.member, "ben@example.org", now=now)
    walk = walk_row(walk_id)
    assert (walk.state, walk.peer_id, walk.asked_at) == (State.INVITED, cleo, now)
    assert queries.asked_of(ben, now) == ()
    assert owed(walk_id) == [(Kind.ASKED_PEER, cleo), (Kind.NEXT_ASKED, hill.member)]


def test_a_peer_who_keeps_the_asking_member_apart_is_no_longer_asked(hill: Hill, now: datetime) -> None:
    walk_id = invited(hill, now)
    with transaction() as session:
        session.get_one(Person, hill.member).email = "ana@example.org"
    keep_apart(hill.peers[0], "ana@example.org", now=now)
    assert walk_row(walk_id).peer_id == hill.peers[1]


@pytest.mark.parametrize("who", ["member", "peer"])
def test_taking_the_consent_to_matching_back_takes_the_question_back(hill: Hill, now: datetime, who: str) -> None:
    person = {"member": hill.member, "peer": hill.peers[0]}[who]
    give_consents(person, list(Purpose), now=now)
    walk_id = invited(hill, now)
    withdraw_consent(person, Purpose.LETTERS, now=now)
    assert walk_row(walk_id).peer_id == hill.peers[0]
    withdraw_consent(person, Purpose.MATCHING, now=now)
    assert walk_row(walk_id).peer_id == (None if who == "member" else hill.peers[1])
    assert steps_of(walk_id)[3] == "let_go"


@pytest.mark.parametrize("who", ["member", "peer"])
def test_the_clock_takes_the_question_of_somebody_suspended_back(hill: Hill, now: datetime, who: str) -> None:
    person = {"member": hill.member, "peer": hill.peers[0]}[who]
    walk_id = invited(hill, now)
    assert matching.lapse_due(now=now) == 0
    _suspended(person, now)
    assert matching.lapse_due(now=now) == 1
    assert walk_row(walk_id).peer_id == (None if who == "member" else hill.peers[1])


def test_two_who_both_said_yes_are_left_to_part_by_themselves(hill: Hill, now: datetime) -> None:
    walk_id = both_yes(hill, now)
    with transaction() as session:
        session.get_one(Person, hill.peers[0]).email = "ben@example.org"
    keep_apart(hill.member, "ben@example.org", now=now)
    assert walk_row(walk_id).state == State.BOTH_YES
