"""Letters about a coffee chat: set, moved, cancelled, soon."""

from dataclasses import dataclass, replace
from datetime import datetime

from portal.domain.notice import Kind, one_line
from portal.domain.words import N_
from portal.mail import when
from portal.mail.forms import fill
from portal.mail.letter import Letter, Reader
from portal.mail.render import translations

# The place of a chat by video. The way in is for the two to agree on: a link would be read in a letter by others.
ONLINE = N_("Online")


@dataclass(frozen=True)
class Chat:
    """A chat as its letter tells it. `name` is the other person's and is written only where the reader chose open;
    `other_zone` is theirs, said where its clocks differ. `place`: a public place, or N_("Phone"), or ONLINE.
    `moves`: whether the reader may move it; with a peer who says yes first, a member asks for another time instead."""

    starts_at: datetime
    ends_at: datetime
    place: str
    name: str
    other_zone: str
    moves: bool = True


@dataclass(frozen=True)
class ChatInWords:
    """What the templates see of a chat."""

    span: str
    short: str
    day: str
    place: str
    name: str
    their_clock: str
    online: bool
    moves: bool


def invitation(reader: Reader, chat: Chat, link: str, calendar: bytes) -> Letter:
    """A chat has been set; `calendar` is a METHOD:REQUEST."""
    return _with(fill(Kind.INVITATION, reader, chat=_in_words(reader, chat), link=link), calendar, "REQUEST")


def update(reader: Reader, chat: Chat, before: datetime, link: str, calendar: bytes) -> Letter:
    """A chat has moved from `before` to its time now; `calendar` is a METHOD:REQUEST."""
    was = when.moment_in_full(before, reader.zone, reader.language)
    letter = fill(Kind.UPDATE, reader, chat=_in_words(reader, chat), was=was, link=link)
    return _with(letter, calendar, "REQUEST")


def cancellation(reader: Reader, chat: Chat, link: str, calendar: bytes | None) -> Letter:
    """A chat is off; `calendar` is a METHOD:CANCEL, or None for somebody who was never invited."""
    words = _in_words(reader, chat)
    letter = fill(Kind.CANCELLATION, reader, chat=words, link=link, invited=calendar is not None)
    return letter if calendar is None else _with(letter, calendar, "CANCEL")


def not_made(reader: Reader, chat: Chat, link: str) -> Letter:
    """A chat could not take place; nobody is asked why."""
    return fill(Kind.NOT_MADE, reader, chat=_in_words(reader, chat), link=link)


def reminder_day(reader: Reader, chats: tuple[Chat, ...], link: str) -> Letter:
    """The chats of one day, told some days before; at least one."""
    return _reminder(Kind.REMINDER_DAY, reader, chats, link)


def reminder_hours(reader: Reader, chats: tuple[Chat, ...], link: str) -> Letter:
    """The chat that comes next, told some minutes or hours before; usually one."""
    return _reminder(Kind.REMINDER_HOURS, reader, chats, link)


def other_time(reader: Reader, chat: Chat, times: tuple[datetime, ...], link: str) -> Letter:
    """Somebody's calendar says that a time does not fit: `times` are open to both, and nothing has been called off."""
    near = [when.moment_in_full(at, reader.zone, reader.language) for at in times]
    return fill(Kind.OTHER_TIME, reader, chat=_in_words(reader, chat), times=near, link=link)


def _reminder(kind: Kind, reader: Reader, chats: tuple[Chat, ...], link: str) -> Letter:
    in_order = sorted(chats, key=lambda chat: chat.starts_at)
    return fill(kind, reader, chats=[_in_words(reader, chat) for chat in in_order], link=link)


def _in_words(reader: Reader, chat: Chat) -> ChatInWords:
    zone, language = reader.zone, reader.language
    theirs = when.clock(chat.starts_at, chat.other_zone, language)
    place = one_line(chat.place)
    return ChatInWords(
        span=when.span_in_full(chat.starts_at, chat.ends_at, zone, language),
        short=when.short(chat.starts_at, zone, language),
        day=when.day_in_full(chat.starts_at, zone, language),
        place=translations(language).gettext(place) if place else "",
        name=one_line(chat.name),
        their_clock=theirs if when.differs(chat.starts_at, zone, chat.other_zone) else "",
        online=place == ONLINE,
        moves=chat.moves,
    )


def _with(letter: Letter, calendar: bytes, method: str) -> Letter:
    return replace(letter, calendar=calendar, calendar_method=method)
