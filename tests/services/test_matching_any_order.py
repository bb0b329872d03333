"""Whatever people do, in any order, on both databases: rooms, steps and letters agree with where the walks stand."""

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import read, transaction
from portal.domain.account import Role
from portal.domain.errors import PortalError
from portal.domain.matching.walk import Actor, State, Step
from portal.domain.notice import Kind, NoticeState
from portal.models import Notice, PeerProfile, Walk, WalkStep
from portal.queries import matching as queries
from portal.services import matching
from portal.services.walk import take_step
from tests.matching_cast import add_asker, add_peer, seats
from tests.services.outbox import add_person

DEEDS = 60
SEATED = {State.INVITED, State.BOTH_YES, State.FIRST_COFFEE, State.REFLECTION, State.WALKING}
TRUE_WHILE = {
    Kind.SHORTLIST_READY: {State.SHORTLISTED},
    Kind.SWAPPED: {State.SHORTLISTED},
    Kind.CHOICE_APPROVED: {State.INVITED},
    Kind.NEXT_ASKED: {State.INVITED},
    Kind.ASKED_PEER: {State.INVITED},
    Kind.WALK_HELD: {State.HELD},
    Kind.BOTH_YES: {State.BOTH_YES, State.FIRST_COFFEE, State.REFLECTION},
}


@pytest.mark.parametrize("seed", range(3))
def test_rooms_steps_and_letters_always_agree_with_the_walks(inside: Flask, now: datetime, seed: int) -> None:
    chance = random.Random(seed)
    members = [add_asker(now, name) for name in ("Ana", "Ida", "Jo")]
    peers = [add_peer(now, name, capacity_halves=room) for name, room in (("Ben", 6), ("Cleo", 3), ("Dov", 5))]
    coordinator = add_person("Alice", now, Role.COORDINATOR)
    done = 0
    for tick in range(DEEDS):
        at = now + timedelta(hours=tick)
        with suppress(PortalError):
            _deed(chance, members, peers, coordinator, at)()
            done += 1
        _check()
    assert done > DEEDS / 2
    assert set(read().scalars(select(WalkStep.step))) >= {Step.APPROVE, Step.HOLD, Step.SWAP, Step.NOT_NOW, Step.YES}


def _deed(
    chance: random.Random, members: list[int], peers: list[int], coordinator: int, at: datetime
) -> Callable[[], object]:
    member = chance.choice(members)
    walk_id = queries.open_walk_of(member)
    if walk_id is None:
        return lambda: matching.ask(member, key="", now=at)
    walk = read().get_one(Walk, walk_id, populate_existing=True)
    peer, somebody = walk.peer_id or chance.choice(peers), chance.choice([member, walk.peer_id or member])
    order = chance.sample(peers, chance.randint(1, 3))
    answer = chance.choice([Step.KEEP_GOING, Step.KEEP_GOING, Step.UNSURE, Step.SOMEONE_ELSE])
    if walk.state is State.BOTH_YES and chance.random() < 0.5:  # as booking's verbs would
        return lambda: _meet(walk_id, at)
    likely: dict[State, list[Callable[[], object]]] = {
        State.SHORTLISTED: [
            lambda: matching.rank(walk_id, member, order, revision=None, key="", now=at),
            lambda: matching.choose_with_me(walk_id, member, revision=None, key="", now=at),
        ],
        State.CHOSEN: [
            lambda: matching.approve(walk_id, coordinator, None, revision=None, key="", now=at),
            lambda: matching.hold(walk_id, coordinator, "A day.", revision=None, key="", now=at),
            lambda: matching.swap(walk_id, coordinator, order[0], peers[0], "So.", revision=None, key="", now=at),
        ],
        State.HELD: [lambda: matching.release(walk_id, coordinator, "", revision=None, key="", now=at)],
        State.INVITED: [
            lambda: matching.say_yes(walk_id, peer, revision=None, key="", now=at),
            lambda: matching.not_now(walk_id, peer, revision=None, key="", now=at),
            lambda: matching.hold(walk_id, coordinator, "A day.", revision=None, key="", now=at),
            lambda: matching.lapse_due(now=at + timedelta(days=2)),
        ],
        State.REFLECTION: [lambda: matching.reflect(walk_id, somebody, answer, "", key="", now=at)],
    }
    seldom: list[Callable[[], object]] = [
        lambda: matching.someone_else(walk_id, somebody, revision=None, key="", now=at),
        lambda: matching.stop(walk_id, member, revision=None, key="", now=at),
        lambda: matching.make_shortlists(now=at),
    ]
    return chance.choice(likely.get(walk.state, seldom) if chance.random() < 0.85 else seldom)


def _meet(walk_id: int, at: datetime) -> None:
    with transaction() as session:
        walk = session.get_one(Walk, walk_id)
        take_step(session, walk, Step.BOOK, Actor.MEMBER, actor_id=walk.member_id, now=at)
        take_step(session, walk, Step.HAPPENED, Actor.PORTAL, actor_id=None, now=at)


def _check() -> None:
    read().rollback()
    walks = {walk.id: walk for walk in read().scalars(select(Walk).execution_options(populate_existing=True))}
    seated = [(walk.id, walk.peer_id, 3) for walk in walks.values() if walk.state in SEATED]
    assert seats() == sorted(seated)
    for profile in read().scalars(select(PeerProfile)):
        assert sum(halves for _, peer_id, halves in seats() if peer_id == profile.person_id) <= profile.capacity_halves
    stands = dict.fromkeys(walks, State.ASKED)
    for step in read().scalars(select(WalkStep).order_by(WalkStep.id)):
        assert step.was == stands[step.walk_id]
        stands[step.walk_id] = step.became
    assert stands == {walk_id: walk.state for walk_id, walk in walks.items()}
    for letter in read().scalars(select(Notice).where(Notice.state == NoticeState.DUE)):
        walk = walks[letter.walk_id or 0]
        assert walk.state in TRUE_WHILE[letter.kind]
        assert letter.person_id in (walk.member_id, walk.peer_id)
