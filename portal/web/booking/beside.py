"""What stands beside a chat on its page: who may move it, its rhythm, the wish for something earlier."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from portal.domain.booking import changeable
from portal.domain.booking.asking import MOVED_BY_THEM
from portal.domain.booking.rhythm import RHYTHM_STATES
from portal.domain.matching.walk import Actor
from portal.queries import booking as queries
from portal.queries.booking import Chat, Pair, earlier, series
from portal.web.booking.asking import every_words
from portal.web.booking.days import Eyes, Time, shown_time

SHOWN_NEXT = 3


@dataclass(frozen=True)
class RhythmBeside:
    """How often while it goes on, the next chats as (id, time), whether there are later ones to end, whether this chat
    is all that is left of one, whether one could begin here."""

    every: str
    next: list[tuple[int, Time]]
    later: bool
    last: bool
    may: bool


@dataclass(frozen=True)
class EarlierBeside:
    """Whether a member may wish for something earlier than this chat, and whether they do."""

    may: bool
    wished: bool


@dataclass(frozen=True)
class MoveBeside:
    """Why the reader does not move this chat, or nothing, and whether there is room to ask for another time."""

    why_not: str = ""
    may_ask: bool = False


def move_beside(chat: Chat, now: datetime) -> MoveBeside:
    """Return who moves a chat: either of the two, but of a peer who says yes to each time first, only the peer."""
    pair = queries.pair_for(chat.two.member_id, chat.two.walk_id, now) if chat.viewer is Actor.MEMBER else None
    if pair is None or not pair.asks_first:
        return MoveBeside()
    return MoveBeside(str(_(MOVED_BY_THEM)), may_ask=pair.room > 0)


def rhythm_beside(chat: Chat, eyes: Eyes, now: datetime) -> RhythmBeside:
    """Return what the page of a chat says about its rhythm."""
    found = series.rhythm_of(chat.id, now)
    if found is not None and any(id_ != chat.id for id_, _at in found.ahead):
        later = [(id_, at) for id_, at in found.ahead if at > chat.starts_at]
        shown = [(id_, shown_time(at, eyes)) for id_, at in later[:SHOWN_NEXT]]
        return RhythmBeside(every_words(found.every_weeks), shown, bool(later), last=False, may=False)
    pair = queries.pair_for(chat.two.member_id, chat.two.walk_id, now)
    may = pair is not None and pair.state in RHYTHM_STATES and changeable(chat.state, chat.starts_at, now)
    return RhythmBeside("", [], later=False, last=found is not None, may=may)


def earlier_beside(chat: Chat, now: datetime) -> EarlierBeside:
    """Return what the page of a chat says about something earlier; only to its member, and of no peer who is asked."""
    if chat.viewer is not Actor.MEMBER or not changeable(chat.state, chat.starts_at, now):
        return EarlierBeside(may=False, wished=False)
    wish = earlier.wish_of_walk(chat.two.walk_id)
    asked_first = queries.terms_of(chat.two.peer_id).says_yes_first
    return EarlierBeside(may=not asked_first, wished=wish is not None and wish.chat_id == chat.id)


def wish_beside(pair: Pair) -> str:
    """Return what the list of times says about hearing of others: "may", "wished", or nothing."""
    if pair.viewer is not Actor.MEMBER or pair.terms.says_yes_first or pair.room == 0:
        return ""
    wish = earlier.wish_of_walk(pair.two.walk_id)
    return "wished" if wish is not None and wish.chat_id is None else "may"
