"""A card on the page of what is next: a title, a few words, something to do, and when its turn is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum


class Turn(IntEnum):
    """What comes first: what is about to happen, then what waits for this person, then what waits for others."""

    ABOUT_TO_HAPPEN = 0
    ASKED = 1
    TO_DO = 2
    STAFF = 3
    COMING = 4
    WAITING = 5
    STANDING = 6


@dataclass(frozen=True)
class Link:
    """Something to do on a card; `post` where it acts at once, `fields` being what is sent."""

    words: str
    href: str
    post: bool = False
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Card:
    """One thing that is next, or stands; on an `even` card each thing to do weighs the same."""

    turn: Turn
    title: str
    words: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    together: float | None = None
    even: bool = False
