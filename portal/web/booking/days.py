"""Open times as a page shows them: by the viewer's own days, with the other person's clock beside where it differs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime
from functools import lru_cache
from itertools import groupby
from zoneinfo import ZoneInfo

from flask_babel import get_locale
from flask_babel import gettext as _

from portal.domain.errors import NotFound
from portal.domain.slots import Slot, local_date
from portal.web.times import all_also_words, clock_words, day_and_clock, day_words, weekday_words

SOONEST = 3
DAYS_AT_ONCE = 7
MOST_KEPT = 8_192
DAY_BEGINS, NIGHT_BEGINS = 7, 22


@dataclass(frozen=True)
class Eyes:
    """Who looks, and at whose clock beside: the viewer's zone, the other's zone and name."""

    zone: str
    other_zone: str
    other_name: str


@dataclass(frozen=True)
class Time:
    """One time as kit/days.html draws it: `label` is the full name, read aloud; `also` is the other's clock alone."""

    value: str
    text: str
    label: str
    also: str
    day: str
    when: str
    theirs: str


@dataclass(frozen=True)
class _Clocks:
    """What a time is called; `also` is the other clock, with its weekday where that differs, or nothing if the same."""

    value: str
    text: str
    day: str
    when: str
    also: str


@dataclass(frozen=True)
class Day:
    """One day of the viewer with its times."""

    heading: str
    times: list[Time]


@dataclass(frozen=True)
class Page:
    """The soonest times, some days with theirs, and the day to go on from where there are more."""

    soonest: list[Time]
    days: list[Day]
    later: str


def instant_of(value: str) -> datetime:
    """Return the instant an address or a form names; NotFound for what names none, or one where the calendar ends."""
    try:
        named = datetime.fromisoformat(value)
        instant = named.astimezone(UTC) if named.tzinfo is not None else _nothing()
    except (ValueError, OverflowError):
        return _nothing()
    # A year is left on either side for what is reckoned from it: other clocks, rests, the times of a rhythm.
    return instant if MINYEAR < instant.year < MAXYEAR else _nothing()


def shown_time(starts_at: datetime, eyes: Eyes) -> Time:
    """Return one time in words."""
    return shown_times([starts_at], eyes)[0]


def shown_times(starts: Sequence[datetime], eyes: Eyes) -> list[Time]:
    """Return several times in words."""
    language, label = str(get_locale()), str(_("%(when)s; %(also)s"))
    beside = all_also_words(starts, eyes.zone, eyes.other_zone, eyes.other_name)
    return [
        _time(_clocks(starts_at, eyes.zone, eyes.other_zone, language), theirs, label)
        for starts_at, theirs in zip(starts, beside, strict=True)
    ]


def page_of(slots: Sequence[Slot], eyes: Eyes, since: str) -> Page:
    """Return the days from `since` (the viewer's ISO date) on, or from the first, where the soonest stand too."""
    by_day = [
        (day, list(of_day)) for day, of_day in groupby(slots, key=lambda slot: local_date(slot.starts_at, eyes.zone))
    ]
    begin = _date(since)
    rest = [(day, of_day) for day, of_day in by_day if begin is None or day >= begin]
    shown, later = rest[:DAYS_AT_ONCE], rest[DAYS_AT_ONCE : DAYS_AT_ONCE + 1]
    return Page(
        soonest=shown_times(_soonest(slots, eyes.zone), eyes) if begin is None else [],
        days=[_day(of_day, eyes) for _each, of_day in shown],
        later=later[0][0].isoformat() if later else "",
    )


def _time(clocks: _Clocks, theirs: str, label: str) -> Time:
    if not theirs:
        return Time(clocks.value, clocks.text, clocks.when, "", clocks.day, clocks.when, "")
    both = label % {"when": clocks.when, "also": theirs}
    return Time(clocks.value, clocks.text, both, clocks.also, clocks.day, clocks.when, theirs)


def _soonest(slots: Sequence[Slot], zone: str) -> list[datetime]:
    """Return the first few starts by day; those of the viewer's night only where there are no others."""
    starts = [slot.starts_at for slot in slots]
    by_day = [at for at in starts if DAY_BEGINS <= at.astimezone(ZoneInfo(zone)).hour < NIGHT_BEGINS]
    return (by_day or starts)[:SOONEST]


@lru_cache(MOST_KEPT)
def _clocks(starts_at: datetime, zone: str, other_zone: str, _language: str) -> _Clocks:
    """Nobody's name is in it: the same few times are looked at again and again, and are put into words once."""
    day, clock = day_words(starts_at, zone), clock_words(starts_at, zone)
    here, there = starts_at.astimezone(ZoneInfo(zone)), starts_at.astimezone(ZoneInfo(other_zone))
    also = clock_words(starts_at, other_zone) if here.utcoffset() != there.utcoffset() else ""
    if also and here.date() != there.date():
        also = f"{weekday_words(starts_at, other_zone)} {also}"
    return _Clocks(f"{starts_at:%Y-%m-%dT%H:%MZ}", clock, day, day_and_clock(day, clock), also)


def _day(slots: Sequence[Slot], eyes: Eyes) -> Day:
    times = shown_times([slot.starts_at for slot in slots], eyes)
    return Day(times[0].day, times)


def _date(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _nothing() -> datetime:
    raise NotFound
