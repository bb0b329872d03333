"""A coordinator's decisions and a peer's answer, on both databases: one at a time, never over a newer one."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text, update

from portal.db import db, read, transaction
from portal.domain.account import PeerState, Purpose, Role
from portal.domain.errors import BadInput, NoRoom, NotAllowed, NotFound, Stale
from portal.domain.experience import Readiness, Stage
from portal.domain.matching.walk import State
from portal.domain.notice import Kind
from portal.models import Apart, AuditEntry, Consent, PeerProfile, PeerTopic, Person, Suggestion, Walk
from portal.queries import matching as queries
from portal.services import matching
from portal.services.account import give_consents, keep_apart, withdraw_consent
from portal.services.matching.seats import took_seat
from tests.matching_cast import (
    Hill,
    add_asker,
    add_hill,
    add_peer,
    asked,
    both_yes,
    chosen,
    invited,
    owed,
    ranks,
    seats,
    steps_of,
    walk_row,
)
from tests.services.outbox import add_person

HOURS_48 = timedelta(hours=48)
Verb = Callable[[Hill, int, int, int | None, datetime], object]

COORDINATORS: dict[str, Verb] = {
    "approve": lambda hill, walk, who, seen, now: matching.approve(walk, who, None, revision=seen, key="", now=now),
    "hold": lambda hill, walk, who, seen, now: matching.hold(walk, who, "A day more.", revision=seen, key="", now=now),
    "swap": lambda hill, walk, who, seen, now: matching.swap(
        walk, who, hill.peers[0], hill.peers[1], "Cleo is nearer.", revision=seen, key="", now=now
    ),
}
PEERS: dict[str, Verb] = {
    "yes": lambda hill, walk, who, seen, now: matching.say_yes(walk, who, revision=seen, key="", now=now),
    "not now": lambda hill, walk, who, seen, now: matching.not_now(walk, who, revision=seen, key="", now=now),
}


@pytest.fixture
def hill(inside: Flask, now: datetime) -> Hill:
    return add_hill(now)


def test_one_tap_asks_the_peer_the_member_put_first(hill: Hill, now: datetime) -> None:
    ben, cleo, _dov = hill.peers
    walk_id = invited(hill, now, [cleo, ben])
    walk = walk_row(walk_id)
    assert (walk.state, walk.peer_id, walk.coordinator_id) == (State.INVITED, cleo, hill.coordinator)
    assert (walk.answer_by, walk.choice_approved) == (now + HOURS_48, True)
    assert seats() == [(walk_id, cleo, 3)]
    assert owed(walk_id) == [(Kind.ASKED_PEER, cleo), (Kind.CHOICE_APPROVED, hill.member)]
    deed = read().scalar(select(AuditEntry).where(AuditEntry.verb == "walk approve"))
    assert deed is not None
    assert (deed.actor_id, deed.subject_id) == (hill.coordinator, walk_id)


def test_choosing_with_the_member_the_coordinator_picks_and_the_others_follow(hill: Hill, now: datetime) -> None:
    ben, cleo, dov = hill.peers
    walk_id = asked(hill, now)
    matching.choose_with_me(walk_id, hill.member, revision=None, key="", now=now)
    matching.approve(walk_id, hill.coordinator, cleo, revision=2, key="", now=now)
    assert walk_row(walk_id).peer_id == cleo
    assert ranks(walk_id) == [(ben, 2), (cleo, 1), (dov, 3)]


def test_a_peer_the_member_left_out_is_not_approved_for_her(hill: Hill, now: datetime) -> None:
    walk_id = chosen(hill, now, [hill.peers[0]])
    with pytest.raises(BadInput) as refused:
        matching.approve(walk_id, hill.coordinator, hill.peers[1], revision=None, key="", now=now)
    assert refused.value.field == "peer"


def test_a_peer_who_rests_by_now_is_not_asked(hill: Hill, now: datetime) -> None:
    walk_id = chosen(hill, now)
    with transaction() as session:
        session.execute(update(PeerProfile).where(PeerProfile.person_id == hill.peers[0]).values(resting_since=now))
    with pytest.raises(NoRoom):
        matching.approve(walk_id, hill.coordinator, None, revision=None, key="", now=now)
    assert (walk_row(walk_id).state, seats()) == (State.CHOSEN, [])


def test_the_last_room_is_given_once(inside: Flask, now: datetime) -> None:
    coordinator = add_person("Alice", now, Role.COORDINATOR)
    ben = add_peer(now, "Ben", capacity_halves=5)
    walks = []
    for name in ("Ana", "Ida"):
        member = add_asker(now, name)
        walk_id = matching.ask(member, key="", now=now)
        walks.append(matching.rank(walk_id, member, [ben], revision=None, key="", now=now))
    matching.approve(walks[0], coordinator, None, revision=None, key="", now=now)
    with pytest.raises(NoRoom):
        matching.approve(walks[1], coordinator, None, revision=None, key="", now=now)
    assert seats() == [(walks[0], ben, 3)]


def test_it_is_the_database_that_refuses_the_seat_too_many_and_the_verb_goes_on(hill: Hill, now: datetime) -> None:
    walk_id = chosen(hill, now)
    with transaction() as session:
        session.execute(update(PeerProfile).where(PeerProfile.person_id == hill.peers[0]).values(capacity_halves=2))
        walk = session.get_one(Walk, walk_id)
        assert took_seat(session, walk, hill.peers[0]) is False
        assert took_seat(session, walk, hill.peers[1]) is True
    assert seats() == [(walk_id, hill.peers[1], 3)]


def test_a_hold_tells_the_member_why_in_words_the_database_cannot_read(hill: Hill, now: datetime) -> None:
    walk_id = chosen(hill, now)
    matching.hold(walk_id, hill.coordinator, "  Ben moves house this week. ", revision=2, key="", now=now)
    view = queries.walk_for(hill.member, walk_id)
    assert view is not None
    assert (view.state, view.reason) == (State.HELD, "Ben moves house this week.")
    assert owed(walk_id) == [(Kind.WALK_HELD, hill.member)]
    stored = db.session.execute(text("SELECT reason FROM walk_step ORDER BY id DESC LIMIT 1")).scalar_one()
    assert "house" not in stored


def test_a_released_hold_can_be_approved_again(hill: Hill, now: datetime) -> None:
    walk_id = chosen(hill, now)
    matching.hold(walk_id, hill.coordinator, "A day more.", revision=None, key="", now=now)
    matching.release(walk_id, hill.coordinator, "", revision=None, key="", now=now)
    assert owed(walk_id) == []
    matching.approve(walk_id, hill.coordinator, None, revision=None, key="", now=now)
    assert steps_of(walk_id) == ["shortlist", "rank", "hold", "release", "approve"]


def test_holding_a_question_takes_it_back_from_the_peer(hill: Hill, now: datetime) -> None:
    walk_id = invited(hill, now)
    matching.hold(walk_id, hill.coordinator, "A day more.", revision=None, key="", now=now)
    walk = walk_row(walk_id)
    assert (walk.peer_id, walk.answer_by, walk.choice_approved, seats()) == (None, None, False, [])
    assert queries.asked_of(hill.peers[0], now) == ()
    assert owed(walk_id) == [(Kind.WALK_HELD, hill.member)]


@pytest.mark.parametrize("words", ["", "   ", "a" * 501])
def test_a_reason_is_needed_and_short(hill: Hill, now: datetime, words: str) -> None:
    walk_id = chosen(hill, now)
    with pytest.raises(BadInput) as refused:
        matching.hold(walk_id, hill.coordinator, words, revision=None, key="", now=now)
    assert refused.value.field == "reason"


def test_a_swap_offers_somebody_else_and_the_member_chooses_again(hill: Hill, now: datetime) -> None:
    ben, cleo, dov = hill.peers
    eve = add_peer(now, "Eve", stage=Stage.FINDING, readiness=Readiness.LISTEN)
    walk_id = chosen(hill, now)
    matching.swap(walk_id, hill.coordinator, ben, eve, "Ben is away.", revision=2, key="", now=now)
    assert walk_row(walk_id).state == State.SHORTLISTED
    assert ranks(walk_id) == [(eve, None), (cleo, None), (dov, None)]
    view = queries.walk_for(hill.member, walk_id)
    assert view is not None
    assert view.reason == "Ben is away."
    assert owed(walk_id) == [(Kind.SWAPPED, hill.member)]


def test_a_swap_needs_somebody_who_fits(hill: Hill, now: datetime) -> None:
    walk_id = chosen(hill, now)
    elsewhere = add_peer(now, "Elsewhere", topics=["debt"])
    with pytest.raises(NoRoom):
        matching.swap(walk_id, hill.coordinator, hill.peers[0], elsewhere, "Why.", revision=None, key="", now=now)
    with pytest.raises(BadInput):
        matching.swap(walk_id, hill.coordinator, elsewhere, hill.peers[0], "Why.", revision=None, key="", now=now)
    with pytest.raises(BadInput):
        matching.swap(walk_id, hill.coordinator, hill.peers[0], hill.peers[0], "Why.", revision=None, key="", now=now)
    assert walk_row(walk_id).state == State.CHOSEN


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


def test_not_now_asks_the_next_one_and_the_member_is_told_one_line(hill: Hill, now: datetime) -> None:
    ben, cleo, _dov = hill.peers
    walk_id = invited(hill, now)
    later = now + timedelta(hours=5)
    matching.not_now(walk_id, ben, revision=3, key="", now=later)
    walk = walk_row(walk_id)
    assert (walk.state, walk.peer_id, walk.answer_by) == (State.INVITED, cleo, later + HOURS_48)
    assert seats() == [(walk_id, cleo, 3)]
    assert owed(walk_id) == [(Kind.ASKED_PEER, cleo), (Kind.NEXT_ASKED, hill.member)]
    view = queries.walk_for(hill.member, walk_id)
    assert view is not None
    assert view.line == "We are asking the next person now. There is nothing for you to do."
    assert queries.walk_for(ben, walk_id) is None


def test_the_next_one_who_has_no_room_is_passed_over(hill: Hill, now: datetime) -> None:
    ben, cleo, dov = hill.peers
    walk_id = invited(hill, now)
    with transaction() as session:
        session.execute(update(PeerProfile).where(PeerProfile.person_id == cleo).values(capacity_halves=2))
    matching.not_now(walk_id, ben, revision=None, key="", now=now)
    assert walk_row(walk_id).peer_id == dov


def test_when_nobody_is_left_the_portal_looks_again_and_keeps_the_place(hill: Hill, now: datetime) -> None:
    ben, cleo, dov = hill.peers
    walk_id = invited(hill, now, [ben])
    matching.not_now(walk_id, ben, revision=None, key="", now=now)
    assert steps_of(walk_id)[-3:] == ["not_now", "none_left", "shortlist"]
    assert ranks(walk_id) == [(cleo, None), (dov, None)]
    assert owed(walk_id) == [(Kind.SHORTLIST_READY, hill.member)]
    assert walk_row(walk_id).asked_at == now


def test_with_nobody_else_at_all_the_walk_waits_and_the_peer_comes_back_after_two_weeks(
    inside: Flask, now: datetime
) -> None:
    hill = Hill(add_asker(now), (add_peer(now, "Ben"), 0, 0), add_person("Alice", now, Role.COORDINATOR))
    walk_id = invited(hill, now, [hill.peers[0]])
    matching.not_now(walk_id, hill.peers[0], revision=None, key="", now=now)
    view = queries.walk_for(hill.member, walk_id)
    assert view is not None
    assert view.line.startswith("It takes longer than we said. Nobody who fits is free yet.")
    assert (view.state, seats(), owed(walk_id)) == (State.ASKED, [], [])
    assert matching.make_shortlists(now=now + timedelta(days=13)) == 0
    with transaction() as session:
        session.execute(update(PeerProfile).values(ready_at=now + timedelta(days=14)))
    assert matching.make_shortlists(now=now + timedelta(days=14)) == 1


def test_silence_of_48_hours_asks_the_next_one(hill: Hill, now: datetime) -> None:
    walk_id = invited(hill, now)
    assert matching.lapse_due(now=now + HOURS_48 - timedelta(seconds=1)) == 0
    assert matching.lapse_due(now=now + HOURS_48) == 1
    assert matching.lapse_due(now=now + HOURS_48) == 0
    assert walk_row(walk_id).peer_id == hill.peers[1]
    assert steps_of(walk_id)[-2:] == ["lapse", "ask_next"]


@pytest.mark.parametrize("verb", list(PEERS))
def test_a_peer_whose_time_has_passed_is_told_so(hill: Hill, now: datetime, verb: str) -> None:
    walk_id = invited(hill, now)
    matching.lapse_due(now=now + HOURS_48)
    with pytest.raises(Stale):
        PEERS[verb](hill, walk_id, hill.peers[0], None, now + HOURS_48)
    assert walk_row(walk_id).state == State.INVITED


@pytest.mark.parametrize("verb", list(PEERS))
def test_a_peer_who_was_not_asked_learns_nothing(hill: Hill, now: datetime, verb: str) -> None:
    walk_id = invited(hill, now)
    for stranger in (hill.peers[1], hill.member, add_person("Eve", now)):
        with pytest.raises(NotFound):
            PEERS[verb](hill, walk_id, stranger, None, now)
    assert walk_row(walk_id).state == State.INVITED


@pytest.mark.parametrize("verb", list(COORDINATORS))
def test_only_a_coordinator_decides(hill: Hill, now: datetime, verb: str) -> None:
    walk_id = chosen(hill, now)
    for other in (hill.member, hill.peers[0]):
        with pytest.raises(NotAllowed):
            COORDINATORS[verb](hill, walk_id, other, None, now)
    with pytest.raises(NotFound):
        COORDINATORS[verb](hill, walk_id + 99, hill.coordinator, None, now)


@pytest.mark.parametrize("verb", list(COORDINATORS))
def test_a_coordinators_stale_screen_is_told(hill: Hill, now: datetime, verb: str) -> None:
    walk_id = chosen(hill, now)
    before = (steps_of(walk_id), ranks(walk_id))
    with pytest.raises(Stale):
        COORDINATORS[verb](hill, walk_id, hill.coordinator, 1, now)
    assert (steps_of(walk_id), ranks(walk_id)) == before


@pytest.mark.parametrize("verb", list(PEERS))
def test_a_peers_stale_screen_is_told(hill: Hill, now: datetime, verb: str) -> None:
    walk_id = invited(hill, now)
    with pytest.raises(Stale):
        PEERS[verb](hill, walk_id, hill.peers[0], 2, now)


def test_approving_twice_by_the_same_form_asks_once(hill: Hill, now: datetime) -> None:
    walk_id = chosen(hill, now)
    for _tap in range(2):
        matching.approve(walk_id, hill.coordinator, None, revision=2, key="k", now=now)
    assert steps_of(walk_id) == ["shortlist", "rank", "approve"]


def test_a_topic_the_peer_no_longer_wants_to_talk_of_stops_the_asking(hill: Hill, now: datetime) -> None:
    walk_id = chosen(hill, now)
    with transaction() as session:
        session.execute(
            update(PeerTopic).where(PeerTopic.person_id == hill.peers[0]).values(readiness=Readiness.NOT_NOW)
        )
    with pytest.raises(NoRoom):
        matching.approve(walk_id, hill.coordinator, None, revision=None, key="", now=now)


def test_a_coordinators_look_is_kept(hill: Hill, now: datetime) -> None:
    walk_id = chosen(hill, now)
    matching.looked_at(walk_id, hill.coordinator, now=now)
    deed = read().scalar(select(AuditEntry).where(AuditEntry.verb == "read"))
    assert deed is not None
    assert (deed.subject, deed.subject_id, deed.actor_id) == ("member_profile", hill.member, hill.coordinator)


def test_what_was_suggested_stays_to_be_read(hill: Hill, now: datetime) -> None:
    walk_id = invited(hill, now)
    matching.not_now(walk_id, hill.peers[0], revision=None, key="", now=now)
    row = read().scalar(select(Suggestion).where(Suggestion.peer_id == hill.peers[0]))
    assert row is not None
    assert (row.asked_at, row.closed_at, row.rank) == (now, now, 1)
