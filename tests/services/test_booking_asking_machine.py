"""Whatever members, a peer and the clock do with questions, in any order: no two times that are held overlap, none is
asked for longer than it may be, nobody has more questions waiting than may wait, and only what is live holds time."""

import shutil
from collections import Counter
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from portal.db import db, read, transaction
from portal.domain.booking import LIVE, BookingState, Meeting
from portal.domain.booking.asking import MOST_WAITING
from portal.domain.booking.rhythm import turns
from portal.domain.errors import PortalError
from portal.domain.experience import Format
from portal.domain.matching.walk import State
from portal.models import Booking, Hold, PeerProfile
from portal.queries.booking import asking as queries
from portal.services import booking as services
from tests.booking_cast import TUESDAY_TEN, Pair, add_pair, add_peer

T = TypeVar("T", Booking, Hold)
PLACES = st.integers(0, 11)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_questions_hold_to_their_rules_in_any_order(inside: Flask, now: datetime, tmp_path: Path) -> None:
    peer_id = add_peer(now, says_yes_first=True, notice_hours=0, horizon_days=30)
    pairs = [add_pair(now, State.WALKING, peer_id=peer_id, name=name) for name in ("Ana", "Ben", "Cleo")]
    db.session.remove()
    db.engine.dispose()
    file, kept = Path(inside.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///")), tmp_path / "kept"
    shutil.copyfile(file, kept)
    done: Counter[str] = Counter()

    class Questions(RuleBasedStateMachine):
        """Three members, one peer, one clock."""

        def __init__(self) -> None:
            super().__init__()
            db.session.remove()
            db.engine.dispose()
            for beside in file.parent.glob(f"{file.name}-*"):
                beside.unlink()
            shutil.copyfile(kept, file)
            self.now = now

        @rule(who=st.sampled_from(pairs), place=PLACES)
        def ask(self, who: Pair, place: int) -> None:
            at = TUESDAY_TEN - timedelta(hours=1) + timedelta(days=place // 4, minutes=30 * (place % 4))
            with suppress(PortalError):
                services.ask(who.walk_id, who.member_id, at, Format.PHONE, "", key="", now=self.now)
                done["asked"] += 1

        @rule(who=st.sampled_from(pairs), place=PLACES)
        def ask_for_a_rhythm(self, who: Pair, place: int) -> None:
            first = TUESDAY_TEN + timedelta(days=place // 4, minutes=30 * (place % 4))
            starts = [turn.starts_at for turn in turns(first, "America/New_York", 1, 3)]
            with suppress(PortalError):
                meeting = Meeting(Format.PHONE)
                services.set_rhythm(who.walk_id, who.member_id, starts, 1, meeting, key="", now=self.now)
                done["rhythm"] += 1

        @rule(which=PLACES, every=st.booleans())
        def answer(self, which: int, every: bool) -> None:
            asked = [chat.id for chat in self.chats() if chat.state is BookingState.ASKED]
            if asked:
                with suppress(PortalError):
                    if every:
                        services.not_this_time(
                            asked[which % len(asked)], peer_id, every=which % 2 == 0, key="", now=self.now
                        )
                    else:
                        services.say_yes(asked[which % len(asked)], peer_id, key="", now=self.now)
                    done["answered"] += 1

        @rule(which=PLACES)
        def take_back(self, which: int) -> None:
            asked = [(chat.id, chat.member_id) for chat in self.chats() if chat.state is BookingState.ASKED]
            if asked:
                with suppress(PortalError):
                    services.take_back(*asked[which % len(asked)], key="", now=self.now)
                    done["taken back"] += 1

        @rule(cap=st.sampled_from([None, 1, 2]), rest=st.sampled_from([0, 15, 60]))
        def change_what_the_peer_wishes(self, cap: int | None, rest: int) -> None:
            with transaction() as session:
                profile = session.get_one(PeerProfile, peer_id)
                profile.cap_per_day, profile.rest_before_minutes, profile.rest_after_minutes = cap, rest, rest

        @rule(hours=st.sampled_from([1, 7, 30]))
        def pass_time(self, hours: int) -> None:
            self.now += timedelta(hours=hours)
            services.lapse_asked(now=self.now)
            services.settle_past(now=self.now)

        @invariant()
        def no_two_times_that_are_held_overlap(self) -> None:
            held = [(hold.person_id, hold.starts_at, hold.ends_at) for hold in self.holds() if hold.active]
            for person_id in {each[0] for each in held}:
                spans = sorted(each[1:] for each in held if each[0] == person_id)
                assert all(before[1] <= after[0] for before, after in pairwise(spans))

        @invariant()
        def only_what_is_live_holds_time(self) -> None:
            live = {chat.id for chat in self.chats() if chat.state in LIVE or chat.state is BookingState.HAPPENED}
            assert {hold.booking_id for hold in self.holds() if hold.active} == live

        @invariant()
        def nothing_waits_too_long_and_nobody_waits_for_too_much(self) -> None:
            waiting = [chat for chat in self.chats() if chat.state is BookingState.ASKED]
            assert all(chat.answer_by is not None and self.now < chat.answer_by < chat.starts_at for chat in waiting)
            for pair in pairs:
                assert queries.questions_waiting(pair.member_id, self.now) <= MOST_WAITING

        def chats(self) -> list[Booking]:
            return self._rows(Booking)

        def holds(self) -> list[Hold]:
            return self._rows(Hold)

        def _rows(self, model: type[T]) -> list[T]:
            session = read()
            session.rollback()
            found = list(session.scalars(select(model)))
            session.expunge_all()
            session.rollback()
            return found

    run_state_machine_as_test(
        Questions,
        settings=settings(
            max_examples=20,
            stateful_step_count=25,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert min(done[deed] for deed in ("asked", "rhythm", "answered", "taken back")) > 0
