"""A member corrects what the portal believed and has it look again, on both databases."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import read, transaction
from portal.domain.errors import BadInput, NotFound, Stale
from portal.domain.matching.walk import State
from portal.models import MemberProfile, PastSuggestion
from portal.queries import matching as queries
from portal.services import matching
from tests.matching_cast import Hill, add_hill, add_peer, asked, offering, owed, ranks, steps_of, walk_row

LATER = timedelta(hours=2)


@pytest.fixture
def hill(inside: Flask, now: datetime) -> Hill:
    return add_hill(now)


def tell(member_id: int, at: datetime, **about: object) -> None:
    with transaction() as session:
        profile = session.get_one(MemberProfile, member_id)
        profile.about = {**profile.about, **about}
        profile.updated_at = at


def look(walk_id: int, hill: Hill, at: datetime, revision: int | None = None, key: str = "") -> int:
    return matching.look_again(walk_id, hill.member, revision=revision, key=key, now=at)


def test_what_was_told_since_makes_new_cards(hill: Hill, now: datetime) -> None:
    walk_id = asked(hill, now)
    assert not queries.told_since(walk_id, hill.member)
    eve = add_peer(now, "Eve")
    tell(hill.member, now + LATER, styles=["listen"])
    assert queries.told_since(walk_id, hill.member)
    for _tap in range(2):
        look(walk_id, hill, now + LATER, revision=1, key="k")
    ben, cleo, dov = hill.peers
    assert {peer_id for peer_id, rank in ranks(walk_id) if rank is None} == {ben, eve, cleo}
    assert not queries.told_since(walk_id, hill.member)
    assert steps_of(walk_id) == ["shortlist", "shortlist"]
    assert walk_row(walk_id).state is State.SHORTLISTED
    assert owed(walk_id) == []
    past = read().scalars(select(PastSuggestion)).all()
    assert sorted((row.peer_id, row.closed_at) for row in past) == [(one, now + LATER) for one in (ben, cleo, dov)]


def test_whoever_left_the_cards_may_come_back_when_the_change_is_undone(hill: Hill, now: datetime) -> None:
    walk_id = asked(hill, now)
    tell(hill.member, now + LATER, formats=["video"])
    with pytest.raises(BadInput):
        look(walk_id, hill, now + LATER)
    add_peer(now, "Eve")
    tell(hill.member, now + LATER, formats=["phone"])
    look(walk_id, hill, now + LATER)
    assert hill.peers[2] not in dict(ranks(walk_id))
    assert queries.not_again(queries.suggestions_of(walk_id), now + LATER) == frozenset()


def test_where_nobody_fits_now_the_old_cards_stay_and_it_is_said(hill: Hill, now: datetime) -> None:
    walk_id = asked(hill, now)
    tell(hill.member, now + LATER, languages=["so"])
    with pytest.raises(BadInput) as told:
        look(walk_id, hill, now + LATER)
    assert told.value.field == "nobody"
    assert [peer_id for peer_id, _ in ranks(walk_id)] == list(hill.peers)
    assert steps_of(walk_id) == ["shortlist"]


def test_whoever_has_offered_stays_in_front(hill: Hill, now: datetime) -> None:
    ben, cleo, dov = hill.peers
    walk_id = offering(hill, now)
    matching.offer(walk_id, dov, key="", now=now)
    matching.choose_again(walk_id, hill.member, revision=None, key="", now=now)
    look(walk_id, hill, now + LATER)
    assert [peer_id for peer_id, _ in ranks(walk_id)] == [dov, ben, cleo]
    assert [card.offered for card in queries.cards(walk_id, hill.member, now)] == [True, False, False]


def test_only_from_the_cards_only_the_member_and_never_over_a_newer_decision(hill: Hill, now: datetime) -> None:
    walk_id = asked(hill, now)
    with pytest.raises(NotFound):
        matching.look_again(walk_id, hill.peers[0], revision=None, key="", now=now)
    with pytest.raises(Stale):
        look(walk_id, hill, now, revision=0)
    matching.rank(walk_id, hill.member, [hill.peers[0]], revision=None, key="", now=now)
    with pytest.raises(Stale):
        look(walk_id, hill, now)


def test_while_nobody_is_found_there_are_no_cards_to_look_at_again(hill: Hill, now: datetime) -> None:
    tell(hill.member, now, languages=["so"])
    walk_id = asked(hill, now)
    tell(hill.member, now, languages=["en"])
    with pytest.raises(Stale):
        look(walk_id, hill, now)
    assert matching.make_shortlists(now=now) == 1
