"""A peer's own calendars and the busy times they told, for the peer's pages and for the worker that reads them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from portal.db import read
from portal.domain.notice import Kind, NoticeState
from portal.domain.slots import Span
from portal.domain.slots.calendars import Trouble
from portal.models import BusyCalendar, BusyTime, Notice, Person


@dataclass(frozen=True)
class OwnCalendar:
    """A calendar as its peer sees it; the address itself is never shown again."""

    id: int
    name: str
    by_address: bool
    added_at: datetime
    read_at: datetime | None
    tried_at: datetime | None
    trouble: Trouble | None
    trouble_detail: str
    ahead: int
    told_until: datetime | None


def calendars_of(peer_id: int, now: datetime) -> list[OwnCalendar]:
    """Return a peer's calendars in the order they were added, each with how many busy times lie ahead."""
    ahead = (
        select(BusyTime.calendar_id, func.count().label("times"), func.max(BusyTime.ends_at).label("until"))
        .where(BusyTime.peer_id == peer_id, BusyTime.ends_at > now)
        .group_by(BusyTime.calendar_id)
        .subquery()
    )
    statement = (
        select(BusyCalendar, ahead.c.times, ahead.c.until)
        .outerjoin(ahead, ahead.c.calendar_id == BusyCalendar.id)
        .where(BusyCalendar.peer_id == peer_id)
        .order_by(BusyCalendar.id)
    )
    return [_shown(row, times, until) for row, times, until in read().execute(statement)]


def calendars_and_troubles(peer_id: int) -> tuple[int, int]:
    """Return how many calendars a peer has, and how many of them need a look."""
    statement = select(func.count(), func.count(BusyCalendar.trouble)).where(BusyCalendar.peer_id == peer_id)
    held, troubled = read().execute(statement).one()
    return held, troubled


def own_calendar(peer_id: int, calendar_id: int) -> BusyCalendar | None:
    """Return one calendar for the peer it belongs to."""
    return read().scalar(select(BusyCalendar).where(BusyCalendar.id == calendar_id, BusyCalendar.peer_id == peer_id))


def calendar(calendar_id: int) -> BusyCalendar | None:
    """Return one calendar, for the worker."""
    return read().get(BusyCalendar, calendar_id)


def addresses_of(peer_id: int) -> list[str | None]:
    """Return the address of each of a peer's calendars, None for a file."""
    return list(read().scalars(select(BusyCalendar.address).where(BusyCalendar.peer_id == peer_id)))


def due_calendars(now: datetime, most: int) -> Sequence[int]:
    """Return the calendars that are to be read by now, the longest waiting first, none of somebody suspended."""
    due = (
        select(BusyCalendar.id)
        .join(Person, Person.id == BusyCalendar.peer_id)
        .where(BusyCalendar.due_at <= now, BusyCalendar.address.is_not(None), Person.suspended_at.is_(None))
    )
    return list(read().scalars(due.order_by(BusyCalendar.due_at, BusyCalendar.id).limit(most)))


def busy_spans(calendar_id: int) -> list[Span]:
    """Return the busy times of a calendar, in order."""
    times = select(BusyTime.starts_at, BusyTime.ends_at).where(BusyTime.calendar_id == calendar_id)
    return [(starts_at, ends_at) for starts_at, ends_at in read().execute(times.order_by(BusyTime.starts_at))]


def letter_about(calendar_id: int) -> str:
    """Return what a letter about a calendar is about."""
    return f"calendar-{calendar_id}"


def told_since(calendar_id: int, since: datetime) -> bool:
    """Say whether a letter about this calendar has been owed since then and not taken back."""
    letters = select(Notice.id).where(Notice.about == letter_about(calendar_id), Notice.kind == Kind.CALENDAR_LOOK)
    owed = letters.where(Notice.created_at > since, Notice.state != NoticeState.VOID)
    return read().scalar(owed.limit(1)) is not None


def needs_a_look(peer_id: int, about: str) -> bool:
    """Say whether the calendar that a letter is about is still there, its peer's, and in trouble."""
    found = select(BusyCalendar.id, BusyCalendar.trouble).where(BusyCalendar.peer_id == peer_id)
    return any(letter_about(calendar_id) == about and trouble for calendar_id, trouble in read().execute(found))


def zone_of(peer_id: int) -> str:
    """Return the zone somebody lives by."""
    return read().scalars(select(Person.zone).where(Person.id == peer_id)).one()


def _shown(row: BusyCalendar, times: int | None, until: datetime | None) -> OwnCalendar:
    return OwnCalendar(
        row.id,
        row.name,
        row.address is not None,
        row.created_at,
        row.read_at,
        row.tried_at,
        Trouble(row.trouble) if row.trouble is not None else None,
        row.trouble_detail or "",
        times or 0,
        until,
    )
