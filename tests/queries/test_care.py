"""What coordinators see beside the walks, on both databases; and the rules of what wants their eyes."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from portal.db import transaction
from portal.domain.account import PeerState
from portal.domain.care import AS_CLOSE, DONE_WORDS, QUIET_AFTER, WHY_NOT_WORDS, Concern, concerns, quiet, why_not
from portal.domain.matching.score import Part
from portal.domain.matching.walk import State, Step
from portal.models import PeerProfile, Person
from portal.queries import care, demo, home
from portal.services import matching
from portal.services.account import begin_sign_in, clear_out
from tests.matching_cast import Hill, add_hill, both_yes, chosen, set_walk


@pytest.fixture
def hill(app: Flask, now: datetime) -> Hill:
    with app.app_context():
        return add_hill(now)


def test_peers_stand_with_their_room_who_may_be_asked_first(app: Flask, hill: Hill, now: datetime) -> None:
    with app.app_context():
        both_yes(hill, now)
        with transaction() as session:
            session.get_one(PeerProfile, hill.peers[1]).resting_since = now
        found = [
            (peer.person_id, peer.free, peer.walks, peer.may_be_asked) for peer in care.peers(now, hill.coordinator)
        ]
    ben, cleo, dov = hill.peers
    assert found == [(ben, 3, 1, True), (dov, 6, 0, True), (cleo, 6, 0, False)]


def test_a_full_or_unready_peer_may_not_be_asked(app: Flask, hill: Hill, now: datetime) -> None:
    with app.app_context():
        with transaction() as session:
            session.get_one(PeerProfile, hill.peers[0]).capacity_halves = 2
            session.get_one(PeerProfile, hill.peers[1]).ready_at = now - timedelta(days=15)
            session.get_one(PeerProfile, hill.peers[2]).state = PeerState.PAUSED
        assert [peer.may_be_asked for peer in care.peers(now, hill.coordinator)] == [False, False, False]


def test_who_only_applied_is_no_peer_yet(app: Flask, hill: Hill, now: datetime) -> None:
    with app.app_context():
        with transaction() as session:
            session.get_one(PeerProfile, hill.peers[0]).state = PeerState.APPLIED
        assert hill.peers[0] not in {peer.person_id for peer in care.peers(now, hill.coordinator)}


def test_a_member_is_quiet_after_two_weeks_and_only_while_the_walk_is_open(
    app: Flask, hill: Hill, now: datetime
) -> None:
    with app.app_context():
        walk_id = chosen(hill, now)
        begin_sign_in(hill.member, now=now)
        assert care.gone_quiet(now + QUIET_AFTER - timedelta(seconds=1)) == []
        [one] = care.gone_quiet(now + QUIET_AFTER)
        assert (one.walk_id, one.name, one.state, one.last_sign) == (walk_id, "Ana", State.CHOSEN, now)
        matching.stop(walk_id, hill.member, revision=None, key="", now=now)
        assert care.gone_quiet(now + QUIET_AFTER) == []


def test_who_has_been_quiet_longest_stays_seen_when_old_sign_ins_are_let_go(
    app: Flask, hill: Hill, now: datetime
) -> None:
    with app.app_context():
        chosen(hill, now)
        begin_sign_in(hill.member, now=now)
        for days in (20, 45, 60):
            clear_out(now=now + timedelta(days=days))
            assert [one.last_sign for one in care.gone_quiet(now + timedelta(days=days))] == [now]


def test_who_was_never_seen_since_asking_is_quiet_from_then_on(app: Flask, hill: Hill, now: datetime) -> None:
    with app.app_context():
        chosen(hill, now)
        assert care.gone_quiet(now + QUIET_AFTER - timedelta(seconds=1)) == []
        assert [one.last_sign for one in care.gone_quiet(now + QUIET_AFTER)] == [now]


def test_choices_that_wait_are_counted(app: Flask, hill: Hill, now: datetime) -> None:
    with app.app_context():
        assert care.choices_waiting() == 0
        walk_id = chosen(hill, now)
        assert care.choices_waiting() == 1
        set_walk(walk_id, state=State.HELD)
        assert care.choices_waiting() == 0


def test_what_coordinators_wrote_to_a_member_stands_newest_first(app: Flask, hill: Hill, now: datetime) -> None:
    with app.app_context():
        walk_id = chosen(hill, now)
        matching.hold(walk_id, hill.coordinator, "A day more.", revision=None, key="", now=now)
        matching.release(walk_id, hill.coordinator, "", revision=None, key="", now=now)
        matching.hold(walk_id, hill.coordinator, "And another.", revision=None, key="", now=now)
        assert [note.words for note in home.notes_of(walk_id)] == ["And another.", "A day more."]


def test_everybody_can_be_tried_with_where_their_walk_stands(app: Flask, hill: Hill, now: datetime) -> None:
    with app.app_context():
        both_yes(hill, now)
        assert demo.everybody(now) == []
        with transaction() as session:
            session.execute(update(Person).values(invented=True))
        found = {one.name: (one.state, one.offered) for one in demo.everybody(now)}
    assert found == {
        "Alice": (None, 0),
        "Ana": (State.BOTH_YES, 3),
        "Ben Carter": (State.BOTH_YES, 0),
        "Cleo": (None, 0),
        "Dov": (None, 0),
    }


@pytest.mark.parametrize(
    ("flags", "found"),
    [
        ({}, ()),
        ({"late": True, "hours": -1}, (Concern.LATE,)),
        ({"hours": 12}, (Concern.SOON,)),
        ({"hours": 13}, ()),
        ({"wants_note": True}, (Concern.NOTE,)),
        ({"wants_note": True, "too_long": True}, (Concern.TOO_LONG,)),
        ({"is_quiet": True, "late": True, "hours": -1}, (Concern.LATE, Concern.QUIET)),
    ],
)
def test_concerns_come_with_the_most_pressing_first(
    flags: dict[str, int], found: tuple[Concern, ...], now: datetime
) -> None:
    given = {"late": False, "too_long": False, "wants_note": False, "is_quiet": False} | {
        name: bool(value) for name, value in flags.items() if name != "hours"
    }
    due = now + timedelta(hours=flags["hours"]) if "hours" in flags else None
    assert concerns(due=due, now=now, **given) == found


def test_nobody_is_quiet_who_was_never_seen(now: datetime) -> None:
    assert quiet(None, now) is False


def test_the_runner_up_is_told_by_the_part_that_gives_least() -> None:
    first = {Part.HILL: 40.0, Part.STYLE: 10.0}
    assert why_not(first, {Part.HILL: 35.0, Part.STYLE: 2.0}) == WHY_NOT_WORDS[Part.STYLE]
    assert why_not(first, {Part.HILL: 40.0, Part.STYLE: 15.0}) == AS_CLOSE
    assert set(WHY_NOT_WORDS) == set(Part)


def test_every_step_has_words_for_having_happened() -> None:
    assert set(DONE_WORDS) == set(Step)
