"""Help lines as values: what a line offers, whether it is open, which belong to a topic, when to look again."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

REVIEW_NOTICE = timedelta(days=30)


class WayKind(StrEnum):
    """How a line is reached."""

    CALL = "call"
    TEXT = "text"
    CHAT = "chat"


class SendsHelp(StrEnum):
    """Whether a line may send emergency services without asking."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Way:
    """One way to reach a line: `shown` stands on the page, `href` is one tap (tel:, sms:, https:)."""

    kind: WayKind
    shown: str
    href: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class OpenHours:
    """A window of a weekday (Monday is 0) in minutes of wall time; an end past 1440 lies in the next day."""

    weekday: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Line:
    """A help line; no `hours` means day and night, no `verified_on` means that no human has checked it yet."""

    id: str
    name: str
    ways: tuple[Way, ...]
    audience: str
    cost: str
    languages: tuple[str, ...]
    hours_shown: str
    sends_help: SendsHelp
    source: str
    hours: tuple[OpenHours, ...] = ()
    zone: str = "UTC"
    verified_on: date | None = None
    review_by: date | None = None


@dataclass(frozen=True, slots=True)
class Country:
    """A country's lines in the order in which they are shown; the first is always offered."""

    code: str
    name: str
    emergency: Way
    lines: tuple[Line, ...]


def open_now(line: Line, now: datetime) -> bool:
    """Say whether the line answers at this instant, by its own wall clock."""
    if not line.hours:
        return True
    zone = ZoneInfo(line.zone)
    today = now.astimezone(zone).date()
    # A window that began yesterday may reach past midnight.
    days = (today - timedelta(days=1), today)
    return any(_covers(day, hours, zone, now) for day in days for hours in line.hours if hours.weekday == day.weekday())


def _covers(day: date, hours: OpenHours, zone: ZoneInfo, now: datetime) -> bool:
    midnight = datetime.combine(day, time())
    start, end = ((midnight + timedelta(minutes=minutes)).replace(tzinfo=zone) for minutes in (hours.start, hours.end))
    return start.astimezone(UTC) <= now.astimezone(UTC) < end.astimezone(UTC)


def review_due(line: Line, today: date) -> bool:
    """Say whether a human should look at the line: never checked, or its review is 30 days away or nearer."""
    if line.verified_on is None or line.review_by is None:
        return True
    return today >= line.review_by - REVIEW_NOTICE


def due_for_review(countries: Iterable[Country], today: date) -> tuple[Line, ...]:
    """Return the lines a coordinator should check, in the order in which they are shown."""
    return tuple(line for country in countries for line in country.lines if review_due(line, today))


def for_topics(country: Country, line_ids: Collection[str]) -> tuple[Line, ...]:
    """Return all lines of a country: the first one first, then those that belong (`line_ids`), then the others."""
    first, others = country.lines[:1], country.lines[1:]
    belonging = tuple(line for line in others if line.id in line_ids)
    return first + belonging + tuple(line for line in others if line not in belonging)
