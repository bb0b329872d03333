"""A member's telling: kept by parts, changed at any time, recorded by kind, and never ruling anybody out by a skip."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text, update

from portal.db import read, transaction
from portal.domain.account import Role
from portal.domain.errors import BadInput, NotFound
from portal.domain.experience import Format, SharedTo, Stage, Strength, WishKind
from portal.models import AuditEntry, Topic
from portal.queries import experience as queries
from portal.queries.experience import MemberTold, TopicTold, TraitTold, WishTold
from portal.services import experience as services
from portal.services.experience import Standing, TraitGiven, WishGiven
from tests.services.outbox import add_person

MEMBER = Role.MEMBER


@pytest.fixture
def ana(inside: Flask, now: datetime) -> int:
    """Ana, a member who has told nothing yet."""
    return add_person("Ana", now, MEMBER)


@pytest.fixture
def ids(inside: Flask) -> dict[str, int]:
    """The ids of the topics by slug."""
    return queries.topic_ids()


def told(person_id: int) -> MemberTold:
    found = queries.member_told(person_id)
    assert found is not None
    return found


def topics(person_id: int) -> list[tuple[int | None, int, Stage]]:
    return [(topic.rank, topic.id, topic.stage) for topic in told(person_id).topics]


def deeds(person_id: int) -> list[str]:
    rows = select(AuditEntry.verb).where(AuditEntry.actor_id == person_id).order_by(AuditEntry.id)
    return list(read().scalars(rows))


def choose(person_id: int, chosen: list[int], now: datetime) -> None:
    services.choose_topics(person_id, MEMBER, chosen, step=3, now=now)


def test_nothing_is_there_before_the_first_answer(ana: int) -> None:
    assert queries.member_told(ana) is None


def test_nobody_who_is_unknown_can_tell(inside: Flask, now: datetime) -> None:
    with pytest.raises(NotFound):
        services.pass_by(4711, MEMBER, step=2, now=now)


def test_topics_rank_as_they_were_chosen(ana: int, ids: dict[str, int], now: datetime) -> None:
    choose(ana, [ids["anxiety"], ids["alcohol"]], now)
    assert topics(ana) == [(1, ids["anxiety"], Stage.UNSURE), (2, ids["alcohol"], Stage.UNSURE)]


def test_a_topic_that_stays_keeps_its_stage_and_its_place_before_new_ones(
    ana: int, ids: dict[str, int], now: datetime
) -> None:
    choose(ana, [ids["anxiety"], ids["alcohol"]], now)
    services.set_stages(ana, MEMBER, {ids["alcohol"]: Standing(Stage.STEADIER)}, step=5, now=now)
    choose(ana, [ids["first-weeks"], ids["alcohol"]], now)
    assert topics(ana) == [(1, ids["alcohol"], Stage.STEADIER), (2, ids["first-weeks"], Stage.UNSURE)]


def test_topics_can_swap_their_places(ana: int, ids: dict[str, int], now: datetime) -> None:
    choose(ana, [ids["anxiety"], ids["alcohol"]], now)
    services.order_topics(ana, [ids["alcohol"], ids["anxiety"]], step=4, now=now)
    assert [topic_id for _rank, topic_id, _stage in topics(ana)] == [ids["alcohol"], ids["anxiety"]]


@pytest.mark.parametrize("order", [["alcohol"], ["alcohol", "alcohol"], ["alcohol", "debt"]])
def test_an_order_of_other_topics_is_refused(ana: int, ids: dict[str, int], now: datetime, order: list[str]) -> None:
    choose(ana, [ids["anxiety"], ids["alcohol"]], now)
    with pytest.raises(BadInput):
        services.order_topics(ana, [ids[slug] for slug in order], step=4, now=now)


@pytest.mark.parametrize("slugs", [[], ["anxiety", "alcohol", "debt", "eviction"]])
def test_none_and_more_than_three_topics_are_refused(
    ana: int, ids: dict[str, int], now: datetime, slugs: list[str]
) -> None:
    with pytest.raises(BadInput) as refused:
        choose(ana, [ids[slug] for slug in slugs], now)
    assert (refused.value.field, queries.member_told(ana)) == ("topics", None)


def test_a_hidden_topic_cannot_be_chosen_but_stays_with_who_named_it(
    ana: int, ids: dict[str, int], now: datetime
) -> None:
    choose(ana, [ids["debt"]], now)
    with transaction() as session:
        session.execute(update(Topic).where(Topic.slug.in_(["debt", "eviction"])).values(hidden=True))
    choose(ana, [ids["debt"], ids["anxiety"]], now)
    with pytest.raises(BadInput):
        choose(ana, [ids["debt"], ids["eviction"]], now)
    assert [topic_id for _rank, topic_id, _stage in topics(ana)] == [ids["debt"], ids["anxiety"]]


def test_answers_are_kept_in_the_order_of_the_page(ana: int, now: datetime) -> None:
    services.save_answers(ana, MEMBER, {"styles": ["gentle", "listen"], "rhythm": "weekly"}, step=7, now=now)
    assert dict(told(ana).about) == {"styles": ["listen", "gentle"], "rhythm": "weekly"}


@pytest.mark.parametrize("answers", [{"styles": ["shout"]}, {"rhythm": "hourly"}, {"formats": ["coffee", ""]}])
def test_an_answer_that_was_not_offered_is_refused(ana: int, now: datetime, answers: dict[str, str]) -> None:
    with pytest.raises(BadInput):
        services.save_answers(ana, MEMBER, answers, step=7, now=now)


def test_the_step_to_go_on_from_only_grows(ana: int, now: datetime) -> None:
    services.pass_by(ana, MEMBER, step=6, now=now)
    services.pass_by(ana, MEMBER, step=2, now=now)
    assert told(ana).step == 6


def test_wishes_replace_those_before(ana: int, now: datetime) -> None:
    services.save_wishes(ana, [WishGiven(WishKind.GENDER, Strength.MUST, "man,woman")], step=13, now=now)
    services.save_wishes(ana, [WishGiven(WishKind.PARENT, Strength.LIKE)], step=13, now=now)
    assert told(ana).wishes == (WishTold(WishKind.PARENT, Strength.LIKE, "yes"),)


def test_several_values_of_a_wish_stand_in_the_order_of_the_page(ana: int, now: datetime) -> None:
    services.save_wishes(ana, [WishGiven(WishKind.GENDER, Strength.MUST, "man,woman")], step=13, now=now)
    assert told(ana).wishes == (WishTold(WishKind.GENDER, Strength.MUST, "woman,man"),)


def test_a_fourth_must_is_refused(ana: int, now: datetime) -> None:
    kinds = (WishKind.PARENT, WishKind.VETERAN, WishKind.LGBTQ, WishKind.NOT_LOCAL)
    with pytest.raises(BadInput) as refused:
        services.save_wishes(ana, [WishGiven(kind, Strength.MUST) for kind in kinds], step=13, now=now)
    assert refused.value.field == "wishes"


@pytest.mark.parametrize("value", ["", "a giant"])
def test_a_wish_without_an_offered_value_is_refused(ana: int, now: datetime, value: str) -> None:
    with pytest.raises(BadInput) as refused:
        services.save_wishes(ana, [WishGiven(WishKind.GENDER, Strength.LIKE, value)], step=13, now=now)
    assert refused.value.field == "gender"


def test_what_is_told_of_oneself_is_kept_with_who_may_see_it(ana: int, now: datetime) -> None:
    given = [
        TraitGiven(WishKind.CULTURE, "  Karelian  and loud ", SharedTo.PEER),
        TraitGiven(WishKind.PARENT, "", SharedTo.PEER),
    ]
    services.save_traits(ana, MEMBER, given, [WishKind.CULTURE, WishKind.PARENT], step=14, now=now)
    assert told(ana).traits == (TraitTold(WishKind.CULTURE, "Karelian and loud", SharedTo.PEER),)
    assert told(ana).about["identity_matters"] == ["culture"]


def test_own_words_stand_encrypted(ana: int, now: datetime) -> None:
    words = {"own_words": "I told\r\nnobody yet.", "access_needs": "captions"}
    services.save_words(ana, MEMBER, words, step=15, now=now)
    assert (told(ana).own_words, told(ana).access_needs) == ("I told\nnobody yet.", "captions")
    stored = str(read().execute(text("SELECT own_words, access_needs, about FROM member_profile")).one())
    assert ("nobody" in stored, "captions" in stored) == (False, False)


def test_words_that_are_too_long_are_given_back(ana: int, now: datetime) -> None:
    with pytest.raises(BadInput) as refused:
        services.save_words(ana, MEMBER, {"own_words": "a" * 4001}, step=15, now=now)
    assert refused.value.field == "own_words"


def test_one_topic_is_enough_and_a_skipped_format_means_any(ana: int, ids: dict[str, int], now: datetime) -> None:
    choose(ana, [ids["debt"]], now)
    services.finish(ana, now=now)
    services.finish(ana, now=now + timedelta(hours=1))
    assert told(ana).finished_at == now
    assert dict(told(ana).about) == {"formats": [str(each) for each in Format], "languages": ["en"]}
    assert deeds(ana) == ["topics told", "telling finished"]


def test_without_a_topic_nothing_is_finished(ana: int, now: datetime) -> None:
    services.save_answers(ana, MEMBER, {"needs": ["company"]}, step=6, now=now)
    with pytest.raises(BadInput) as refused:
        services.finish(ana, now=now)
    assert (refused.value.field, told(ana).finished_at) == ("topics", None)


def test_a_format_taken_back_later_means_any_again(ana: int, ids: dict[str, int], now: datetime) -> None:
    choose(ana, [ids["debt"]], now)
    services.finish(ana, now=now)
    services.save_answers(ana, MEMBER, {"formats": ["phone"]}, step=8, now=now)
    assert told(ana).about["formats"] == ["phone"]
    services.save_answers(ana, MEMBER, {"formats": []}, step=8, now=now)
    assert told(ana).about["formats"] == [str(each) for each in Format]


Verb = Callable[[int, dict[str, int], datetime], None]
CHANGES: list[tuple[str, Verb]] = [
    ("topics", lambda who, ids, now: choose(who, [ids["alcohol"], ids["debt"]], now)),
    ("answers", lambda who, _ids, now: services.save_answers(who, MEMBER, {"needs": ["company"]}, step=6, now=now)),
    ("own words", lambda who, _ids, now: services.save_words(who, MEMBER, {"own_words": "Hello"}, step=6, now=now)),
    (
        "wishes",
        lambda who, _ids, now: services.save_wishes(who, [WishGiven(WishKind.PARENT, Strength.MUST)], step=6, now=now),
    ),
    (
        "about me",
        lambda who, _ids, now: services.save_traits(
            who, MEMBER, [TraitGiven(WishKind.PARENT, "yes", SharedTo.PEER)], step=6, now=now
        ),
    ),
    (
        "stages",
        lambda who, ids, now: services.set_stages(who, MEMBER, {ids["debt"]: Standing(Stage.MIDDLE)}, step=6, now=now),
    ),
]


@pytest.mark.parametrize(("kind", "change"), CHANGES, ids=[kind for kind, _change in CHANGES])
def test_a_change_is_recorded_once_and_by_its_kind_only(
    ana: int, ids: dict[str, int], now: datetime, kind: str, change: Verb
) -> None:
    choose(ana, [ids["debt"]], now)
    services.finish(ana, now=now)
    change(ana, ids, now)
    change(ana, ids, now)
    assert deeds(ana) == ["topics told", "telling finished", f"{kind} changed"]


def test_another_persons_telling_is_not_touched(ana: int, ids: dict[str, int], now: datetime) -> None:
    ben = add_person("Ben", now, MEMBER)
    choose(ana, [ids["debt"]], now)
    choose(ben, [ids["anxiety"]], now)
    services.set_stages(ben, MEMBER, {ids["debt"]: Standing(Stage.MIDDLE)}, step=5, now=now)
    assert told(ana).topics == (TopicTold(ids["debt"], "Debt", False, Stage.UNSURE, rank=1),)
