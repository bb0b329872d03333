"""The catalogue as it is offered."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import update

from portal.data import catalogue
from portal.db import transaction
from portal.models import Topic, TopicGroup
from portal.queries import experience as queries


@pytest.fixture(autouse=True)
def inside(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def test_the_delivered_topics_stand_under_their_headings_in_order() -> None:
    shown = queries.shown_catalogue()
    assert [group.slug for group in shown] == [group.slug for group in catalogue().groups]
    assert [topic.slug for group in shown for topic in group.topics] == [topic.slug for topic in catalogue().topics]


def test_a_hidden_topic_is_not_offered_nor_a_heading_that_has_no_other() -> None:
    hidden = {topic.slug for topic in catalogue().topics if topic.group == "patterns"} | {"debt"}
    with transaction() as session:
        session.execute(update(Topic).where(Topic.slug.in_(hidden)).values(hidden=True))
    shown = queries.shown_catalogue()
    assert "patterns" not in [group.slug for group in shown]
    assert hidden.isdisjoint(topic.slug for group in shown for topic in group.topics)
    ids = queries.topic_ids()
    assert queries.offered_topic_ids() == set(ids.values()) - {ids[slug] for slug in hidden}


def test_a_topic_that_a_site_added_is_offered() -> None:
    with transaction() as session:
        group = TopicGroup(slug="ours", name="Ours", position=99)
        session.add(group)
        session.flush()
        session.add(
            Topic(
                group_id=group.id,
                slug="quarry",
                name="The quarry",
                synonyms=["stone"],
                tender=True,
                ahead_only=False,
                position=1,
            )
        )
    last = queries.shown_catalogue()[-1]
    assert [(topic.name, topic.tender, topic.synonyms) for topic in last.topics] == [("The quarry", True, ("stone",))]
