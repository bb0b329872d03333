"""The topics a member named, as others may read them: a tender one keeps its name back where it must."""

from collections.abc import Collection
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
