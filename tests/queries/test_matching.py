"""What each person may read of a walk, on both databases: cards, who asks, both revealed, the coordinator's board."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import event, update

from portal.db import db, read, transaction
from portal.domain.experience import Format, SharedTo, Stage, Strength, Style, WishKind
from portal.domain.matching.hill import Standing
from portal.domain.matching.score import Part
from portal.domain.matching.shortlist import Loosened
from portal.domain.matching.walk import Actor, State, Step
from portal.domain.matching.walk_words import COORDINATOR_WORDS, MEMBER_WORDS
from portal.models import PeerProfile, Person, Suggestion, Trait, Wish
from portal.queries import matching as queries
from portal.services import matching
from tests.matching_cast import (
    ALCOHOL,
    LONELINESS,
    NEVER_TOLD,
    STORY,
    Hill,
    add_asker,
    add_hill,
    add_peer,
    asked,
    both_yes,
    chosen,
    invited,
    set_walk,
)
from tests.services.outbox import add_person

REACH = "A text to 202-555-0100"


@pytest.fixture
def inside(app: Flask) -> Iterator[Flask]:
    with app.app_context():
        yield app


@pytest.fixture
def hill(inside: Flask, now: datetime) -> Hill:
    return add_hill(now)


def queries_of(reading: Callable[[], object]) -> int:
    """Return how many statements this takes."""
    read().rollback()
    said: list[str] = []

    def listen(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        said.append(statement)

    event.listen(db.engine, "before_cursor_execute", listen)
    try:
        reading()
    finally:
        event.remove(db.engine, "before_cursor_execute", listen)
    return len([statement for statement in said if statement.startswith("SELECT")])


def test_a_card_shows_a_first_name_own_words_and_what_is_shared_but_nothing_tender(hill: Hill, now: datetime) -> None:
    card = queries.cards(asked(hill, now), hill.member, now)[0]
    assert (card.peer_id, card.name, card.line, card.story) == (hill.peers[0], "Ben", "A walk at six.", STORY)
    assert (card.topics, card.formats, card.rank) == (("Loneliness",), (Format.PHONE,), None)
    assert card.sentences == (
        ("They have walked through %(topic)s, and are further along.", {"topic": "Loneliness"}),
        ("You are both free within the next few days.", {}),
    )
    assert card.soonest == now.replace(day=3, hour=14)


def test_cards_are_only_for_the_member_and_only_while_there_is_a_choice(hill: Hill, now: datetime) -> None:
    walk_id = both_yes(hill, now)
    assert queries.cards(walk_id, hill.member, now) == ()
    set_walk(walk_id, state=State.CHOSEN)
    assert len(queries.cards(walk_id, hill.member, now)) == 3
    for other in (hill.peers[0], hill.coordinator, add_person("Eve", now)):
        assert queries.cards(walk_id, other, now) == ()


def test_a_member_reads_how_the_walk_stands_in_words(hill: Hill, now: datetime) -> None:
    walk_id = asked(hill, now)
    view = queries.walk_for(hill.member, walk_id)
    assert view is not None
    assert (view.role, view.state, view.words) == (Actor.MEMBER, State.SHORTLISTED, MEMBER_WORDS[State.SHORTLISTED])
    assert view.steps == (Step.RANK, Step.CHOOSE_WITH_ME, Step.ASK_WHO_OFFERS, Step.STOP)
    assert (view.revision, view.other_id, view.other_name, view.line, view.answered) == (1, None, "", "", None)


def test_a_peer_sees_a_walk_from_the_asking_to_the_ending_and_a_stranger_never(hill: Hill, now: datetime) -> None:
    ben, cleo, _dov = hill.peers
    walk_id = chosen(hill, now)
    assert queries.walk_for(ben, walk_id) is None
    matching.approve(walk_id, hill.coordinator, None, revision=None, key="", now=now)
    view = queries.walk_for(ben, walk_id)
    assert view is not None
    assert (view.role, view.other_id, view.other_name) == (Actor.PEER, None, "")
    assert view.steps == (Step.YES, Step.NOT_NOW)
    assert queries.walks_of_peer(ben) == ()
    for other in (cleo, hill.coordinator, add_person("Eve", now)):
        assert queries.walk_for(other, walk_id) is None
    matching.say_yes(walk_id, ben, revision=None, key="", now=now)
    assert [(one.id, one.other_name) for one in queries.walks_of_peer(ben)] == [(walk_id, "Ana")]
    matching.stop(walk_id, hill.member, revision=None, key="", now=now)
    assert (queries.walk_for(ben, walk_id), queries.walks_of_peer(ben)) == (None, ())
    ended = queries.walk_for(hill.member, walk_id)
    assert ended is not None
    assert (ended.open, ended.other_id) == (False, None)


def test_who_asks_is_told_without_a_name_and_without_a_tender_topic(hill: Hill, now: datetime) -> None:
    walk_id = invited(hill, now)
    asking = queries.asking(walk_id, hill.peers[0], now)
    assert asking is not None
    assert [(topic.name, topic.stage, topic.tender) for topic in asking.topics] == [
        ("Loneliness", Stage.MIDDLE, False),
        ("", Stage.MIDDLE, True),
    ]
    assert (asking.styles, asking.formats, asking.languages) == ((Style.GENTLE,), (Format.PHONE,), ("en",))
    assert (asking.answer_by, asking.soonest) == (now + timedelta(hours=48), now.replace(day=3, hour=14))
    assert "Ana" not in repr(asking)
    assert NEVER_TOLD not in repr(asking)
    assert queries.asking(walk_id, hill.peers[1], now) is None


def test_only_both_yeses_reveal_names_and_ways_to_reach(hill: Hill, now: datetime) -> None:
    with transaction() as session:
        for person_id in (hill.member, hill.peers[0]):
            session.get_one(Person, person_id).reach = REACH
    walk_id = invited(hill, now)
    assert queries.revealed(walk_id, hill.peers[0]) is None
    assert queries.revealed(walk_id, hill.member) is None
    matching.say_yes(walk_id, hill.peers[0], revision=None, key="", now=now)
    to_peer, to_member = queries.revealed(walk_id, hill.peers[0]), queries.revealed(walk_id, hill.member)
    assert to_peer is not None
    assert to_member is not None
    assert (to_peer.other_name, to_peer.reach, to_peer.own_name, to_peer.story) == ("Ana", REACH, "Ben Carter", "")
    assert (to_member.other_name, to_member.reach, to_member.story) == ("Ben Carter", REACH, STORY)
    assert [topic.name for topic in to_peer.topics] == ["Loneliness", "Alcohol"]
    assert NEVER_TOLD not in repr(to_peer)
    for other in (hill.peers[1], hill.coordinator):
        assert queries.revealed(walk_id, other) is None


def test_a_walk_in_a_coordinators_words_says_who_is_suggested_and_why(hill: Hill, now: datetime) -> None:
    found = queries.choice(chosen(hill, now), now)
    assert found is not None
    told = found.waiting
    assert (told.name, told.words, told.waited) == ("Ana", COORDINATOR_WORDS[State.CHOSEN], timedelta(0))
    assert told.suggestion is not None
    assert told.runner_up is not None
    assert (told.suggestion.name, told.runner_up.name) == ("Ben Carter", "Cleo")
    assert [bar.part for bar in told.suggestion.bars] == list(Part)
    assert (told.suggestion.bars[0].points, told.suggestion.bars[0].sentence) == (40.0, "All of it fits.")
    assert [(topic.name, topic.tender, topic.standing) for topic in told.suggestion.topics] == [
        ("Loneliness", False, Standing.AHEAD),
        ("Alcohol", True, Standing.AHEAD),
    ]


def test_reading_the_peers_takes_as_many_queries_for_four_as_for_one(hill: Hill, now: datetime) -> None:
    one = queries_of(lambda: queries.peer_values(hill.peers[:1]))
    add_peer(now, "Eve")
    assert queries_of(queries.peer_values) == one


def test_a_choice_shows_all_a_coordinator_may_ask(hill: Hill, now: datetime) -> None:
    eve = add_peer(now, "Eve", topics=[ALCOHOL], stage=Stage.FINDING)
    with transaction() as session:
        session.add(Wish(person_id=hill.member, kind=WishKind.PARENT, strength=Strength.LIKE, value="yes"))
    walk_id = chosen(hill, now, hill.peers[1:])
    choice = queries.choice(walk_id, now)
    assert choice is not None
    assert [(why.peer_id, why.rank) for why in choice.suggestions] == [
        (hill.peers[1], 1),
        (hill.peers[2], 2),
        (hill.peers[0], None),
    ]
    assert [why.peer_id for why in choice.others] == [eve]
    assert (choice.own_words, choice.held_back, choice.past) == (NEVER_TOLD, None, ())
    assert [topic.name for topic in choice.topics] == ["Loneliness", "Alcohol"]
    assert [(wish.kind, wish.strength) for wish in choice.wishes] == [(WishKind.PARENT, Strength.LIKE)]
    assert choice.steps == (Step.APPROVE, Step.HOLD, Step.SWAP, Step.STOP)
    assert queries.choice(walk_id + 99, now) is None


def test_a_choice_shows_how_everybody_was_suggested_before_the_newest_first(hill: Hill, now: datetime) -> None:
    walk_id, later = asked(hill, now), now + timedelta(days=20)
    with transaction() as session:
        session.execute(update(Suggestion).values(closed_at=now))
        session.execute(update(PeerProfile).values(ready_at=later))
    set_walk(walk_id, state=State.ASKED)
    assert matching.make_shortlists(now=later) == 1
    with transaction() as session:
        session.execute(update(Suggestion).where(Suggestion.peer_id == hill.peers[2]).values(closed_at=later))
    choice = queries.choice(walk_id, later)
    assert choice is not None
    assert [why.peer_id for why in choice.suggestions] == list(hill.peers[:2])
    assert [(why.peer_id, why.made_at, why.closed) for why in choice.past] == [
        (hill.peers[2], later, True),
        *((peer_id, now, True) for peer_id in hill.peers),
    ]


def test_the_history_tells_each_step_with_who_and_why(hill: Hill, now: datetime) -> None:
    walk_id = invited(hill, now)
    matching.hold(walk_id, hill.coordinator, "A day more.", revision=None, key="", now=now)
    assert [(one.step, one.by, one.peer, one.reason) for one in queries.history(walk_id)] == [
        (Step.SHORTLIST, "", "", ""),
        (Step.RANK, "Ana", "", ""),
        (Step.APPROVE, "Alice", "Ben Carter", ""),
        (Step.HOLD, "Alice", "Ben Carter", "A day more."),
    ]


def test_what_holds_most_people_back_is_named_where_few_fit(inside: Flask, now: datetime) -> None:
    member = add_asker(now, topics=[LONELINESS], formats=["video"])
    add_peer(now, "Ben")
    held = queries.what_helps(member, now).held_back
    assert held is not None
    assert (held.what, held.value, held.opens) == (Loosened.FORMAT, "phone", 1)


def test_only_what_a_peer_shows_to_whoever_they_meet_counts_and_is_told_by_a_fit(hill: Hill, now: datetime) -> None:
    with transaction() as session:
        session.add(Trait(person_id=hill.peers[0], kind=WishKind.PARENT, value="yes", shown_to=SharedTo.NOBODY))
        session.add(Trait(person_id=hill.peers[1], kind=WishKind.PARENT, value="yes", shown_to=SharedTo.COORDINATOR))
        session.add(Trait(person_id=hill.peers[2], kind=WishKind.PARENT, value="yes", shown_to=SharedTo.PEER))
        session.add(Wish(person_id=hill.member, kind=WishKind.PARENT, strength=Strength.MUST, value="yes"))
    assert [dict(peer.traits) for peer in queries.peer_values(hill.peers)] == [{}, {}, {WishKind.PARENT: "yes"}]
    assert [card.peer_id for card in queries.cards(asked(hill, now), hill.member, now)] == [hill.peers[2]]


def test_what_a_member_tells_a_coordinator_counts_for_their_own_fits(hill: Hill, now: datetime) -> None:
    with transaction() as session:
        session.add(Trait(person_id=hill.member, kind=WishKind.PARENT, value="yes", shown_to=SharedTo.COORDINATOR))
        session.add(Trait(person_id=hill.member, kind=WishKind.FAITH, value="faith", shown_to=SharedTo.NOBODY))
    assert dict(queries.member_value(hill.member).traits) == {WishKind.PARENT: "yes"}
