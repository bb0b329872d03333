"""The topics of lived experience as delivered, and the help lines that belong to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from portal.data.files import read
from portal.domain.topics import Group, Topic


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The groups and topics in the order in which they are shown; `lines` maps a topic's slug to ids of help lines."""

    groups: tuple[Group, ...]
    topics: tuple[Topic, ...]
    lines: Mapping[str, tuple[str, ...]]


@cache
def catalogue() -> Catalogue:
    """Return the delivered groups, topics and their help lines."""
    groups: list[dict[str, Any]] = read("topics.toml")["group"]
    rows = [(group["slug"], row) for group in groups for row in group["topics"]]
    return Catalogue(
        groups=tuple(Group(group["slug"], group["name"]) for group in groups),
        topics=tuple(_topic(group, row) for group, row in rows),
        lines=MappingProxyType({row["slug"]: tuple(row.get("lines", ())) for _, row in rows}),
    )


def _topic(group: str, row: dict[str, Any]) -> Topic:
    return Topic(
        slug=row["slug"],
        name=row["name"],
        group=group,
        tender=row.get("tender", False),
        ahead_only=row.get("ahead_only", False),
        synonyms=tuple(row["synonyms"]),
    )
