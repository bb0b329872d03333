"""What a change of hours would open and close, and which chats would lie outside, before anything is changed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from portal.domain.account import Actor
from portal.domain.slots import Hours, Slot, Span, difference, lies_outside
from portal.queries import own_hours as own_queries
from portal.queries import slots as slots_queries
from portal.web.slots.words import times_by_day
from portal.web.times import when_words


@dataclass(frozen=True)
class Preview:
    """A change in words: what it is, the open times it adds and takes by day, the chats outside, and the form again."""

    title: str
    opens: tuple[Slot, ...]
    closes: tuple[Slot, ...]
    chats: list[dict[str, object]]
    fields: dict[str, Any]
    zone: str
    lines: Sequence[str] = ()

    @property
    def days_opened(self) -> list[dict[str, object]]:
        """The open times it adds, by day."""
        return times_by_day(self.opens, self.zone)

    @property
    def days_closed(self) -> list[dict[str, object]]:
        """The open times it takes, by day."""
        return times_by_day(self.closes, self.zone)


def preview_of(
    actor: Actor,
    title: str,
    change: Callable[[Hours], Hours],
    spans: Sequence[Span],
    fields: dict[str, Any],
    now: datetime,
    *,
    lines: Sequence[str] = (),
) -> Preview:
    """Return what a change of hours does to the open times, and which chats within the spans would lie outside."""
    if own_queries.wishes_of(actor.id) is None:
        return Preview(title, (), (), [], fields, actor.zone, lines)
    free = slots_queries.free_time(actor.id, None, now)
    after = replace(free, hours=change(free.hours))
    made = difference(free.slots, after.slots)
    outside = [chat for chat in own_queries.chats_within(actor.id, spans, now) if lies_outside(after.hours, chat.slot)]
    return Preview(title, made.opens, made.closes, chats_words(actor, outside), fields, actor.zone, lines)


def chats_words(actor: Actor, chats: Sequence[own_queries.OwnChat]) -> list[dict[str, object]]:
    """Return chats as lines, each with its id, to move it."""
    return [
        {
            "words": _("%(when)s with %(name)s", when=when_words(chat.starts_at, actor.zone), name=chat.other_name),
            "id": chat.id,
        }
        for chat in chats
    ]
