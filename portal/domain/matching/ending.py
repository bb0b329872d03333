"""How a walk comes to its end: at a pace that whoever ends it chooses, counted in the member's days."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from zoneinfo import ZoneInfo

from portal.domain.words import N_

LONGEST_KEEPSAKE = 4000
# After the end each may still write for so long; then the page stays as it is, but for taking one's own lines back.
KEEPSAKE_OPEN_FOR = timedelta(weeks=4)
# How long whoever did not end a walk themselves reads of it on their own page.
PARTING_TOLD_FOR = timedelta(days=14)


class Taper(StrEnum):
    """How much time an ending takes; TODAY is a goodbye that has been said already, or needs no chat."""

    ONE_CHAT = "one_chat"
    FEW_WEEKS = "few_weeks"
    SLOWLY = "slowly"
    TODAY = "today"


# Long enough to find a time for one chat; for a few of them; and for every week becoming every other week.
TAPERS: Mapping[Taper, timedelta] = MappingProxyType(
    {
        Taper.ONE_CHAT: timedelta(weeks=2),
        Taper.FEW_WEEKS: timedelta(weeks=4),
        Taper.SLOWLY: timedelta(weeks=8),
        Taper.TODAY: timedelta(0),
    }
)
TAPER_WORDS: Mapping[Taper, str] = MappingProxyType(
    {
        Taper.ONE_CHAT: N_("With one last chat, within two weeks"),
        Taper.FEW_WEEKS: N_("Over a few more weeks"),
        Taper.SLOWLY: N_("Slowly, over two months"),
        Taper.TODAY: N_("Today, without another chat"),
    }
)


def last_day(taper: Taper, zone: str, now: datetime) -> date:
    """Return the last day of an ending that begins now, in the member's zone."""
    return now.astimezone(ZoneInfo(zone)).date() + TAPERS[taper]


def end_of(ends_on: date, zone: str) -> datetime:
    """Return the moment the last day is over where the member lives; chats start before it."""
    return datetime.combine(ends_on + timedelta(days=1), time(), ZoneInfo(zone))


def is_over(ends_on: date, zone: str, now: datetime) -> bool:
    """Say whether the last day has gone by where the member lives; all of that day still belongs to the walk."""
    return now.astimezone(ZoneInfo(zone)).date() > ends_on
