"""Two people act at the same instant, on both databases: the last room is given once, a walk is opened once."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask

from portal.db import transaction
from portal.domain.account import Role
from portal.domain.errors import NoRoom, PortalError, Stale
from portal.domain.matching.ending import Taper
from portal.domain.matching.walk import State
from portal.models import PeerProfile, Person
from portal.services import matching
from portal.services.account import keep_apart
from tests.matching_cast import (
    Hill,
    add_asker,
    add_hill,
    add_peer,
    asked,
    chosen,
    invited,
    seats,
    steps_of,
    walk_row,
    walking,
)
from tests.services.outbox import add_person


def at_once(app: Flask, *deeds: Callable[[], object]) -> list[object]:
    """Do these at the same instant, each in a context of its own; returns what each gave or raised, in order."""
    start = Barrier(len(deeds))
    found: list[object] = [None] * len(deeds)

    def run(place: int, deed: Callable[[], object]) -> None:
        with app.app_context():
            start.wait(timeout=30)
            try:
                found[place] = deed()
            except Exception as error:  # what a thread raises is what the test looks at
                found[place] = error

    threads = [Thread(target=run, args=(place, deed)) for place, deed in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return found


@pytest.mark.parametrize("capacity", [3, 5])
@pytest.mark.parametrize("time", range(3))
def test_two_approvals_of_the_last_room_at_once_exactly_one_succeeds(
    app: Flask, now: datetime, capacity: int, time: int
) -> None:
    with app.app_context():
        coordinator = add_person("Alice", now, Role.COORDINATOR)
        peer = add_peer(now, "Ben", capacity_halves=capacity)
        first, second = (_chose(name, peer, now) for name in ("Ana", "Ida"))
    found = at_once(
        app,
        lambda: matching.approve(first, coordinator, None, revision=2, key=f"a{time}", now=now),
        lambda: matching.approve(second, coordinator, None, revision=2, key=f"b{time}", now=now),
    )
    assert [type(one) for one in found if not isinstance(one, int)] == [NoRoom]
    [won] = [one for one in found if isinstance(one, int)]
    with app.app_context():
        assert seats() == [(won, peer, 3)]
        assert sorted(walk_row(walk_id).state for walk_id in (first, second)) == [State.ASKED, State.INVITED]


def _chose(name: str, peer: int, now: datetime) -> int:
    member = add_asker(now, name)
    return matching.rank(matching.ask(member, key="", now=now), member, [peer], revision=None, key="", now=now)


def test_two_coordinators_deciding_at_once_the_second_is_told(app: Flask, now: datetime) -> None:
    with app.app_context():
        hill = add_hill(now)
        walk_id = chosen(hill, now)
    found = at_once(
        app,
        lambda: matching.approve(walk_id, hill.coordinator, None, revision=2, key="a", now=now),
        lambda: matching.hold(walk_id, hill.coordinator, "A day more.", revision=2, key="b", now=now),
    )
    assert [type(one) for one in found if isinstance(one, PortalError)] == [Stale]
    assert [one for one in found if isinstance(one, int)] == [walk_id]
    with app.app_context():
        assert len(steps_of(walk_id)) == 3


def test_asking_twice_at_once_opens_one_walk(app: Flask, now: datetime) -> None:
    with app.app_context():
        hill = add_hill(now)
    found = at_once(app, *[lambda: matching.ask(hill.member, key="k", now=now)] * 4)
    assert len(set(found)) == 1
    with app.app_context():
        assert found[0] == asked(hill, now)
        assert steps_of(asked(hill, now)) == ["shortlist"]


def test_a_yes_and_the_clock_at_once_one_of_them_stands(app: Flask, now: datetime) -> None:
    with app.app_context():
        hill: Hill = add_hill(now)
        walk_id = invited(hill, now)
        late = walk_row(walk_id).answer_by
    assert late is not None
    yes, lapsed = at_once(
        app,
        lambda: matching.say_yes(walk_id, hill.peers[0], revision=3, key="", now=late),
        lambda: matching.lapse_due(now=late),
    )
    with app.app_context():
        walk = walk_row(walk_id)
        if lapsed == 0:
            assert (yes, walk.state, walk.peer_id) == (walk_id, State.BOTH_YES, hill.peers[0])
        else:
            assert (lapsed, type(yes)) == (1, Stale)
            assert (walk.state, walk.peer_id) == (State.INVITED, hill.peers[1])
        assert seats() == [(walk_id, walk.peer_id, 3)]


@pytest.mark.parametrize("pair", ["rest and end", "walk on and farewell", "walk on and the clock", "two endings"])
def test_two_who_act_at_once_one_stands_and_the_other_is_told(app: Flask, now: datetime, pair: str) -> None:
    with app.app_context():
        hill = add_hill(now)
        ana, ben = hill.member, hill.peers[0]
        walk_id, seen, at = walking(hill, now), 4, now
        if pair.startswith("walk on"):
            matching.end(walk_id, ana, Taper.ONE_CHAT, revision=4, key="", now=now)
            seen, at = 5, now + timedelta(weeks=3)
    found = at_once(
        app,
        *{
            "rest and end": (
                lambda: matching.rest(walk_id, ana, revision=seen, key="a", now=at),
                lambda: matching.end(walk_id, ben, Taper.SLOWLY, revision=seen, key="b", now=at),
            ),
            "walk on and farewell": (
                lambda: matching.walk_on(walk_id, ana, revision=seen, key="a", now=at),
                lambda: matching.farewell(walk_id, ben, revision=seen, key="b", now=at),
            ),
            "walk on and the clock": (
                lambda: matching.walk_on(walk_id, ana, revision=seen, key="a", now=at),
                lambda: matching.end_due(now=at) == 1 or Stale("taken up again"),
            ),
            "two endings": (
                lambda: matching.end(walk_id, ana, Taper.TODAY, revision=seen, key="a", now=at),
                lambda: matching.end(walk_id, ben, Taper.ONE_CHAT, revision=seen, key="b", now=at),
            ),
        }[pair],
    )
    first_won = isinstance(found[1], PortalError)
    assert [type(one) for one in found if isinstance(one, PortalError)] == [Stale]
    with app.app_context():
        walk = walk_row(walk_id)
        stands = {
            "rest and end": (State.RESTING, 3) if first_won else (State.ENDING, 1),
            "walk on and farewell": (State.WALKING, 3) if first_won else (State.ENDED, None),
            "walk on and the clock": (State.WALKING, 3) if first_won else (State.ENDED, None),
            "two endings": (State.ENDED, None) if first_won else (State.ENDING, 1),
        }[pair]
        assert (walk.state, seats()) == (stands[0], [(walk_id, ben, stands[1])] if stands[1] else [])
        assert walk.revision == len(steps_of(walk_id))


def test_two_who_want_the_room_an_ending_gave_up_at_once_one_gets_it(app: Flask, now: datetime) -> None:
    with app.app_context():
        hill = add_hill(now)
        ben = hill.peers[0]
        walk_id = walking(hill, now)
        matching.end(walk_id, hill.member, Taper.SLOWLY, revision=None, key="", now=now)
        with transaction() as session:
            session.get_one(PeerProfile, ben).capacity_halves = 4
        other = _chose("Ida", ben, now)
    again, approved = at_once(
        app,
        lambda: matching.walk_on(walk_id, hill.member, revision=None, key="", now=now),
        lambda: matching.approve(other, hill.coordinator, None, revision=None, key="", now=now),
    )
    assert [type(one) for one in (again, approved) if not isinstance(one, int)] == [NoRoom]
    with app.app_context():
        assert seats() == ([(walk_id, ben, 3)] if isinstance(again, int) else [(walk_id, ben, 1), (other, ben, 3)])
        assert walk_row(walk_id).state == (State.WALKING if isinstance(again, int) else State.ENDING)


def test_a_yes_and_keeping_apart_at_once_nobody_is_revealed_after_it(app: Flask, now: datetime) -> None:
    with app.app_context():
        hill = add_hill(now)
        walk_id = invited(hill, now)
        with transaction() as session:
            session.get_one(Person, hill.peers[0]).email = "ben@example.org"
    yes, apart = at_once(
        app,
        lambda: matching.say_yes(walk_id, hill.peers[0], revision=3, key="", now=now),
        lambda: keep_apart(hill.member, "ben@example.org", now=now),
    )
    assert apart is None
    with app.app_context():
        walk = walk_row(walk_id)
        if yes == walk_id:
            assert (walk.state, walk.peer_id) == (State.BOTH_YES, hill.peers[0])
        else:
            assert type(yes) is Stale
            assert (walk.state, walk.peer_id) == (State.INVITED, hill.peers[1])
        assert seats() == [(walk_id, walk.peer_id, 3)]
