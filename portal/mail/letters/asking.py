"""Letters about a time that waits for somebody's answer: asked for, let go, offered. Only an open one says which."""

from collections.abc import Sequence
from datetime import datetime

from portal.domain.notice import Kind, one_line
from portal.mail import when
from portal.mail.letter import Letter, Reader
from portal.mail.letters.chat import Chat
from portal.mail.render import render


def time_asked(reader: Reader, chats: Sequence[Chat], until: datetime, link: str) -> Letter:
    """To the peer: somebody asks for a time, for one of several, or for a rhythm; open until the instant `until`."""
    return render(
        Kind.TIME_ASKED,
        reader,
        name=one_line(chats[0].name),
        spans=[when.span_in_full(chat.starts_at, chat.ends_at, reader.zone, reader.language) for chat in chats],
        until=_until(reader, until),
        link=link,
    )


def time_released(reader: Reader, chat: Chat, near: Sequence[datetime], link: str) -> Letter:
    """To the member: a time they asked for is not to be had; `near` are free starts. Why is nobody's to tell."""
    return render(
        Kind.TIME_RELEASED,
        reader,
        name=one_line(chat.name),
        span=when.span_in_full(chat.starts_at, chat.ends_at, reader.zone, reader.language),
        near=[when.moment_in_full(at, reader.zone, reader.language) for at in near],
        link=link,
    )


def time_offered(reader: Reader, chat: Chat, instead_of: datetime | None, until: datetime, link: str) -> Letter:
    """To the member: a time has come free and is held for them; `instead_of` is the start of the chat it replaces."""
    return render(
        Kind.TIME_OFFERED,
        reader,
        name=one_line(chat.name),
        span=when.span_in_full(chat.starts_at, chat.ends_at, reader.zone, reader.language),
        instead=when.moment_in_full(instead_of, reader.zone, reader.language) if instead_of is not None else "",
        until=_until(reader, until),
        link=link,
    )


def _until(reader: Reader, at: datetime) -> str:
    day, clock = when.day_in_full(at, reader.zone, reader.language), when.clock(at, reader.zone, reader.language)
    return f"{day}, {clock}"
