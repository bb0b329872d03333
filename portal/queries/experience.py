"""Topics, and what people have told of themselves."""

from sqlalchemy import select

from portal.db import read
from portal.models import Topic, TopicGroup


def all_groups() -> list[TopicGroup]:
    """Return every group of topics in order."""
    return list(read().scalars(select(TopicGroup).order_by(TopicGroup.position)))


def topic_slugs() -> frozenset[str]:
    """Return the slugs of all topics, hidden ones too."""
    return frozenset(read().scalars(select(Topic.slug)))
