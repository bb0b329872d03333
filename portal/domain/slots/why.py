"""Why a time is closed, in a sentence for the member: open_slots' own grid, limits and spans, asked about one start."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from portal.domain.experience import Format
from portal.domain.slots.grid import grid_between, open_time
from portal.domain.slots.hours import Hours
from portal.domain.slots.instants import MINUTE, as_utc, seconds_of
from portal.domain.slots.rules import Limits, closed_spans, limits_at
from portal.domain.slots.spans import within
from portal.domain.slots.values import Busy, BusyKind, Policy, Slot
from portal.domain.words import N_


class Closed(StrEnum):
    """The rule that closes a time."""

    OUTSIDE_HOURS = "outside_hours"
    OFF_GRID = "off_grid"
    OTHER_WAY = "other_way"
    TIME_OFF = "time_off"
    TAKEN = "taken"
    CALENDAR = "calendar"
    OPEN_HOUR = "open_hour"
    MEMBER_TAKEN = "member_taken"
    REST = "rest"
    TOO_SOON = "too_soon"
    TOO_FAR = "too_far"
    CAP_DAY = "cap_day"
    CAP_WEEK = "cap_week"
    PAST = "past"

    @property
    def sentence(self) -> str:
        """The sentence a member may read, marked for translation."""
        return SENTENCES[self]


SENTENCES: Mapping[Closed, str] = {
    Closed.OUTSIDE_HOURS: N_("Your peer does not offer chats at that time. Other times are open."),
    Closed.OFF_GRID: N_("Chats start at set times, and that is not one of them. Please pick another time."),
    Closed.OTHER_WAY: N_("Your peer meets in another way at that time. Another way or another time may be open."),
    Closed.TIME_OFF: N_("Your peer is taking time off then. Other times are open."),
    Closed.TAKEN: N_("That time is no longer free. Please pick another time."),
    # What stands in a peer's own calendar is nobody else's to know: the very words of a time that is taken.
    Closed.CALENDAR: N_("That time is no longer free. Please pick another time."),
    Closed.OPEN_HOUR: N_("Your peer keeps an open hour then. Please pick another time."),
    Closed.MEMBER_TAKEN: N_("You already have a coffee chat then. Please pick another time."),
    Closed.REST: N_("That time is very close to another chat. We keep some rest between chats."),
    Closed.TOO_SOON: N_("Your peer needs a little more notice than that. Later times are open."),
    Closed.TOO_FAR: N_("That is further ahead than chats can be booked for now. Earlier times are open."),
    Closed.CAP_DAY: N_("Your peer has as many chats that day as is good for them. Another day may be open."),
    Closed.CAP_WEEK: N_("Your peer has as many chats that week as is good for them. Another week may be open."),
    Closed.PAST: N_("That time has gone by. Please pick a later one."),
}

_OF_KIND = {
    BusyKind.MEMBER_TAKEN: Closed.MEMBER_TAKEN,
    BusyKind.TIME_OFF: Closed.TIME_OFF,
    BusyKind.TAKEN: Closed.TAKEN,
    BusyKind.CALENDAR: Closed.CALENDAR,
    BusyKind.OPEN_HOUR: Closed.OPEN_HOUR,
}
# What the member can act on comes first: their own chat, then the peer's absence, then the rest.
_FIRST_TOLD = (Closed.MEMBER_TAKEN, Closed.TIME_OFF, Closed.TAKEN, Closed.OPEN_HOUR, Closed.CALENDAR, Closed.REST)


def why_closed(
    hours: Hours,
    policy: Policy,
    busy: Sequence[Busy],
    starts_at: datetime,
    now: datetime,
    way: Format | None = None,
) -> Closed | None:
    """Return the rule that closes a start, or None exactly when open_slots offers it at the same `now`.

    Where several rules close it: the moment first, then the hours, then what is in the way, then the caps.
    """
    start = as_utc(starts_at)
    limits = limits_at(hours, policy, busy, now)
    return (
        _of_moment(hours, limits, start, now)
        or _of_hours(hours, policy, start, way)
        or _of_busy(policy, busy, start)
        or _of_caps(hours, limits, start)
    )


def _of_moment(hours: Hours, limits: Limits, start: datetime, now: datetime) -> Closed | None:
    if start < now:
        return Closed.PAST
    if seconds_of(start) < limits.earliest:
        return Closed.TOO_SOON
    return Closed.TOO_FAR if hours.date_of(start) > limits.last_day else None


def _of_hours(hours: Hours, policy: Policy, start: datetime, way: Format | None) -> Closed | None:
    day, seconds, step = hours.date_of(start), _slot(policy, start).seconds, policy.step * MINUTE
    grid = grid_between(hours, step, day, day)
    if not within(grid.open_time, *seconds):
        return Closed.OUTSIDE_HOURS
    if start.microsecond or not grid.holds(seconds[0], step):
        return Closed.OFF_GRID
    ways = Format if way is None else (way,)
    fits = not grid.narrowed or any(within(open_time(hours, each, day, day), *seconds) for each in ways)
    return None if fits else Closed.OTHER_WAY


def _of_busy(policy: Policy, busy: Sequence[Busy], start: datetime) -> Closed | None:
    starts, ends = _slot(policy, start).seconds
    told = {
        _OF_KIND[b.kind] if b.begins < ends and starts < b.ends else Closed.REST
        for b in busy
        for shut, reopens in closed_spans([b], policy)
        if shut < ends and starts < reopens and shut < reopens
    }
    return next((reason for reason in _FIRST_TOLD if reason in told), None)


def _of_caps(hours: Hours, limits: Limits, start: datetime) -> Closed | None:
    day = hours.date_of(start)
    if limits.day_is_full(day):
        return Closed.CAP_DAY
    return Closed.CAP_WEEK if limits.week_is_full(day) else None


def _slot(policy: Policy, start: datetime) -> Slot:
    return Slot(start, start + timedelta(minutes=policy.length_minutes))
