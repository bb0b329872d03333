"""What can be read of somebody's letters without opening one: shown to them beforehand, written as letters are."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from portal.domain.account import Discretion
from portal.domain.notice import Channel, at_wall, own_words, text_of
from portal.domain.slots import local_date
from portal.domain.words import N_
from portal.mail import letters
from portal.mail.letter import Letter, Reader
from portal.mail.letters import Chat
from portal.models import Person
from portal.queries import notice as queries
from portal.queries.notice.ways import Reach, reach_of
from portal.services.notice.event import title_of
from portal.services.notice.office import office
from portal.services.notice.spread import open_ways
from portal.services.notice.write import chat_for

EXAMPLE_DAYS, EXAMPLE_CLOCK = 8, time(16)
EXAMPLE_NAME = N_("Maya")


@dataclass(frozen=True)
class Outside:
    """One letter's outside: who it is from, its subject, and what a phone shows beside that."""

    sender: str
    subject: str
    preheader: str


@dataclass(frozen=True)
class Shown:
    """What arrives in one degree of discretion: a reminder, a piece of news, and the entry in the calendar; the
    reminder as a text, and as a sign on a device that is set to this degree, where they have them, else empty."""

    reminder: Outside
    news: Outside
    calendar_title: str
    text: str = ""
    sign: str = ""


def shown_to(person_id: int, words: str, *, now: datetime) -> Mapping[Discretion, Shown]:
    """Return what would arrive in each degree, if `words` were somebody's own; their next chat is told, or an invented
    one."""
    person = queries.person(person_id)
    if person is None:
        raise LookupError("nobody has this id")
    chat, reach = _next_chat(person, now), reach_of(person_id)
    return {discretion: _shown(person, discretion, words, chat, reach) for discretion in Discretion}


def _shown(person: Person, discretion: Discretion, words: str, chat: Chat, reach: Reach) -> Shown:
    own, link, ways = own_words(words, discretion), office().link(0), open_ways(reach, office())
    reader = Reader(person.language, person.zone, discretion, office().lines, own)
    reminder = letters.reminder_day(reader, (chat,), link)
    # As wrap.py has it: where others see the phone there is only a dot, or the words that were chosen for that.
    seen = reach.phone_is_seen and not own
    line = letters.reminder_day(replace(reader, discretion=Discretion.DOT), (chat,), link) if seen else reminder
    return Shown(
        reminder=_outside(reminder),
        news=_outside(letters.walk_goes_on(reader, link)),
        calendar_title=title_of(own, person.language),
        text=text_of(line.subject, link) if Channel.TEXT in ways else "",
        sign=line.subject if Channel.PUSH in ways else "",
    )


def _outside(letter: Letter) -> Outside:
    return Outside(office().sender, letter.subject, letter.preheader)


def _next_chat(person: Person, now: datetime) -> Chat:
    ahead = queries.chats_ahead(person.id, now)
    booking = queries.chat(ahead[0].id) if ahead else None
    if booking is not None:
        return chat_for(booking, person)
    starts_at = at_wall(local_date(now, person.zone) + timedelta(days=EXAMPLE_DAYS), EXAMPLE_CLOCK, person.zone)
    return Chat(starts_at, starts_at + timedelta(minutes=30), "", EXAMPLE_NAME, person.zone)
