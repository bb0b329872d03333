"""A proposal holds everybody who waits, and nobody is told of it; on both databases."""

from datetime import datetime, timedelta

from flask import Flask

from portal.db import transaction
from portal.domain.account import Purpose, Role
from portal.domain.experience import Stage
from portal.domain.matching.left import Left
from portal.domain.matching.together import Fairness, PairState, ProposalState
from portal.domain.matching.walk import State
from portal.models import (
    Consent,
    PeerProfile,
    Person,
)
from portal.queries import matching as queries
from portal.services import matching
from portal.services.matching.everyone import everyone
from tests.matching_cast import (
    ALCOHOL,
    LONELINESS,
    Hill,
    add_asker,
    add_peer,
    asked,
    invited,
    owed,
    ranks,
    set_walk,
    steps_of,
)
from tests.services.outbox import add_person
from tests.services.test_matching_proposing.cast import make, pairs, stands


def test_everybody_who_waits_and_has_nobody_asked_is_in_it(hill: Hill, now: datetime) -> None:
    ben, cleo, dov = hill.peers
    with_cards, choosing = add_asker(now, "Cards"), add_asker(now, "Chose")
    for member in (with_cards, choosing):
        matching.ask(member, key="", now=now)
    matching.rank(queries.open_walk_of(choosing) or 0, choosing, [dov, cleo], revision=None, key="", now=now)
    invited(hill, now)
    held, away, suspended = (add_asker(now, name) for name in ("Held", "Away", "Suspended"))
    for member in (held, away, suspended):
        matching.ask(member, key="", now=now)
    set_walk(queries.open_walk_of(held) or 0, state=State.HELD)
    with transaction() as session:
        session.add(Consent(person_id=away, purpose=Purpose.MATCHING, wording=1, given_at=now, withdrawn_at=now))
        session.get_one(Person, suspended).suspended_at = now
    found = everyone(now)
    assert [(walk.member_id, walk.state, walk.first, walk.allowed) for walk in found.walks] == [
        (with_cards, State.SHORTLISTED, ben, None),
        (choosing, State.CHOSEN, dov, frozenset({dov, cleo})),
    ]
    assert [member.id for member in found.members] == [with_cards, choosing] == found.asks.ids.tolist()
    assert [peer.id for peer in found.peers] == [ben, cleo, dov] == found.pool.ids.tolist()


def test_a_few_are_worked_out_at_once(hill: Hill, now: datetime) -> None:
    asked(hill, now)
    make(hill, now)
    found = stands(now)
    assert (found.state, found.progress, found.fairness, found.by) == (
        ProposalState.READY,
        100,
        Fairness.NOBODY_OUT,
        "Alice",
    )
    assert found.found is not None
    assert (found.found.waiting, found.found.placed, found.found.same, found.found.proved) == (1, 1, 1, True)
    pair = pairs(now)["Ana"]
    assert (pair.peer_id, pair.was_peer_id, pair.state) == (hill.peers[0], hill.peers[0], PairState.PENDING)
    assert pair.why is not None
    assert pair.why.bars == queries.choice(pair.walk_id, now).suggestions[0].bars  # type: ignore[union-attr]


def test_nobody_is_told_of_a_proposal(hill: Hill, now: datetime) -> None:
    walk_id = asked(hill, now)
    before = (ranks(walk_id), owed(walk_id), steps_of(walk_id))
    make(hill, now)
    assert (ranks(walk_id), owed(walk_id), steps_of(walk_id)) == before


def test_nobody_is_left_out_where_the_closest_fits_would_leave_somebody(inside: Flask, now: datetime) -> None:
    """Ben is the only one for Ida, and nearer to Ana than Cleo is; he has room for one."""
    ben = add_peer(now, "Ben", capacity_halves=3)
    cleo = add_peer(now, "Cleo", topics=[LONELINESS], stage=Stage.MIDDLE, capacity_halves=3)
    ana, ida = add_asker(now, "Ana"), add_asker(now, "Ida", topics=[ALCOHOL])
    hill = Hill(ana, (ben, cleo, 0), add_person("Alice", now, Role.COORDINATOR))
    for member in (ana, ida):
        matching.ask(member, key="", now=now)
    make(hill, now)
    assert {name: pair.peer_id for name, pair in pairs(now).items()} == {"Ana": cleo, "Ida": ben}
    assert (pairs(now)["Ana"].was_peer_id, pairs(now)["Ida"].was_peer_id) == (ben, ben)
    found = stands(now).found
    assert found is not None
    assert (found.placed, found.today_placed, found.same, found.instead) == (2, 1, 1, 1)


def test_whoever_is_left_out_has_the_reason_beside(hill: Hill, now: datetime) -> None:
    told = {"Far": ["debt"], "Mute": [LONELINESS]}
    for name, topics in told.items():
        matching.ask(add_asker(now, name, topics=topics, languages=["fi"]), key="", now=now)
    with transaction() as session:
        for peer in hill.peers[1:]:
            session.get_one(PeerProfile, peer).capacity_halves = 0
        session.get_one(PeerProfile, hill.peers[0]).capacity_halves = 3
    for name in ("One", "Two"):
        matching.ask(add_asker(now - timedelta(days=1), name), key="", now=now)
    make(hill, now)
    left = {name: pair.left for name, pair in pairs(now).items()}
    assert {left["One"], left["Two"]} == {None, Left.ROOM}
    assert (left["Far"], left["Mute"]) == (Left.TOPIC, Left.LANGUAGE)
