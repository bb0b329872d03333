"""The topics as a page offers them: what is chosen, what was found, and the rest under closed headings."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from portal.domain import topics as topic_rules
from portal.queries.experience import ShownGroup, ShownTopic, TopicTold, shown_catalogue

Named = tuple[int, str]
# Where one of these is found or chosen, the page says whom one can call; nobody is told.
CLOSE_BY = frozenset({"suicide", "self-injury"})


@dataclass(frozen=True, slots=True)
class Picker:
    """Ids and names only, so that no page can print a synonym; every topic stands in one place."""

    chosen: tuple[Named, ...]
    found: tuple[Named, ...]
    groups: tuple[tuple[str, tuple[Named, ...]], ...]
    looked: bool
    known: bool  # the words lead somewhere, if only to what is chosen already
    close_by: bool


def picker(chosen: Collection[int], told: Collection[TopicTold], words: str) -> Picker:
    """Return what to draw for these ticks and these typed words; a topic no longer offered stays if it was named."""
    groups = shown_catalogue()
    names: dict[int, str] = {topic.id: topic.name for topic in told}
    names |= {topic.id: topic.name for group in groups for topic in group.topics}
    ticked = [topic_id for topic_id in dict.fromkeys(chosen) if topic_id in names]
    known = _found(groups, words)
    hits = [topic_id for topic_id in known if topic_id not in ticked]
    close = {topic.id for group in groups for topic in group.topics if topic.slug in CLOSE_BY}
    return Picker(
        chosen=_named(ticked, names),
        found=_named(hits, names),
        groups=_rest(groups, {*ticked, *hits}),
        looked=bool(words.strip()),
        known=bool(known),
        close_by=not close.isdisjoint((*ticked, *hits)),
    )


def _found(groups: Collection[ShownGroup], words: str) -> list[int]:
    if not words.strip():
        return []
    by_slug = {topic.slug: (topic, group.slug) for group in groups for topic in group.topics}
    searched = (_searched(topic, group) for topic, group in by_slug.values())
    return [by_slug[hit.slug][0].id for hit in topic_rules.search(searched, words)]


def _searched(topic: ShownTopic, group: str) -> topic_rules.Topic:
    return topic_rules.Topic(topic.slug, topic.name, group, topic.tender, synonyms=topic.synonyms)


def _named(ids: Collection[int], names: Mapping[int, str]) -> tuple[Named, ...]:
    return tuple((topic_id, names[topic_id]) for topic_id in ids)


def _rest(groups: Collection[ShownGroup], shown: Collection[int]) -> tuple[tuple[str, tuple[Named, ...]], ...]:
    left = (
        (group.name, tuple((topic.id, topic.name) for topic in group.topics if topic.id not in shown))
        for group in groups
    )
    return tuple((name, topics) for name, topics in left if topics)
