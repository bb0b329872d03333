"""The topics a member named, as others may read them: a tender one keeps its name back where it must."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from portal.db import read
from portal.domain.experience import Stage
from portal.models import MemberTopic, Topic


@dataclass(frozen=True)
class AskedTopic:
    """A topic a member named and where they are with it; `name` is empty where a tender one is held back."""

    slug: str
    name: str
    stage: Stage
    tender: bool


def topics_of(member_id: int, *, tender_named: bool, among: Collection[str] | None = None) -> tuple[AskedTopic, ...]:
    """Return a member's topics, first rank first; only those `among` these slugs, where they are given."""
    rows = read().execute(
        select(Topic.slug, Topic.name, MemberTopic.stage, Topic.tender)
        .join(MemberTopic, MemberTopic.topic_id == Topic.id)
        .where(MemberTopic.person_id == member_id)
        .order_by(MemberTopic.rank)
    )
    return tuple(
        AskedTopic(slug, name if tender_named or not tender else "", stage, tender)
        for slug, name, stage, tender in rows
        if among is None or slug in among
    )


def open_topics_of(member_ids: Collection[int], among: Collection[str]) -> Mapping[int, tuple[AskedTopic, ...]]:
    """Return of several members the topics `among` these slugs that are not tender, first rank first."""
    rows = read().execute(
        select(MemberTopic.person_id, Topic.slug, Topic.name, MemberTopic.stage)
        .join(MemberTopic, MemberTopic.topic_id == Topic.id)
        .where(MemberTopic.person_id.in_(member_ids), Topic.slug.in_(among), Topic.tender.is_(False))
        .order_by(MemberTopic.person_id, MemberTopic.rank)
    )
    found: dict[int, list[AskedTopic]] = defaultdict(list)
    for member_id, slug, name, stage in rows:
        found[member_id].append(AskedTopic(slug, name, stage, tender=False))
    return {member_id: tuple(topics) for member_id, topics in found.items()}
