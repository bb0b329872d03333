"""The search among topics, and the words of the closed choices."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain import experience
from portal.domain.topics import Topic, search

TOPICS = (
    Topic("anxiety", "anxiety and panic", "mood", synonyms=("worry", "racing heart")),
    Topic("low-mood", "low mood and depression", "mood", synonyms=("feeling empty", "blue")),
    Topic("lost-child", "a child", "grief", tender=True, synonyms=("son", "daughter", "loss")),
    Topic("lost-partner", "a partner", "grief", synonyms=("husband", "wife", "loss", "widowed")),
    Topic("hiv", "HIV or hepatitis C", "body", tender=True, synonyms=("positive",)),
    Topic("cafe", "café worries", "work"),
)


def slugs(words: str) -> list[str]:
    return [topic.slug for topic in search(TOPICS, words)]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("anx", ["anxiety"]),
        ("PANIC", ["anxiety"]),
        ("worr", ["cafe", "anxiety"]),
        ("loss", ["lost-child", "lost-partner"]),
        ("loss child", ["lost-child", "lost-partner"]),
        ("I lost my wife", ["lost-partner"]),
        ("hiv", ["hiv"]),
        ("hi", []),
        ("cafe", ["cafe"]),
        ("my", []),
        ("zebra", []),
        ("((", []),
    ],
)
def test_a_topic_is_found_by_the_start_of_its_name_or_of_a_synonym(words: str, found: list[str]) -> None:
    assert slugs(words) == found


@pytest.mark.parametrize("words", ["", "   "])
def test_nothing_typed_leaves_the_list_as_it_is(words: str) -> None:
    assert search(TOPICS, words) == TOPICS


@given(st.text(max_size=40))
def test_whatever_is_typed_each_topic_is_found_at_most_once(words: str) -> None:
    found = slugs(words)
    assert len(found) == len(set(found))
    assert set(found) <= {topic.slug for topic in TOPICS}


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.slug)
def test_every_topic_is_found_by_its_own_name(topic: Topic) -> None:
    assert topic in search(TOPICS, topic.name)


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        (experience.ForWhom, experience.FOR_WHOM_WORDS),
        (experience.Stage, experience.STAGE_WORDS),
        (experience.Readiness, experience.READINESS_WORDS),
        (experience.Pathway, experience.PATHWAY_WORDS),
        (experience.Style, experience.STYLE_WORDS),
        (experience.Need, experience.NEED_WORDS),
        (experience.Format, experience.FORMAT_WORDS),
        (experience.Rhythm, experience.RHYTHM_WORDS),
        (experience.Length, experience.LENGTH_WORDS),
        (experience.DayPart, experience.DAY_PART_WORDS),
        (experience.WishKind, experience.WISH_KIND_WORDS),
        (experience.Strength, experience.STRENGTH_WORDS),
        (experience.Gender, experience.GENDER_WORDS),
        (experience.AgeBand, experience.AGE_BAND_WORDS),
        (experience.Faith, experience.FAITH_WORDS),
        (experience.SharedTo, experience.SHARED_TO_WORDS),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_every_choice_has_its_words_and_no_two_the_same(choices: type, words: dict[str, str]) -> None:
    assert list(words) == list(choices)  # type: ignore[call-overload]
    assert len(set(words.values())) == len(words)


def test_every_wish_but_culture_has_its_choices() -> None:
    assert set(experience.WISH_CHOICES) == set(experience.WishKind) - {experience.WishKind.CULTURE}


def test_the_lengths_are_twenty_thirty_and_forty_five_minutes() -> None:
    assert list(experience.LENGTH_MINUTES.values()) == [20, 30, 45]
