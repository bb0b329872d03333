"""Any suggestion of the past is worked out again from its stored row and the weights of its version alone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal.db import read, transaction
from portal.domain.experience import Readiness, Stage, Strength, Style, WishKind
from portal.domain.matching.explain import Suggestion
from portal.domain.matching.filters import fits
from portal.domain.matching.hill import hill_share
from portal.domain.matching.score import Part, PartScore, Weights
from portal.domain.matching.shortlist import TIE_DIGITS
from portal.domain.matching.stored import from_json
from portal.domain.matching.told import Told, member_sentences
from portal.domain.matching.walk import State
from portal.models import MemberProfile, MemberTopic, PastSuggestion, PeerProfile, PeerTopic, Topic, Trait, Wish
from portal.models import Suggestion as Row
from portal.queries import matching as queries
from portal.services import matching
from tests.matching_cast import ALCOHOL, LONELINESS, Hill, add_hill, add_peer, asked, walk_row

AGAIN = timedelta(days=20)
OTHER_POINTS = {Part.HILL: 5.0, Part.ASKED: 60.0, Part.STYLE: 0.0, Part.IDENTITY: 3.5, Part.TOGETHER: 30, Part.ROOM: 1}
ALL_CLOSE_TO = 1e-9


@dataclass(frozen=True)
class Shown:
    """What was to be read of one suggestion when it was made: by a coordinator, and by the member."""

    peer_id: int
    points: Mapping[Part, float]
    sentences: tuple[Told, ...]
    suggestion: Suggestion


@pytest.fixture
def inside(app: Flask) -> Iterator[Flask]:
    with app.app_context():
        yield app


@pytest.fixture
def hill(inside: Flask, now: datetime) -> Hill:
    """Ana wishes for a parent; Ben is one, Cleo and Ben say how they like to talk, Dov says little."""
    made = add_hill(now)
    ben, cleo, _dov = made.peers
    with transaction() as session:
        session.add(Wish(person_id=made.member, kind=WishKind.PARENT, strength=Strength.LIKE, value="yes"))
        session.add(Trait(person_id=ben, kind=WishKind.PARENT, value="yes"))
        for peer_id, styles in ((ben, [Style.GENTLE]), (cleo, [Style.HUMOUR, Style.GENTLE])):
            profile = session.get_one(PeerProfile, peer_id)
            profile.about = {**profile.about, "styles": [str(style) for style in styles]}
    return made


def topic_names() -> dict[str, str]:
    return dict(read().execute(select(Topic.slug, Topic.name)).all())


def shown_now(walk_id: int, now: datetime) -> list[Shown]:
    """What the pages show now, in the order of the cards."""
    read().rollback()
    choice = queries.choice(walk_id, now)
    assert choice is not None
    bars = {why.peer_id: {bar.part: bar.points for bar in why.bars} for why in choice.suggestions}
    fitting = {one.peer_id: one for one in queries.fitting(walk_row(walk_id).member_id, now)}
    cards = queries.cards(walk_id, walk_row(walk_id).member_id, now)
    return [Shown(card.peer_id, bars[card.peer_id], card.sentences, fitting[card.peer_id]) for card in cards]


def past_of(walk_id: int) -> list[PastSuggestion]:
    return list(read().scalars(select(PastSuggestion).where(PastSuggestion.walk_id == walk_id)))


def total_by(shares: Mapping[Part, float | None], weights: Weights) -> float:
    """A side's total as matching.md has it: what was not stated is left out of the whole as well."""
    counted = {part: share for part, share in shares.items() if share is not None}
    whole = sum(weights.parts[part] for part in counted)
    return 100 * sum(weights.parts[part] * share for part, share in counted.items()) / whole


def shares_of(parts: tuple[PartScore, ...]) -> dict[Part, float | None]:
    return {part.part: part.share for part in parts}


def reproduced(row: Row | PastSuggestion) -> Suggestion:
    """Work everything out anew from the row and the weights of its version, and hold it to what the row says."""
    stored, weights = from_json(row.why), queries.weights_of(row.weights_version)
    assert weights is not None
    assert (stored.weights_version, weights.version) == (str(row.weights_version), str(row.weights_version))
    assert (stored.peer_id, stored.at) == (row.peer_id, row.made_at)
    assert fits(stored.filters)
    assert len(stored.filters) == 8
    sides = [stored.parts] if stored.theirs is None else [stored.parts, stored.theirs]
    totals = []
    for side in sides:
        shares = shares_of(side)
        assert shares[Part.HILL] == hill_share(stored.footings)
        assert {part.part: part.points for part in side} == {
            part: (share or 0.0) * weights.parts[part] for part, share in shares.items()
        }
        totals.append(total_by(shares, weights))
    assert stored.score == pytest.approx(
        totals[0] if len(totals) == 1 else sqrt(totals[0] * totals[1]), abs=ALL_CLOSE_TO
    )
    return stored


def hold_to(rows: Sequence[Row | PastSuggestion], shown: list[Shown], names: Mapping[str, str]) -> None:
    """Everything that was shown then comes out of the rows, in the same order."""
    found = [reproduced(row) for row in sorted(rows, key=lambda row: row.position)]
    assert [one.peer_id for one in found] == [one.peer_id for one in shown]
    assert found == [one.suggestion for one in shown]
    assert [{part.part: part.points for part in one.parts} for one in found] == [one.points for one in shown]
    assert [member_sentences(one, names) for one in found] == [one.sentences for one in shown]
    assert sorted(found, key=lambda one: -round(one.score, TIE_DIGITS)) == found
    assert len({round(one.score, TIE_DIGITS) for one in found}) == len(found)


def everything_changes(hill: Hill, later: datetime) -> None:
    """Other weights, another telling by the member, other topics, ways to talk and room of the peers."""
    matching.set_weights(hill.coordinator, OTHER_POINTS, "Tried out.", version_seen=1, key="", now=later)
    ben, cleo, dov = hill.peers
    with transaction() as session:
        session.execute(update(MemberTopic).where(MemberTopic.person_id == hill.member).values(stage=Stage.FINDING))
        session.execute(update(Wish).where(Wish.person_id == hill.member).values(kind=WishKind.VETERAN))
        session.execute(update(PeerTopic).where(PeerTopic.person_id == dov).values(readiness=Readiness.GLAD))
        session.add(Trait(person_id=cleo, kind=WishKind.VETERAN, value="yes"))
        profile = session.get_one(MemberProfile, hill.member)
        profile.about = {**profile.about, "styles": [str(Style.HUMOUR)]}
        session.get_one(PeerProfile, ben).capacity_halves = 5


def rest(*peer_ids: int, since: datetime | None, ready: datetime) -> None:
    with transaction() as session:
        session.execute(
            update(PeerProfile).where(PeerProfile.person_id.in_(peer_ids)).values(resting_since=since, ready_at=ready)
        )


def test_any_suggestion_of_the_past_is_reproduced_from_what_was_stored(hill: Hill, now: datetime) -> None:
    walk_id = asked(hill, now)
    names = {slug: name for slug, name in topic_names().items() if slug != ALCOHOL}
    then = shown_now(walk_id, now)
    assert [one.peer_id for one in then] == list(hill.peers)
    assert then[0].suggestion.theirs is not None
    assert then[2].suggestion.theirs is None
    hold_to(queries.suggestions_of(walk_id), then, names)

    rest(*hill.peers, since=now, ready=now)
    eli = add_peer(now, "Eli")
    assert matching.make_shortlists(now=now + timedelta(days=1)) == 1
    later = now + AGAIN
    everything_changes(hill, later)
    # What was suggested before is told from its row as it was, whatever has changed since.
    hold_to([row for row in past_of(walk_id) if row.peer_id != eli], then, names)

    rest(*hill.peers, since=None, ready=later)
    rest(eli, since=later, ready=later)
    assert matching.make_shortlists(now=later) == 1
    assert walk_row(walk_id).state is State.SHORTLISTED
    anew = shown_now(walk_id, later)
    on_offer = queries.live(queries.suggestions_of(walk_id))
    past = past_of(walk_id)
    assert {row.weights_version for row in on_offer} == {2}
    assert {row.weights_version for row in past} == {1}
    assert [one.suggestion for one in anew] != [one.suggestion for one in then]
    hold_to(on_offer, anew, names)
    hold_to([row for row in past if row.peer_id != eli], then, names)


def test_a_row_that_was_tampered_with_is_noticed(hill: Hill, now: datetime) -> None:
    walk_id = asked(hill, now)
    row = queries.suggestions_of(walk_id)[0]
    row.why = {**row.why, "parts": [{**part, "share": 0.123} for part in row.why["parts"]]}
    with pytest.raises(AssertionError):
        reproduced(row)
    read().rollback()


def test_the_topics_of_the_cast_are_those_that_are_named(hill: Hill, now: datetime) -> None:
    shown = shown_now(asked(hill, now), now)
    assert [one.sentences[0][1] for one in shown] == [{"topic": topic_names()[LONELINESS]}] * 3
