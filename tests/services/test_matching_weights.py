"""Weights as versions, on both databases: a change holds from then on, and is never made over a newer one."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import read, transaction
from portal.domain.errors import BadInput, NotAllowed, Stale
from portal.domain.matching.score import DEFAULT_POINTS, Part
from portal.domain.matching.weighing import Turn
from portal.engine.tops import tops
from portal.models import Seat, Suggestion
from portal.queries import matching as queries
from portal.services import matching
from portal.services.matching import weighing
from portal.services.matching.weighing import weigh
from tests.matching_cast import Hill, add_asker, add_hill, asked, invited
from tests.races.test_matching import at_once

ROOM_ONLY = {**dict.fromkeys(Part, 0.0), Part.ROOM: 10.0}


@pytest.fixture
def inside(app: Flask) -> Iterator[Flask]:
    with app.app_context():
        yield app


@pytest.fixture
def hill(inside: Flask, now: datetime) -> Hill:
    return add_hill(now)


def set_weights(hill: Hill, now: datetime, points: dict[Part, float] = ROOM_ONLY, **more: object) -> int:
    told = {"version_seen": 1, "key": "", **more}
    return matching.set_weights(hill.coordinator, points, str(told.pop("note", "")), now=now, **told)  # type: ignore[arg-type]


def test_a_change_is_a_new_version_with_who_when_and_why(hill: Hill, now: datetime) -> None:
    later = now + timedelta(days=1)
    for _tap in range(2):
        assert set_weights(hill, later, note=" Room first. ", key="k") == 2
    newest, first = queries.weights_versions()
    assert (newest.number, newest.points, newest.since, newest.note, newest.by) == (
        2,
        ROOM_ONLY,
        later,
        "Room first.",
        "Alice",
    )
    assert (first.number, first.points, first.note, first.by) == (1, dict(DEFAULT_POINTS), "", "")
    weights = queries.domain_weights()
    assert weights is not None
    assert (weights.version, weights.parts) == ("2", ROOM_ONLY)
    assert queries.weights_of(1) is not None
    assert queries.weights_of(3) is None


def test_suggestions_from_then_on_follow_it_and_those_before_keep_theirs(hill: Hill, now: datetime) -> None:
    before = asked(hill, now)
    set_weights(hill, now)
    after = matching.ask(add_asker(now, "Ida"), key="", now=now)
    rows = read().execute(select(Suggestion.walk_id, Suggestion.weights_version).distinct())
    assert {(walk_id, version) for walk_id, version in rows} == {(before, 1), (after, 2)}


def test_whoever_looked_at_an_older_version_is_told(hill: Hill, now: datetime) -> None:
    set_weights(hill, now)
    with pytest.raises(Stale):
        set_weights(hill, now, dict(DEFAULT_POINTS))
    assert len(queries.weights_versions()) == 2


def test_only_coordinators_set_weights_and_only_such_as_decide_something(hill: Hill, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        matching.set_weights(hill.member, ROOM_ONLY, "", version_seen=1, key="", now=now)
    with pytest.raises(BadInput):
        set_weights(hill, now, dict.fromkeys(Part, 0.0))
    with pytest.raises(BadInput):
        set_weights(hill, now, note="x" * 501)
    assert len(queries.weights_versions()) == 1


def test_the_same_form_with_something_else_in_it_is_told(hill: Hill, now: datetime) -> None:
    set_weights(hill, now, key="k")
    with pytest.raises(Stale):
        set_weights(hill, now, dict(DEFAULT_POINTS), key="k")


def test_two_coordinators_at_once_the_second_is_told(app: Flask, now: datetime) -> None:
    with app.app_context():
        hill = add_hill(now)
    found = at_once(
        app,
        lambda: set_weights(hill, now, key="a"),
        lambda: set_weights(hill, now, dict(DEFAULT_POINTS), key="b"),
    )
    assert sorted(type(one).__name__ for one in found) == ["Stale", "int"]
    with app.app_context():
        assert len(queries.weights_versions()) == 2


def test_a_preview_is_what_the_shortlists_would_be_under_both_and_keeps_nothing(hill: Hill, now: datetime) -> None:
    walk_id = asked(hill, now)
    # Dov has the most room left, so that room alone puts him first.
    for name, peer_id in zip(("Kim", "Lou"), hill.peers[:2], strict=True):
        somebody = add_asker(now, name)
        theirs = matching.ask(somebody, key="", now=now)
        matching.stop(theirs, somebody, revision=None, key="", now=now)
        with transaction() as session:
            session.add(Seat(walk_id=theirs, peer_id=peer_id, halves=3))
    found = weigh(ROOM_ONLY, now=now)
    assert found.difference is not None
    [one] = found.difference.first
    assert (found.version, found.waiting, found.walk_of[one.member_id]) == (1, 1, walk_id)
    assert one.before == tuple(each.peer_id for each in queries.fitting(hill.member, now))
    set_weights(hill, now)
    assert one.after == tuple(each.peer_id for each in queries.fitting(hill.member, now))
    assert one.before != one.after


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_what_hangs_on_each_part_is_told_for_the_points_that_are_looked_at(hill: Hill, now: datetime) -> None:
    asked(hill, now)
    for points in (None, ROOM_ONLY):
        found = weigh(points, now=now)
        assert (found.looked_at, found.difference is None) == (1, points is None)
        assert [(one.part, one.turn) for one in found.stays] == [(part, turn) for part in Part for turn in Turn]
        assert {(one.stay, one.of) for one in found.stays} == {(3, 3)}


def test_nothing_is_held_open_while_it_is_worked_out(
    hill: Hill, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(hill, now)
    held: list[bool] = []

    def watched(*given: object) -> object:
        held.append(read().in_transaction())
        return tops(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(weighing, "tops", watched)
    weigh(ROOM_ONLY, now=now)
    assert held
    assert not any(held)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_whoever_was_asked_waits_no_longer_and_is_not_looked_at(hill: Hill, now: datetime) -> None:
    invited(hill, now)
    found = weigh(ROOM_ONLY, now=now)
    assert found.difference is not None
    assert (found.waiting, found.looked_at, found.difference.same) == (0, 0, 0)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_whoever_lately_could_not_is_in_neither_order(hill: Hill, now: datetime) -> None:
    walk_id = invited(hill, now)
    matching.not_now(walk_id, hill.peers[0], revision=None, key="", now=now)
    matching.hold(walk_id, hill.coordinator, "A day more.", revision=None, key="", now=now)
    matching.release(walk_id, hill.coordinator, "", revision=None, key="", now=now)
    found = weigh(ROOM_ONLY, now=now)
    assert found.difference is not None
    assert {peer for one in (*found.difference.first, *found.difference.order) for peer in one.before} <= set(
        hill.peers[1:]
    )
    assert {one.of for one in found.stays} == {2}
