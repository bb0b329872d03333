"""What the clock moves on by itself, on both databases."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from portal import clock
from portal.db import transaction
from portal.domain.matching.walk import State
from portal.jobs.matching import move_on
from portal.models import MemberProfile, PeerProfile
from portal.services import matching
from tests.matching_cast import (
    add_asker,
    add_hill,
    add_peer,
    asked,
    invited,
    ranks,
    seats,
    steps_of,
    walk_row,
)
from tests.queries.test_matching import queries_of


def test_it_goes_on_where_a_peer_was_silent_and_finds_people_for_who_waits(
    app: Flask, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        hill = add_hill(now)
        silent = invited(hill, now)
        waiting = matching.ask(add_asker(now, "Ida", topics=["debt"]), key="", now=now)
        add_peer(now, "Eve", topics=["debt"])
        monkeypatch.setattr(clock, "now", lambda: now + timedelta(hours=48))
        move_on()
        assert (walk_row(silent).peer_id, walk_row(waiting).state) == (hill.peers[1], State.SHORTLISTED)
        assert seats() == [(silent, hill.peers[1], 3)]


def test_one_walk_that_cannot_be_read_does_not_keep_the_others_waiting(
    app: Flask, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    with app.app_context():
        broken, fine = add_asker(now, "Ida"), add_asker(now, "Jo")
        walks = [matching.ask(member, key="", now=now) for member in (broken, fine)]
        add_peer(now, "Eve")
        with transaction() as session:
            session.execute(
                update(MemberProfile).where(MemberProfile.person_id == broken).values(about={"styles": ["nonsense"]})
            )
        assert matching.make_shortlists(now=now) == 1
        assert [walk_row(walk_id).state for walk_id in walks] == [State.ASKED, State.SHORTLISTED]
        assert [record.getMessage() for record in caplog.records] == [
            "walks that wait cannot be read together: ValueError",
            f"walk {walks[0]}: ValueError",
        ]


def test_the_clock_asks_no_more_about_many_who_need_nothing_than_about_one(app: Flask, now: datetime) -> None:
    with app.app_context():
        hill = add_hill(now)
        asked(hill, now)
        matching.ask(add_asker(now, "Ida", topics=["debt"]), key="", now=now)
        one = queries_of(lambda: matching.make_shortlists(now=now))
        for name in ("Jo", "Kim", "Lou"):
            matching.ask(add_asker(now, name), key="", now=now)
            matching.ask(add_asker(now, f"{name}-Ann", topics=["debt"]), key="", now=now)
        assert queries_of(lambda: matching.make_shortlists(now=now)) == one
        assert matching.make_shortlists(now=now) == 0


def test_a_worn_out_shortlist_is_left_alone_while_nobody_else_fits(app: Flask, now: datetime) -> None:
    with app.app_context():
        hill = add_hill(now)
        walk_id = asked(hill, now)
        with transaction() as session:
            session.execute(update(PeerProfile).values(resting_since=now))
        assert matching.make_shortlists(now=now) == 0
        assert (walk_row(walk_id).state, steps_of(walk_id)) == (State.SHORTLISTED, ["shortlist"])
        eve = add_peer(now, "Eve")
        assert matching.make_shortlists(now=now) == 1
        assert ranks(walk_id) == [(eve, None)]
