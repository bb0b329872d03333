"""What people and the clock do, in any order, by the real verbs on a real database."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import ClassVar

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule
from sqlalchemy import select

from portal.db import read, transaction
from portal.domain.booking import HAS_BEEN, BookingState
from portal.domain.errors import NotFound, PortalError, Stale
from portal.domain.matching.ending import Taper
from portal.domain.matching.walk import Actor, State, Step, may, steps_for
from portal.jobs import booking as booking_jobs
from portal.jobs import matching as matching_jobs
from portal.models import Booking, MemberProfile, Offer, Person, Walk, WalkStep
from portal.queries import booking as booking_queries
from portal.queries import matching as queries
from portal.queries import slots as slots_queries
from portal.services import account, booking, experience, matching
from portal.services.experience import confirm_ready
from tests.services.test_walk_machine.stage import Stage

PEOPLE = (Actor.MEMBER, Actor.PEER, Actor.COORDINATOR)
LEAVING = frozenset({Step.STOP, Step.SOMEONE_ELSE})
# Taken by booking's verbs, or by the portal when it looks again.
BY_ITSELF = frozenset({Step.BOOK, Step.UNBOOK, Step.HAPPENED, Step.SHORTLIST})
NOT_HERE = LEAVING | BY_ITSELF
# An answer after a chat carries no revision: it would tell the other that there is one.
WITHOUT_REVISION = BY_ITSELF | {Step.KEEP_GOING, Step.UNSURE}
DEEDS = (
    *["go_on"] * 8,
    *["take_a_step"] * 3,
    *["pass_time"] * 3,
    *["answer_an_asking_without_a_name"] * 2,
    "leave",
    "rest_or_be_back",
    "tell_something_else",
    "keep_two_apart",
    *["call_a_chat_off"] * 2,
    "write_a_keepsake",
    "say_that_a_chat_was_not_made",
    "send_an_old_screen",
)
# What leads on, where several steps could be taken.
FORWARD = {
    State.ASKED: (),
    State.SHORTLISTED: (Step.RANK,),
    State.OFFERING: (Step.CHOOSE_AGAIN,),
    State.CHOSEN: (Step.APPROVE,),
    State.HELD: (Step.RELEASE,),
    State.INVITED: (Step.YES,),
    State.BOTH_YES: (Step.BOOK,),
    State.FIRST_COFFEE: (),
    State.REFLECTION: (Step.KEEP_GOING,),
    State.WALKING: (Step.REST, Step.END, Step.BOOK),
    State.RESTING: (Step.WALK_ON, Step.END),
    State.ENDING: (Step.WALK_ON, Step.FAREWELL, Step.BOOK),
}


class Deeds(RuleBasedStateMachine):
    """Two who ask, three peers with little room, a coordinator, and a clock that only runs forward."""

    stage: ClassVar[Stage]

    def __init__(self) -> None:
        super().__init__()
        self.stage.again()
        self.now = self.stage.begins
        self.asker = self.stage.members[0]
        self.said_yes: set[tuple[int, int]] = set()
        self.offers_standing: set[tuple[int, int]] = set()
        self.yeses_read = 0

    @rule(data=st.data(), what=st.sampled_from(DEEDS))
    def somebody_or_the_clock_acts(self, data: st.DataObject, what: str) -> None:
        getattr(self, f"_{what}")(data)

    def _go_on(self, data: st.DataObject) -> None:
        walk = self._walk(data)
        if walk is None:
            self._try(lambda: matching.ask(self.asker, key="", now=self.now))
        elif not FORWARD[walk.state]:
            self._pass_time(data)
        else:
            step = data.draw(st.sampled_from(FORWARD[walk.state]))
            two = step is Step.BOOK and walk.state is not State.BOTH_YES
            actors = PEOPLE[:2] if two else [each for each in PEOPLE if may(each, walk.state, step)]
            self._take(data, walk, step, data.draw(st.sampled_from(actors)))

    def _take_a_step(self, data: st.DataObject) -> None:
        walk = self._walk(data)
        if walk is not None:
            ways = [(each, step) for each in PEOPLE for step in steps_for(each, walk.state) if step not in NOT_HERE]
            if ways:
                actor, step = data.draw(st.sampled_from(ways))
                self._take(data, walk, step, actor)

    def _leave(self, data: st.DataObject) -> None:
        walk = self._walk(data)
        if walk is not None:
            ways = [(each, step) for each in PEOPLE[:2] for step in LEAVING if may(each, walk.state, step)]
            actor, step = data.draw(st.sampled_from(ways))
            self._take(data, walk, step, actor)

    def _pass_time(self, data: st.DataObject) -> None:
        self.now += timedelta(hours=data.draw(st.sampled_from([26, 5, 49, 74, 170, 340, 700])))
        if data.draw(st.sampled_from([True, True, True, False])):
            for peer_id in self.stage.peers:
                confirm_ready(peer_id, now=self.now)
        self.stage.turn_clock(self.now)
        booking_jobs.settle()
        matching_jobs.move_on()

    def _answer_an_asking_without_a_name(self, data: st.DataObject) -> None:
        asked = list(read().execute(select(Offer.walk_id, Offer.peer_id).order_by(Offer.walk_id, Offer.peer_id)))
        if not asked:
            return
        walk_id, peer_id = data.draw(st.sampled_from(asked))
        if data.draw(st.booleans()):
            self._try(lambda: matching.offer(walk_id, peer_id, key="", now=self.now))
        else:
            self._try(lambda: matching.leave_it(walk_id, peer_id, key="", now=self.now))

    def _rest_or_be_back(self, data: st.DataObject) -> None:
        peer_id = data.draw(st.sampled_from(self.stage.peers))
        deed = data.draw(st.sampled_from([experience.rest, experience.come_back, experience.come_back]))
        self._try(lambda: deed(peer_id, now=self.now))

    def _tell_something_else(self, data: st.DataObject) -> None:
        walk = self._walk(data)
        with transaction() as session:
            session.get_one(MemberProfile, self.asker).updated_at = self.now
        if walk is not None and walk.state is State.SHORTLISTED:
            self._try(lambda: matching.look_again(walk.id, self.asker, revision=None, key="", now=self.now))

    def _keep_two_apart(self, _data: st.DataObject) -> None:
        read().rollback()
        email = read().get_one(Person, self.stage.peers[-1]).email or ""
        self._try(lambda: account.keep_apart(self.stage.members[-1], email, now=self.now))

    def _call_a_chat_off(self, data: st.DataObject) -> None:
        ahead = select(Booking).where(Booking.state == BookingState.BOOKED, Booking.starts_at > self.now)
        chats = [(chat.id, chat.member_id, chat.revision) for chat in read().scalars(ahead.order_by(Booking.id))]
        if chats:
            chat_id, person_id, revision = data.draw(st.sampled_from(chats))
            off = self._try(lambda: booking.cancel(chat_id, person_id, revision, key="", now=self.now))
            if off and data.draw(st.booleans()):
                self._try(lambda: booking.undo(chat_id, person_id, revision + 1, key="", now=self.now))

    def _say_that_a_chat_was_not_made(self, data: st.DataObject) -> None:
        been = select(Booking).where(Booking.state.in_(HAS_BEEN), Booking.starts_at <= self.now)
        chats = [(chat.id, chat.peer_id, chat.revision) for chat in read().scalars(been.order_by(Booking.id))]
        if chats:
            chat_id, person_id, revision = chats[-1]
            self._try(lambda: booking.say_not_made(chat_id, person_id, revision, key="", now=self.now))

    def _write_a_keepsake(self, data: st.DataObject) -> None:
        ending = select(Walk).where(Walk.state.in_([State.ENDING, State.ENDED])).order_by(Walk.id)
        walks = [(walk.id, walk.member_id, walk.peer_id or 0) for walk in read().scalars(ending)]
        if walks:
            walk_id, *two = data.draw(st.sampled_from(walks))
            person_id, words = data.draw(st.sampled_from(two)), data.draw(st.sampled_from(["Thank you.", ""]))
            kept = queries.keepsake_of(person_id, walk_id)
            assert kept is not None
            # Four weeks after the end the page only lets own lines be taken back.
            self._try(
                lambda: matching.write_keepsake(walk_id, person_id, words, seen=kept.own_at, key="", now=self.now)
            )
            assert {getattr(queries.keepsake_of(each, walk_id), "walk_id", None) for each in two} == {walk_id}

    def _send_an_old_screen(self, data: st.DataObject) -> None:
        walk = self._walk(data)
        behind = data.draw(st.integers(1, 3))
        if walk is None or walk.revision < behind:
            return
        ways = [(each, step) for each in PEOPLE for step in steps_for(each, walk.state) if step not in WITHOUT_REVISION]
        actor, step = data.draw(st.sampled_from(ways))
        before = (walk.state, walk.revision)
        deed = self._deed(data, walk, step, actor, walk.revision - behind)
        if deed is not None:
            with pytest.raises((Stale, NotFound)):
                deed()
            after = queries.walk_for(walk.member_id, walk.id)
            assert after is not None
            assert (after.state, after.revision) == before

    # --- how they do it

    def _take(self, data: st.DataObject, walk: Walk, step: Step, actor: Actor) -> None:
        deed = self._deed(data, walk, step, actor, None)
        if deed is not None and self._try(deed) and step is Step.YES:
            self.said_yes.add((walk.id, walk.peer_id or 0))

    def _try(self, deed: Callable[[], object]) -> bool:
        with suppress(PortalError):
            deed()
            self.stage.done += 1
            return True
        self.stage.refused += 1
        return False

    def _deed(
        self, data: st.DataObject, walk: Walk, step: Step, actor: Actor, revision: int | None
    ) -> Callable[[], object] | None:
        walk_id, member, peer, now = walk.id, walk.member_id, walk.peer_id or 0, self.now
        alice, who = self.stage.coordinator, member if actor is Actor.MEMBER else peer
        if step in (Step.KEEP_GOING, Step.UNSURE):
            return lambda: matching.reflect(walk_id, who, step, "", key="", now=now)
        if actor is Actor.COORDINATOR and step in LEAVING | BY_ITSELF:
            return None
        cards = queries.live(queries.suggestions_of(walk_id))
        if step is Step.RANK:
            people = [card.peer_id for card in cards] or self.stage.peers
            order = data.draw(st.permutations(people))[: data.draw(st.integers(1, 3))]
            return lambda: matching.rank(walk_id, member, order, revision=revision, key="", now=now)
        if step is Step.BOOK:
            return self._booking(data, walk_id, who)
        if step is Step.SWAP:
            shown = data.draw(st.sampled_from([card.peer_id for card in cards] or self.stage.peers))
            other = data.draw(st.sampled_from(self.stage.peers))
            return lambda: matching.swap(walk_id, alice, shown, other, "So.", revision=revision, key="", now=now)
        if step is Step.END:
            taper = data.draw(st.sampled_from(list(Taper)))
            return lambda: matching.end(walk_id, who, taper, revision=revision, key="", now=now)
        if step is Step.REST:
            off = data.draw(st.booleans())
            return lambda: matching.rest(walk_id, who, cancel_chats=off, revision=revision, key="", now=now)
        plain: dict[Step, Callable[[], object]] = {
            Step.CHOOSE_WITH_ME: lambda: matching.choose_with_me(walk_id, member, revision=revision, key="", now=now),
            Step.CHOOSE_AGAIN: lambda: matching.choose_again(walk_id, member, revision=revision, key="", now=now),
            Step.ASK_WHO_OFFERS: lambda: matching.ask_who_offers(walk_id, member, revision=revision, key="", now=now),
            Step.STOP: lambda: matching.stop(walk_id, member, revision=revision, key="", now=now),
            Step.APPROVE: lambda: matching.approve(walk_id, alice, None, revision=revision, key="", now=now),
            Step.HOLD: lambda: matching.hold(walk_id, alice, "A day.", revision=revision, key="", now=now),
            Step.RELEASE: lambda: matching.release(walk_id, alice, "", revision=revision, key="", now=now),
            Step.YES: lambda: matching.say_yes(walk_id, peer, revision=revision, key="", now=now),
            Step.NOT_NOW: lambda: matching.not_now(walk_id, peer, revision=revision, key="", now=now),
            Step.WALK_ON: lambda: matching.walk_on(walk_id, who, revision=revision, key="", now=now),
            Step.FAREWELL: lambda: matching.farewell(walk_id, who, revision=revision, key="", now=now),
            Step.SOMEONE_ELSE: lambda: matching.someone_else(walk_id, who, revision=revision, key="", now=now),
        }
        return plain.get(step)

    def _booking(self, data: st.DataObject, walk_id: int, who: int) -> Callable[[], object] | None:
        two = booking_queries.two_of_walk(who, walk_id)
        times = slots_queries.open_times(two.peer_id, two.member_id, self.now) if two is not None else ()
        if two is None or not times:
            return None
        slot, way = data.draw(st.sampled_from(times[:6])), booking_queries.formats_of(two)[0]
        return lambda: booking.book(walk_id, who, slot.starts_at, way, "", key="", now=self.now)

    def _walk(self, data: st.DataObject) -> Walk | None:
        self.asker = data.draw(st.sampled_from(self.stage.members))
        read().rollback()
        walk_id = queries.open_walk_of(self.asker)
        return read().get_one(Walk, walk_id, populate_existing=True) if walk_id is not None else None

    def _walks(self) -> list[Walk]:
        read().rollback()
        return list(read().scalars(select(Walk).order_by(Walk.id).execution_options(populate_existing=True)))

    def teardown(self) -> None:
        self.stage.steps.update(read().scalars(select(WalkStep.step)))
        self.stage.states.update(read().scalars(select(WalkStep.became)))
