"""Whatever people and the clock do, in any order, by the real verbs on a real database: nobody is left without a way
on, silence is never a yes, no peer is given more than they have room for, and an old screen changes nothing."""

from collections import Counter
from datetime import datetime

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis.stateful import invariant, run_state_machine_as_test
from sqlalchemy import select

from portal import clock
from portal.db import read
from portal.domain.account import Role
from portal.domain.booking import MOST_AHEAD, BookingState
from portal.domain.matching.capacity import NEW_FOR
from portal.domain.matching.promises import WAITING, overdue
from portal.domain.matching.walk import FINAL, TOGETHER, Actor, State, Step, steps_for
from portal.domain.matching.walk_words import LONGER_LINE, waiting_line
from portal.domain.notice import Kind, NoticeState
from portal.models import Booking, Notice, PeerProfile, WalkStep
from portal.queries import matching as queries
from portal.services.matching.agreeing import BY_OFFER
from portal.services.notice.reason import WALK_STATES
from tests.matching_cast import add_asker, add_peer, seats
from tests.services.outbox import add_person
from tests.services.test_walk_machine.deeds import LEAVING, PEOPLE, Deeds
from tests.services.test_walk_machine.stage import Stage

SEATED = TOGETHER | {State.INVITED}
# The portal itself finds people, closes what ran out, and settles what lies behind.
MOVED_BY_THE_CLOCK = {State.ASKED, State.OFFERING, State.INVITED, State.FIRST_COFFEE, State.ENDING}
# Sending looks again at these: a time may be found, and a card chosen, before the letter has left.
MAY_BE_LATE = {
    Kind.FIND_A_TIME: {State.FIRST_COFFEE},
    Kind.OFFER_MADE: set(State),
}


class WalkMachine(Deeds):
    """How it must stand after each of these deeds."""

    @invariant()
    def every_open_walk_has_a_way_on_and_words(self) -> None:
        for walk in self._walks():
            view = queries.walk_for(walk.member_id, walk.id)
            assert view is not None
            assert view.words
            if not walk.open:
                assert walk.state in FINAL
                continue
            ways = {step for actor in PEOPLE for step in steps_for(actor, walk.state)}
            assert ways - LEAVING or walk.state in MOVED_BY_THE_CLOCK
            assert LEAVING & set(steps_for(Actor.MEMBER, walk.state))

    @invariant()
    def nobody_waits_without_a_reason_shown(self) -> None:
        for walk in self._walks():
            if not walk.open or walk.state not in WAITING:
                continue
            view = queries.walk_for(walk.member_id, walk.id)
            assert view is not None
            cards = queries.cards_of(walk.id, walk.member_id)
            instead = waiting_line(walk.state, walk.since, self.now, to_choose=len(cards))
            assert instead or view.line or view.words
            if walk.state is State.HELD:
                assert view.reason
            nobody_to_choose = walk.state is State.SHORTLISTED and not cards
            if nobody_to_choose or (walk.state is State.ASKED and overdue(walk.state, walk.since, self.now)):
                assert instead == LONGER_LINE

    @invariant()
    def silence_is_never_a_yes(self) -> None:
        yeses = select(WalkStep).where(WalkStep.became == State.BOTH_YES, WalkStep.was == State.INVITED)
        for step in read().scalars(yeses.where(WalkStep.id > self.yeses_read).order_by(WalkStep.id)):
            assert (step.step, step.actor_id) == (Step.YES, step.peer_id)
            # What their page said before is what counts: an answer just now, or an offer that stood until now.
            known = self.offers_standing if step.reason == BY_OFFER else self.said_yes
            assert (step.walk_id, step.peer_id) in known
            self.yeses_read = step.id
        self.said_yes.clear()
        self.offers_standing = {
            (line.walk_id, peer_id)
            for peer_id in self.stage.peers
            for line in queries.offers_made_by(peer_id, self.now)
        }

    @invariant()
    def there_is_a_seat_for_exactly_the_walks_that_hold_one_and_never_too_many(self) -> None:
        walks = {walk.id: walk for walk in self._walks()}
        assert [(walk_id, peer_id) for walk_id, peer_id, _halves in seats()] == [
            (walk.id, walk.peer_id) for walk in walks.values() if walk.state in SEATED
        ]
        for walk_id, _peer_id, halves in seats():
            walk = walks[walk_id]
            old = walk.state is not State.INVITED and self.now - queries.yes_at(walk_id) >= NEW_FOR
            assert halves == 1 if walk.state is State.ENDING else halves in ((2, 3) if old else (3,))
        for profile in read().scalars(select(PeerProfile)):
            assert sum(halves for _, peer, halves in seats() if peer == profile.person_id) <= profile.capacity_halves

    @invariant()
    def every_change_is_written_down(self) -> None:
        walks = {walk.id: walk for walk in self._walks()}
        stands, count = dict.fromkeys(walks, State.ASKED), Counter[int]()
        for step in read().scalars(select(WalkStep).order_by(WalkStep.id)):
            assert step.was == stands[step.walk_id]
            stands[step.walk_id] = step.became
            count[step.walk_id] += 1
        assert stands == {walk.id: walk.state for walk in walks.values()}
        assert {walk.id: count[walk.id] for walk in walks.values()} == {
            walk.id: walk.revision for walk in walks.values()
        }
        assert len([walk for walk in walks.values() if walk.open]) == len(
            {w.member_id for w in walks.values() if w.open}
        )

    @invariant()
    def letters_that_are_owed_fit_where_the_walk_stands(self) -> None:
        walks = {walk.id: walk for walk in self._walks()}
        owed = select(Notice).where(Notice.state == NoticeState.DUE, Notice.booking_id.is_(None))
        for letter in read().scalars(owed.where(Notice.walk_id.is_not(None))):
            walk = walks[letter.walk_id or 0]
            assert walk.state in WALK_STATES[letter.kind] | MAY_BE_LATE.get(letter.kind, set()), letter.kind
            if letter.kind is not Kind.OFFER_ASKED:
                assert letter.person_id in (walk.member_id, walk.peer_id)

    @invariant()
    def chats_ahead_belong_to_two_who_are_together(self) -> None:
        walks = {walk.id: walk for walk in self._walks()}
        ahead = Counter(read().scalars(select(Booking.walk_id).where(Booking.state == BookingState.BOOKED)))
        assert max(ahead.values(), default=0) <= MOST_AHEAD
        assert {walks[walk_id].state for walk_id in ahead} <= TOGETHER - {State.BOTH_YES}
        assert {walk.id for walk in walks.values() if walk.state is State.FIRST_COFFEE} <= ahead.keys()


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_the_walk_holds_whatever_people_and_the_clock_do(
    inside: Flask, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = Stage(
        inside,
        now,
        [add_asker(now, name) for name in ("Ana", "Ida")],
        [add_peer(now, name, capacity_halves=room) for name, room in (("Ben", 4), ("Cleo", 3), ("Dov", 6))],
        add_person("Alice", now, Role.COORDINATOR),
        lambda at: monkeypatch.setattr(clock, "now", lambda: at),
    )
    stage.keep()
    WalkMachine.stage = stage
    run_state_machine_as_test(
        WalkMachine,
        settings=settings(
            max_examples=8,
            stateful_step_count=100,
            derandomize=True,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert stage.done > 2 * stage.refused
    # The runs together have been nearly everywhere; otherwise the machine proves less than it says.
    assert set(stage.states) >= TOGETHER | {State.ENDED}
    assert len(stage.states) >= len(State) - 2
    assert len(stage.steps) >= len(Step) - 8
