"""The order that members gave holds while there is room; on both databases."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from portal.db import transaction
from portal.domain.account import Role
from portal.domain.experience import Readiness, Stage
from portal.domain.matching.together import Fairness
from portal.domain.matching.walk import State
from portal.models import (
    PeerProfile,
)
from portal.services import matching
from portal.services.matching import proposing
from tests.matching_cast import (
    ALCOHOL,
    LONELINESS,
    Hill,
    add_asker,
    add_peer,
    asked,
    chosen,
    steps_of,
    walk_row,
)
from tests.services.outbox import add_person
from tests.services.test_matching_proposing.cast import make, pairs, publish_all, stands


def test_where_nobody_chosen_can_be_asked_the_portal_looks_again(hill: Hill, now: datetime) -> None:
    walk_id = chosen(hill, now, [hill.peers[0]])
    make(hill, now)
    with transaction() as session:
        session.get_one(PeerProfile, hill.peers[0]).resting_since = now
    done = publish_all(hill, now)
    assert [one.sentence[:22] for one in done.moved_on] == ["Nobody who was chosen "]
    assert (walk_row(walk_id).state, steps_of(walk_id)[-2:]) == (State.SHORTLISTED, ["none_left", "shortlist"])


def test_the_order_a_member_gave_holds_while_there_is_room(inside: Flask, now: datetime) -> None:
    """Dov, whom both put first, fits less closely than Ben; he has room for one, and Ida has waited longer."""
    ben = add_peer(now, "Ben", capacity_halves=6)
    dov = add_peer(now, "Dov", readiness=Readiness.LISTEN, capacity_halves=3)
    alice = add_person("Alice", now, Role.COORDINATOR)
    for name, asked_at in (("Ana", now), ("Ida", now - timedelta(days=3))):
        chosen(Hill(add_asker(now, name), (dov, ben, 0), alice), asked_at, [dov, ben])
    make(Hill(0, (ben, dov, 0), alice), now)
    assert {name: (pair.peer_id, pair.rank) for name, pair in pairs(now).items()} == {"Ana": (ben, 2), "Ida": (dov, 1)}
    found = stands(now).found
    assert found is not None
    assert (found.placed, found.ordered, found.proved) == (2, 2, True)


def test_the_first_somebody_put_leaves_their_closer_fit_to_others(inside: Flask, now: datetime) -> None:
    """Ana put Ann before Ben, who fits her more closely; Ida fits Ben more closely than Cleo."""
    ben = add_peer(now, "Ben", topics=[ALCOHOL], capacity_halves=3)
    ann = add_peer(now, "Ann", topics=[LONELINESS], readiness=Readiness.LISTEN, stage=Stage.MIDDLE, capacity_halves=3)
    cleo = add_peer(now, "Cleo", topics=[ALCOHOL], readiness=Readiness.LISTEN, capacity_halves=3)
    alice = add_person("Alice", now, Role.COORDINATOR)
    chosen(Hill(add_asker(now, "Ana", topics=[ALCOHOL, LONELINESS]), (ann, ben, 0), alice), now, [ann, ben])
    matching.ask(add_asker(now, "Ida", topics=[ALCOHOL]), key="", now=now)
    for fairness in Fairness:
        make(Hill(0, (ann, ben, cleo), alice), now, fairness)
        assert {name: pair.peer_id for name, pair in pairs(now).items()} == {"Ana": ann, "Ida": ben}


def test_two_who_put_each_others_closest_first_both_get_their_first(inside: Flask, now: datetime) -> None:
    ben = add_peer(now, "Ben", topics=[LONELINESS], capacity_halves=3)
    dov = add_peer(now, "Dov", topics=[ALCOHOL], capacity_halves=3)
    alice = add_person("Alice", now, Role.COORDINATOR)
    for name, topics, order in (
        ("Ana", [ALCOHOL, LONELINESS], [ben, dov]),
        ("Ida", [LONELINESS, ALCOHOL], [dov, ben]),
    ):
        chosen(Hill(add_asker(now, name, topics=topics), (ben, dov, 0), alice), now, order)
    for fairness in Fairness:
        make(Hill(0, (ben, dov, 0), alice), now, fairness)
        assert {name: (pair.peer_id, pair.rank) for name, pair in pairs(now).items()} == {
            "Ana": (ben, 1),
            "Ida": (dov, 1),
        }


def test_today_goes_on_to_the_next_card_where_the_first_has_no_room(inside: Flask, now: datetime) -> None:
    ben, cleo = (add_peer(now, name, capacity_halves=3) for name in ("Ben", "Cleo"))
    alice = add_person("Alice", now, Role.COORDINATOR)
    for name in ("Ana", "Ida"):
        chosen(Hill(add_asker(now, name), (ben, cleo, 0), alice), now, [ben, cleo])
    make(Hill(0, (ben, cleo, 0), alice), now)
    found = stands(now).found
    assert found is not None
    assert (found.placed, found.today_placed) == (2, 2)
    assert [found.fit, found.worst] == pytest.approx([found.today_fit, found.today_worst])


def test_the_furthest_fit_says_whether_it_is_a_pinned_pair(hill: Hill, now: datetime) -> None:
    asked(hill, now)
    make(hill, now)
    assert not stands(now).found.worst_pinned  # type: ignore[union-attr]
    proposing.pin(hill.member, hill.peers[2], hill.coordinator, now=now)
    make(hill, now)
    assert stands(now).found.worst_pinned  # type: ignore[union-attr]
