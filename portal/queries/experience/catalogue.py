"""The catalogue of topics, as it is kept and as it is shown."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.db import read
from portal.models import Topic, TopicGroup


@dataclass(frozen=True, slots=True)
class ShownTopic:
    """A topic somebody may choose; the synonyms are for finding it and are never shown."""

    id: int
    slug: str
    name: str
    tender: bool
    synonyms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """A heading with the topics that may be chosen under it."""

    slug: str
    name: str
    topics: tuple[ShownTopic, ...]


def all_groups() -> list[TopicGroup]:
    """Return every group of topics in order."""
    return list(read().scalars(select(TopicGroup).order_by(TopicGroup.position)))


def topic_slugs() -> frozenset[str]:
    """Return the slugs of all topics, hidden ones too."""
    return frozenset(read().scalars(select(Topic.slug)))


def topic_ids() -> dict[str, int]:
    """Return the id of each topic by its slug."""
    return dict(read().execute(select(Topic.slug, Topic.id)).all())


def offered_topic_ids() -> frozenset[int]:
    """Return the ids of the topics that may be chosen."""
    return frozenset(read().scalars(select(Topic.id).where(Topic.hidden.is_(False))))


def shown_catalogue() -> tuple[ShownGroup, ...]:
    """Return the groups with the topics that may be chosen, in order; a group that has none is left out."""
    groups = read().scalars(
        select(TopicGroup).options(selectinload(TopicGroup.topics)).order_by(TopicGroup.position, TopicGroup.id)
    )
    shown = (ShownGroup(group.slug, group.name, _shown(group)) for group in groups)
    return tuple(group for group in shown if group.topics)


def _shown(group: TopicGroup) -> tuple[ShownTopic, ...]:
    return tuple(
        ShownTopic(topic.id, topic.slug, topic.name, topic.tender, tuple(topic.synonyms))
        for topic in group.topics
        if not topic.hidden
    )
