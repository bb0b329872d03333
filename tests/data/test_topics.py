"""The delivered topics are complete and can be told apart."""

import re
from collections import Counter

from portal.data import catalogue, countries


def test_there_are_twelve_groups_and_ninety_topics() -> None:
    assert (len(catalogue().groups), len(catalogue().topics)) == (12, 90)
    per_group = Counter(topic.group for topic in catalogue().topics)
    assert [per_group[group.slug] for group in catalogue().groups] == [11, 12, 5, 8, 8, 9, 8, 7, 5, 6, 5, 6]


def test_every_slug_is_unique_short_and_plain() -> None:
    slugs = [group.slug for group in catalogue().groups] + [topic.slug for topic in catalogue().topics]
    assert len(set(slugs)) == len(slugs)
    assert [slug for slug in slugs if not re.fullmatch(r"[a-z][a-z-]{2,19}", slug)] == []


def test_the_ahead_only_topics_are_those_of_the_plan() -> None:
    ahead = {topic.slug for topic in catalogue().topics if topic.ahead_only}
    assert ahead == {"overdose", "self-injury", "suicide", "eating", "loss-suicide", "loss-overdose"}


def test_tender_topics_are_counted_as_in_the_plan() -> None:
    tender = Counter(topic.group for topic in catalogue().topics if topic.tender)
    assert [tender[group.slug] for group in catalogue().groups] == [11, 10, 3, 8, 4, 3, 2, 3, 4, 1, 1, 1]


def test_every_topic_has_several_lower_case_synonyms() -> None:
    for topic in catalogue().topics:
        assert len(set(topic.synonyms)) == len(topic.synonyms) >= 3, topic.slug
        assert [word for word in topic.synonyms if word != word.lower()] == []


def test_every_line_a_topic_names_exists() -> None:
    known = {line.id for country in countries() for line in country.lines}
    named = {line for lines in catalogue().lines.values() for line in lines}
    assert named - known == set()
    assert catalogue().lines["gender"] == ("us-trans", "us-trevor")


def test_shown_names_speak_of_what_somebody_lives_with_not_of_what_they_are() -> None:
    shown = " ".join([*(group.name for group in catalogue().groups), *(topic.name for topic in catalogue().topics)])
    assert (
        re.findall(r"addict\w*|alcoholic|relapse|homeless|abuser|victim|inmate|clean|dirty", shown, re.IGNORECASE) == []
    )
