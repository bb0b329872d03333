"""A peer's readiness, on both databases: asked for again by one light letter, given in one tap, topic by topic."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import read, transaction
from portal.domain.account import PeerState
from portal.domain.experience import Readiness
from portal.domain.matching.walk import State
from portal.domain.notice import Kind, NoticeState
from portal.models import AuditEntry, Notice, PeerProfile, Person
from portal.queries import experience as queries
from portal.services import experience as services
from portal.services import matching
from tests.matching_cast import ALCOHOL, LONELINESS, add_hill, add_peer, invited, walk_row
from tests.races.test_matching import at_once
from tests.services.outbox import deliver_due, rows

ROUND = timedelta(days=12, minutes=1)


@pytest.fixture
def ben(inside: Flask, now: datetime) -> int:
    """Ben, who said today that he is ready."""
    return add_peer(now, "Ben")


def letters() -> list[tuple[int | None, NoticeState]]:
    read().rollback()
    found = [(row.person_id, row.state) for row in rows([Kind.READY_AGAIN])]
    read().rollback()
    return found


def change(peer_id: int, **values: object) -> None:
    with transaction() as session:
        profile = session.get_one(PeerProfile, peer_id)
        for name, value in values.items():
            setattr(profile, name, value)


def profile(peer_id: int) -> PeerProfile:
    read().rollback()
    return read().get_one(PeerProfile, peer_id, populate_existing=True)


def topics(peer_id: int) -> dict[int, Readiness]:
    return {topic.id: topic.readiness for topic in _told(peer_id).topics if topic.readiness is not None}


def _told(peer_id: int) -> queries.PeerTold:
    read().rollback()
    found = queries.peer_told(peer_id)
    assert found is not None
    return found


def test_a_peer_is_asked_a_little_before_two_weeks_are_over_once_for_each_word(ben: int, now: datetime) -> None:
    assert services.ask_ready_again(now=now + timedelta(days=12)) == 0
    assert [services.ask_ready_again(now=now + ROUND + timedelta(days=day)) for day in (0, 0, 1, 13)] == [1, 0, 0, 0]
    assert letters() == [(ben, NoticeState.DUE)]
    assert profile(ben).ready_asked_at == now + ROUND


def test_without_an_answer_they_are_asked_twice_more_and_an_older_letter_is_taken_back(ben: int, now: datetime) -> None:
    days = (0, 13, 14, 15, 28, 42, 56, 400)
    assert [services.ask_ready_again(now=now + ROUND + timedelta(days=day)) for day in days] == [1, 0, 1, 0, 1, 0, 0, 0]
    assert letters() == [(ben, NoticeState.VOID), (ben, NoticeState.VOID), (ben, NoticeState.DUE)]
    services.confirm_ready(ben, now=now + timedelta(days=500))
    assert services.ask_ready_again(now=now + timedelta(days=500) + ROUND) == 1


def test_each_of_the_three_letters_goes_out(inside: Flask, ben: int, now: datetime) -> None:
    for days in (0, 14, 28):
        services.ask_ready_again(now=now + ROUND + timedelta(days=days))
        deliver_due(now=now + ROUND + timedelta(days=days))
    assert letters() == [(ben, NoticeState.SENT)] * 3


def test_after_an_answer_the_next_round_asks_again(ben: int, now: datetime) -> None:
    services.ask_ready_again(now=now + ROUND)
    answered = now + ROUND + timedelta(hours=2)
    services.confirm_ready(ben, now=answered)
    assert letters() == [(ben, NoticeState.VOID)]
    assert services.ask_ready_again(now=answered + timedelta(days=12)) == 0
    assert services.ask_ready_again(now=answered + ROUND) == 1
    assert letters() == [(ben, NoticeState.VOID), (ben, NoticeState.DUE)]


@pytest.mark.parametrize("why", ["rests", "is paused", "has only applied", "is suspended", "never said so"])
def test_whoever_is_not_here_to_be_asked_gets_no_letter(ben: int, now: datetime, why: str) -> None:
    if why == "rests":
        services.rest(ben, now=now + timedelta(days=1))
    elif why == "is suspended":
        with transaction() as session:
            session.get_one(Person, ben).suspended_at = now
    else:
        values: dict[str, dict[str, object]] = {
            "is paused": {"state": PeerState.PAUSED},
            "has only applied": {"state": PeerState.APPLIED},
            "never said so": {"ready_at": None},
        }
        change(ben, **values[why])
    assert services.ask_ready_again(now=now + ROUND) == 0
    assert letters() == []


@pytest.mark.parametrize("since", ["answered", "rests", "paused"])
def test_a_letter_that_has_lost_its_reason_stays_at_home(inside: Flask, ben: int, now: datetime, since: str) -> None:
    at = now + ROUND
    services.ask_ready_again(now=at)
    # Behind the verbs' back, so that the reason is what stops it, not the verb that took it back.
    values: dict[str, dict[str, object]] = {
        "answered": {"ready_at": at + timedelta(minutes=1)},
        "rests": {"resting_since": at},
        "paused": {"state": PeerState.PAUSED},
    }
    change(ben, **values[since])
    deliver_due(now=at + timedelta(minutes=2))
    assert letters() == [(ben, NoticeState.VOID)]


def test_a_letter_whose_reason_holds_goes_out(inside: Flask, ben: int, now: datetime) -> None:
    services.ask_ready_again(now=now + ROUND)
    deliver_due(now=now + ROUND)
    assert letters() == [(ben, NoticeState.SENT)]


def test_resting_takes_the_letter_back(ben: int, now: datetime) -> None:
    services.ask_ready_again(now=now + ROUND)
    services.rest(ben, now=now + ROUND)
    assert letters() == [(ben, NoticeState.VOID)]
    services.come_back(ben, now=now + ROUND + timedelta(days=20))
    assert services.ask_ready_again(now=now + ROUND + timedelta(days=21)) == 0


def test_each_topic_is_kept_and_saying_so_says_that_one_is_ready(ben: int, now: datetime) -> None:
    ids, later = queries.topic_ids(), now + ROUND
    services.ask_ready_again(now=later)
    given = {ids[LONELINESS]: Readiness.NOT_NOW, ids["debt"]: Readiness.GLAD}
    services.keep_readiness(ben, given, now=later + timedelta(hours=1))
    assert topics(ben) == {ids[LONELINESS]: Readiness.NOT_NOW, ids[ALCOHOL]: Readiness.GLAD}
    assert profile(ben).ready_at == later + timedelta(hours=1)
    assert letters() == [(ben, NoticeState.VOID)]
    verbs = read().scalars(select(AuditEntry.verb).where(AuditEntry.subject_id == ben).order_by(AuditEntry.id)).all()
    assert verbs == ["stages changed", "ready confirmed"]


def test_a_question_that_was_asked_stays_theirs_and_nothing_new_comes(inside: Flask, now: datetime) -> None:
    hill = add_hill(now)
    walk_id, ben = invited(hill, now), hill.peers[0]
    services.keep_readiness(ben, dict.fromkeys(topics(ben), Readiness.NOT_NOW), now=now)
    assert (walk_row(walk_id).state, walk_row(walk_id).peer_id) == (State.INVITED, ben)
    assert matching.say_yes(walk_id, ben, revision=None, key="", now=now) == walk_id
    assert set(topics(ben).values()) == {Readiness.NOT_NOW}


def test_two_clocks_at_once_ask_once(inside: Flask, ben: int, now: datetime) -> None:
    found = at_once(inside, *[lambda: services.ask_ready_again(now=now + ROUND)] * 3)
    read().rollback()
    assert sum(each for each in found if isinstance(each, int)) == 1
    assert [one for one in found if not isinstance(one, int)] == []
    assert len(read().scalars(select(Notice).where(Notice.kind == Kind.READY_AGAIN)).all()) == 1
