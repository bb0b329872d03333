"""The catalogue of topics in the database: what is delivered fills an empty one, and what a site changed stays."""

from portal.db import transaction
from portal.domain.topics import Group
from portal.domain.topics import Topic as DeliveredTopic
from portal.models import Topic, TopicGroup
from portal.queries import experience as experience_queries


def seed_catalogue(groups: tuple[Group, ...], topics: tuple[DeliveredTopic, ...]) -> int:
    """Add the groups and topics whose slug is not there yet; returns how many topics were added."""
    with transaction() as session:
        known_groups = {group.slug: group for group in experience_queries.all_groups()}
        known_topics = experience_queries.topic_slugs()
        for position, group in enumerate(groups):
            if group.slug not in known_groups:
                known_groups[group.slug] = TopicGroup(slug=group.slug, name=group.name, position=position)
                session.add(known_groups[group.slug])
        session.flush()
        added = [
            Topic(
                group_id=known_groups[topic.group].id,
                slug=topic.slug,
                name=topic.name,
                synonyms=list(topic.synonyms),
                tender=topic.tender,
                ahead_only=topic.ahead_only,
                position=position,
            )
            for position, topic in enumerate(topics)
            if topic.slug not in known_topics
        ]
        session.add_all(added)
        return len(added)
