"""Whom a member is shown is the shortlist of everybody, though few are read, in a made-up community."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from random import Random

import pytest
from flask import Flask
from sqlalchemy import update

from bench.community import Community, community
from bench.rows import write
from portal.db import read, transaction
from portal.domain.account import PeerState, Purpose
from portal.domain.experience import Readiness, Stage
from portal.domain.matching.ceiling import all_wished, ceiling, ceiling_but_for_time, score, wished_of
from portal.domain.matching.explain import Suggestion
from portal.domain.matching.filters import Filter, checks, fit_but_for_time
from portal.domain.matching.hill import climb, hill_share
from portal.domain.matching.score import DEFAULT_WEIGHTS, Part, Weights, room_share
from portal.domain.matching.shortlist import CARDS, Hours, held_back, shortlist
from portal.domain.matching.stored import to_json
from portal.domain.matching.together import Mark
from portal.domain.matching.values import Openings
from portal.domain.matching.walk import State
from portal.domain.matching.ways_on import ways_on
from portal.models import Consent, PairMark, PeerProfile, PeerTopic, Person, TimeOff, Topic, Walk
from portal.models import Suggestion as SuggestionRow
from portal.queries import matching as queries
from portal.queries.slots import common_openings, openings_by_part, times_told_of

PEERS = 260
MEMBERS = 24
ODD_WEIGHTS = Weights("2", {Part.HILL: 10, Part.ASKED: 40, Part.STYLE: 0, Part.IDENTITY: 25, Part.TOGETHER: 30})


@pytest.fixture(params=[1, 2])
def told(request: pytest.FixtureRequest, app: Flask) -> Iterator[Community]:
    """A community in the database, with everything in it that keeps two people from being brought together."""
    told = community(MEMBERS, PEERS, seed=request.param)
    with app.app_context():
        _write(told, Random(request.param))
        yield told


def _write(told: Community, random: Random) -> None:
    now = told.now
    peers = [peer.id for peer in told.peers]
    away = [TimeOff(peer_id=one, starts_at=now, ends_at=now + timedelta(days=4)) for one in random.sample(peers, 60)]
    with transaction() as session:
        write(session, told)
        session.add_all(away)
        session.execute(update(Person).where(Person.id.in_(random.sample(peers, 20))).values(suspended_at=now))
        gone = update(Consent).where(Consent.person_id.in_(random.sample(peers, 20)))
        session.execute(gone.values(withdrawn_at=now))
        again = random.sample(peers, 40)
        session.add_all(Consent(person_id=one, purpose=Purpose.MATCHING, wording=1, given_at=now) for one in again)
        for member in told.members:
            parted, forbidden = random.sample(peers, 2)
            more = {"open": False, "asked_at": now, "since": now, "state": State.SOMEONE_ELSE}
            session.add(Walk(member_id=member.id, peer_id=parted, **more))
            session.add(
                PairMark(member_id=member.id, peer_id=forbidden, mark=Mark.FORBID, by_id=told.members[0].id, at=now)
            )


def plainly(member_id: int, now: datetime, without: Collection[int] = (), count: int = CARDS) -> tuple[Suggestion, ...]:
    """Read everybody and look at each."""
    weights = queries.domain_weights()
    assert weights is not None
    peers = [peer for peer in queries.peer_values() if peer.id not in without]
    openings = common_openings(member_id, [peer.id for peer in peers], now)
    return shortlist(queries.member_value(member_id), peers, openings, weights, now, count).suggestions


def test_the_closest_are_those_of_the_shortlist_of_everybody(told: Community) -> None:
    found = [queries.fitting(member.id, told.now) for member in told.members]
    assert found == [plainly(member.id, told.now) for member in told.members]
    assert sum(len(suggestions) == CARDS for suggestions in found) > MEMBERS / 4
    assert any(len(suggestions) < CARDS for suggestions in found)


def test_they_are_so_for_any_number_and_without_some_people(told: Community) -> None:
    for member in told.members[: MEMBERS // 2]:
        without = {one.peer_id for one in queries.fitting(member.id, told.now)}
        for count in (1, 8, PEERS):
            assert queries.fitting(member.id, told.now, without=without, count=count) == plainly(
                member.id, told.now, without, count
            )


def test_nobody_is_suggested_to_themselves_though_they_offer_what_they_ask_for(told: Community) -> None:
    member, now = told.members[0].id, told.now
    with transaction() as session:
        ready = {"state": PeerState.APPROVED, "agreed_at": now, "ready_at": now, "approved_at": now, "updated_at": now}
        session.add(PeerProfile(person_id=member, about={"formats": ["phone"], "languages": ["en"]}, **ready))
        for named in queries.member_value(member).topics:
            topic_id = session.query(Topic.id).where(Topic.slug == named.slug).scalar()
            known = {"stage": Stage.FURTHER, "readiness": Readiness.GLAD}
            session.add(PeerTopic(person_id=member, topic_id=topic_id, **known))
    found = queries.fitting(member, now, count=PEERS)
    assert found == plainly(member, now, count=PEERS)
    assert member not in {one.peer_id for one in found}


def test_the_clock_knows_of_all_who_wait_for_whom_somebody_fits(told: Community) -> None:
    now = told.now
    walks = {member.id: _open_walk(member.id, now) for member in told.members}
    fits = {member_id: queries.fitting(member_id, now) for member_id in walks}
    assert sorted(queries.findable(now)) == [walks[member_id] for member_id, found in fits.items() if found]
    with transaction() as session:
        for member_id in list(walks)[::2]:
            everybody = queries.fitting(member_id, now, count=PEERS)
            session.add_all(_suggested(walks[member_id], one, closed_at=now) for one in everybody)
    left = [walk_id for place, walk_id in enumerate(walks.values()) if place % 2 and fits[told.members[place].id]]
    assert sorted(queries.findable(now)) == left
    assert queries.findable(now + timedelta(days=15)) == []  # by then nobody has said that they are ready


def test_the_clock_knows_of_all_who_wait_whose_shortlist_is_worn_out(told: Community) -> None:
    now, random = told.now, Random(5)
    walks = {member.id: _open_walk(member.id, now) for member in told.members}
    with transaction() as session:
        offered = {member_id: queries.fitting(member_id, now) for member_id in walks}
        for member_id, found in offered.items():
            walk = session.get_one(Walk, walks[member_id])
            walk.state = random.choice([State.SHORTLISTED, State.CHOSEN])
            walk.choose_with_me = random.random() < 0.5
            session.add_all(
                _suggested(walk.id, one, rank=random.choice([None, place])) for place, one in enumerate(found)
            )
        resting = {one.peer_id for found in offered.values() for one in found if random.random() < 0.7}
        session.execute(update(PeerProfile).where(PeerProfile.person_id.in_(resting)).values(resting_since=now))
    worn = []
    for member_id, walk_id in walks.items():
        walk = read().get_one(Walk, walk_id)
        if queries.nobody_fits(walk, now) and (walk.state is State.CHOSEN or queries.fitting(member_id, now)):
            worn.append(walk_id)
    assert sorted(queries.worn_out(now)) == worn
    assert 0 < len(worn) < MEMBERS


def _open_walk(member_id: int, now: datetime) -> int:
    with transaction() as session:
        walk = Walk(member_id=member_id, state=State.ASKED, asked_at=now, since=now)
        session.add(walk)
        session.flush()
        return walk.id


def _suggested(
    walk_id: int, found: Suggestion, rank: int | None = None, closed_at: datetime | None = None
) -> SuggestionRow:
    facts = {"why": to_json(found), "weights_version": int(found.weights_version), "made_at": found.at}
    return SuggestionRow(walk_id=walk_id, peer_id=found.peer_id, position=1, rank=rank, closed_at=closed_at, **facts)


def test_what_would_help_is_told_as_if_everybody_had_been_read(told: Community) -> None:
    now, peers = told.now, queries.peer_values()
    everybody = [peer.id for peer in peers]
    found = set()
    for member in told.members:
        openings = common_openings(member.id, everybody, now)
        parts, zone = times_told_of([member.id])[member.id]
        hours = Hours(parts, openings_by_part(everybody, [zone], now)[zone])
        value = queries.member_value(member.id)
        helps = queries.what_helps(member.id, now)
        assert helps.held_back == held_back(value, peers, openings, now, hours)
        assert helps.ways == ways_on(value, peers, openings, now)
        found.add(helps.held_back.what if helps.held_back is not None else None)
    assert len(found) > 3


@pytest.mark.parametrize("weights", [DEFAULT_WEIGHTS, ODD_WEIGHTS])
def test_no_score_is_above_its_ceilings(weights: Weights) -> None:
    told = community(30, 60, seed=3)
    pairs = [(member, peer) for member in told.members for peer in told.peers]
    for at, (member, peer) in enumerate(pairs):
        openings = Openings(3, told.now + timedelta(days=at % 16))
        exact = score(member, peer, openings, weights, told.now)
        in_time = ceiling_but_for_time(member, peer, weights, told.now)
        assert exact <= in_time + 1e-9
        hill = hill_share(climb(member, peer))
        assert hill is not None
        best, room = ceiling(member, weights), room_share(peer)
        as_wished = best(hill, room, wished_of(member, peer.traits, peer.wishes))
        assert in_time <= as_wished + 1e-9
        assert as_wished <= best(hill, room, all_wished(member)) + 1e-9


def test_fitting_but_for_time_is_every_filter_but_that_of_times() -> None:
    told = community(30, 60, seed=4)
    answers = set()
    for member in told.members:
        for peer in told.peers:
            plain = all(
                check.passed
                for check in checks(member, peer, Openings(), told.now)
                if check.filter is not Filter.OPENINGS
            )
            assert fit_but_for_time(member, peer, told.now) is plain
            answers.add(plain)
    assert answers == {True, False}
