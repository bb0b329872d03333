"""What holds for all hours, policies and busy times: properties E1 to E6, and a slow reference that is obviously right.

The reference walks over every fifth minute of UTC and asks the sentences of the specification about each; it shares
nothing with the code under test but the values.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.domain.experience import Format
from portal.domain.slots import (
    Busy,
    BusyKind,
    Closed,
    Hours,
    Policy,
    Season,
    Slot,
    Stay,
    Window,
    open_slots,
    ways_at,
    why_closed,
)

GRAIN = timedelta(minutes=5)
DAY = timedelta(days=1)

# Days around which the clocks of a zone change, where they do; Cairo's and Beirut's change at midnight.
CHANGES = {
    "America/New_York": [date(2026, 3, 8), date(2026, 11, 1)],
    "America/St_Johns": [date(2026, 3, 8), date(2026, 11, 1)],
    "Europe/London": [date(2026, 3, 29), date(2026, 10, 25)],
    "Australia/Lord_Howe": [date(2026, 4, 5), date(2026, 10, 4)],
    "Pacific/Apia": [date(2011, 9, 24), date(2011, 12, 30), date(2026, 4, 5)],
    "Asia/Kathmandu": [date(2026, 6, 15)],
    "Africa/Cairo": [date(2026, 4, 24), date(2026, 10, 30)],
    "Asia/Beirut": [date(2026, 3, 29), date(2026, 10, 25)],
}
ZONES = sorted(CHANGES)


class Case(NamedTuple):
    """A whole question: whose hours, which wishes, what is busy, which local dates, when it is asked, for which way."""

    hours: Hours
    policy: Policy
    busy: list[Busy]
    first: date
    last: date
    now: datetime
    way: Format | None

    def open(self) -> tuple[Slot, ...]:
        return open_slots(*self)

    def why(self, start: datetime) -> Closed | None:
        return why_closed(self.hours, self.policy, self.busy, start, self.now, self.way)


def _instant(wall: datetime, zone: str) -> datetime:
    return wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _merged(windows: Sequence[Window]) -> list[tuple[int, int]]:
    """Colour the five-minute cells of a day that are open, and read off the runs."""
    cells = sorted({cell for window in windows for cell in range(window.starts, window.ends, 5)})
    edges = [cell for cell in cells if cell - 5 not in cells], [cell + 5 for cell in cells if cell + 5 not in cells]
    return list(zip(*edges, strict=True))


def _windows_on(hours: Hours, day: date) -> tuple[Window, ...]:
    if day in hours.other:
        return hours.other[day]
    weeks = [season.weekly for season in hours.seasons if season.first <= day <= season.last] or [hours.weekly]
    return weeks[0].get(day.weekday(), ())


def _zone_on(hours: Hours, day: date) -> str:
    return ([stay.zone for stay in hours.stays if stay.first <= day <= stay.last] or [hours.zone])[0]


def _date_of(hours: Hours, at: datetime) -> date:
    """On the clocks of a stay from its first midnight to its last, else on those of home."""
    for stay in hours.stays:
        begins, ends = (datetime.combine(day, time()) for day in (stay.first, stay.last + DAY))
        if _instant(begins, stay.zone) <= at < _instant(ends, stay.zone):
            return at.astimezone(ZoneInfo(stay.zone)).date()
    return at.astimezone(ZoneInfo(hours.zone)).date()


class Opening(NamedTuple):
    """A merged window: its opening on the wall, its zone, and its ends as instants."""

    wall: datetime
    zone: str
    opens: datetime
    closes: datetime


def _openings(case: Case, way: Format | None) -> list[Opening]:
    """Return the merged windows around the dates; with a way only of those that allow it."""
    hours, found = case.hours, []
    for offset in range(-4, (case.last - case.first).days + 6):
        day = case.first + offset * DAY
        midnight, zone = datetime.combine(day, time()), _zone_on(hours, day)
        allowed = [each for each in _windows_on(hours, day) if way is None or not each.formats or way in each.formats]
        for starts, ends in _merged(allowed):
            wall, until = midnight + timedelta(minutes=starts), midnight + timedelta(minutes=ends)
            found.append(Opening(wall, zone, _instant(wall, zone), _instant(until, zone)))
    return found


def reference(case: Case) -> list[datetime]:
    """Return the open starts by asking every rule about every fifth minute."""
    hours, policy = case.hours, case.policy
    length = timedelta(minutes=policy.length_minutes)
    step = timedelta(minutes=policy.step_minutes or policy.length_minutes)
    grid = _openings(case, None)
    by_way = [_openings(case, way) for way in (Format if case.way is None else [case.way])]

    def on_grid(at: datetime) -> bool:
        for opening in grid:
            if not opening.opens <= at < opening.closes:
                continue
            local = at.astimezone(ZoneInfo(opening.zone))
            since = local.replace(tzinfo=None, fold=0) - opening.wall
            if local.fold == 0 and since % step == timedelta(0):
                return True
        return False

    def fits(at: datetime, openings: list[Opening]) -> bool:
        cells = [at + cell * GRAIN for cell in range(length // GRAIN)]
        return all(any(opening.opens <= cell < opening.closes for opening in openings) for cell in cells)

    def in_the_way(at: datetime, busy: Busy) -> bool:
        if busy.starts_at == busy.ends_at:
            return False
        is_chat = busy.kind in {BusyKind.TAKEN, BusyKind.MEMBER_TAKEN, BusyKind.OPEN_HOUR}
        before = timedelta(minutes=max(policy.rest_after_minutes, busy.rest_before_minutes) if is_chat else 0)
        after = timedelta(minutes=max(policy.rest_before_minutes, busy.rest_after_minutes) if is_chat else 0)
        ends_before = at + length + before <= busy.starts_at
        begins_after = at >= busy.ends_at + after
        return not (ends_before or begins_after)

    def capped(day: date) -> bool:
        real = [(_date_of(hours, busy.starts_at), busy) for busy in case.busy if busy.starts_at != busy.ends_at]
        for chats, minutes, in_stretch in (
            (policy.cap_per_day, policy.cap_minutes_per_day, [busy for on, busy in real if on == day]),
            (
                policy.cap_per_week,
                policy.cap_minutes_per_week,
                [busy for on, busy in real if on.isocalendar()[:2] == day.isocalendar()[:2]],
            ),
        ):
            taken = [busy for busy in in_stretch if busy.kind == BusyKind.TAKEN]
            given = [busy for busy in in_stretch if busy.kind in {BusyKind.TAKEN, BusyKind.OPEN_HOUR}]
            spent = sum((busy.ends_at - busy.starts_at) // timedelta(minutes=1) for busy in given)
            if chats is not None and len(taken) >= chats:
                return True
            if minutes is not None and spent + policy.length_minutes > minutes:
                return True
        return False

    found = []
    at = datetime(case.first.year, case.first.month, case.first.day, tzinfo=UTC) - 2 * DAY
    while at.date() <= case.last + 2 * DAY:
        if (
            on_grid(at)
            and case.first <= (local_day := _date_of(hours, at)) <= case.last
            and at >= case.now + timedelta(minutes=policy.notice_minutes)
            and (local_day - _date_of(hours, case.now)).days <= policy.horizon_days
            and any(fits(at, openings) for openings in by_way)
            and not any(in_the_way(at, busy) for busy in case.busy)
            and not capped(local_day)
        ):
            found.append(at)
        at += GRAIN
    return found


@st.composite
def window(draw: st.DrawFn) -> Window:
    # Small hours and midnight are where clocks change, so they come often.
    starts = (
        draw(
            st.one_of(st.integers(0, 36), st.sampled_from([0, 12, 24, 30]), st.integers(0, 287), st.integers(240, 287))
        )
        * 5
    )
    length = draw(st.one_of(st.integers(1, 36), st.sampled_from([12, 24, 48, 288]))) * 5
    ends = draw(st.sampled_from([starts + length, 1440, 1500, 1560]))
    ways = draw(st.sampled_from([(), (), (), (Format.COFFEE,), (Format.PHONE, Format.VIDEO)]))
    return Window(starts, min(ends if ends > starts else starts + length, 2880), frozenset(ways))


windows = st.lists(window(), max_size=3).map(tuple)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    return Policy(
        length_minutes=draw(st.sampled_from([5, 25, 30, 45, 60, 90])),
        step_minutes=draw(st.sampled_from([None, None, 15, 30, 40])),
        rest_before_minutes=draw(st.sampled_from([0, 0, 10, 30])),
        rest_after_minutes=draw(st.sampled_from([0, 0, 10, 30])),
        notice_minutes=draw(st.sampled_from([0, 0, 0, 0, 1, 120, 1441])),
        horizon_days=draw(st.sampled_from([60, 60, 60, 60, 2, 0])),
        cap_per_day=draw(st.sampled_from([None, None, None, None, 0, 1, 2])),
        cap_per_week=draw(st.sampled_from([None, None, None, None, 1, 3])),
        cap_minutes_per_day=draw(st.sampled_from([None, None, None, None, 30, 90])),
        cap_minutes_per_week=draw(st.sampled_from([None, None, None, None, 60, 240])),
    )


@st.composite
def busy_near(draw: st.DrawFn, noon: datetime) -> Busy:
    starts = noon + timedelta(minutes=draw(st.integers(-6000, 6000)))
    length = draw(st.one_of(st.sampled_from([0, 30, 60]), st.integers(1, 1500)))
    kind, rests = draw(st.sampled_from(BusyKind)), st.sampled_from([0, 5, 45])
    return Busy(starts, starts + timedelta(minutes=length), kind, draw(rests), draw(rests))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    zone = draw(st.sampled_from(ZONES))
    first = draw(st.sampled_from(CHANGES[zone])) + draw(st.integers(-2, 1)) * DAY
    noon = datetime(first.year, first.month, first.day, 12, tzinfo=UTC)
    other = draw(st.dictionaries(st.integers(-2, 4).map(lambda n: first + n * DAY), windows, max_size=2))
    week = st.dictionaries(st.integers(0, 6), windows, min_size=6)
    days = st.tuples(st.integers(-2, 1), st.integers(0, 2)).map(lambda n: (first + n[0] * DAY, first + sum(n) * DAY))
    seasons = tuple(Season(*draw(days), draw(week)) for _ in range(draw(st.sampled_from([0, 0, 1]))))
    stays = tuple(Stay(*draw(days), draw(st.sampled_from(ZONES))) for _ in range(draw(st.sampled_from([0, 0, 1]))))
    return Case(
        Hours(zone, draw(week), other, seasons, stays),
        draw(policies()),
        draw(st.lists(busy_near(noon), max_size=4)),
        first,
        first + draw(st.integers(0, 2)) * DAY,
        noon - timedelta(minutes=draw(st.one_of(st.just(4000), st.just(4320), st.integers(-2000, 4000)))),
        draw(st.sampled_from([None, None, Format.COFFEE, Format.VIDEO])),
    )


unhurried = settings(deadline=None, derandomize=True, max_examples=100)


@unhurried
@given(cases())
def test_the_slots_are_those_of_the_slow_reference(case: Case) -> None:
    assert [slot.starts_at for slot in case.open()] == reference(case)


@unhurried
@given(cases())
def test_a_range_of_days_is_its_days_one_after_the_other(case: Case) -> None:
    days = [case.first + n * DAY for n in range((case.last - case.first).days + 1)]
    assert case.open() == tuple(slot for day in days for slot in case._replace(first=day, last=day).open())


@unhurried
@given(cases(), st.sampled_from(ZONES))
def test_the_instants_do_not_depend_on_the_zone_anybody_looks_from(case: Case, viewer: str) -> None:
    zone = ZoneInfo(viewer)
    seen = [Busy(b.starts_at.astimezone(zone), b.ends_at.astimezone(zone), *b[2:]) for b in case.busy]
    assert case._replace(busy=seen, now=case.now.astimezone(zone)).open() == case.open()


@unhurried
@given(cases(), st.data())
def test_one_more_busy_range_never_opens_a_time(case: Case, data: st.DataObject) -> None:
    noon = datetime(case.first.year, case.first.month, case.first.day, 12, tzinfo=UTC)
    more = data.draw(busy_near(noon))
    assert set(case._replace(busy=[*case.busy, more]).open()) - set(case.open()) == set()


@unhurried
@given(cases())
def test_slots_come_in_order_and_each_once(case: Case) -> None:
    starts = [slot.starts_at for slot in case.open()]
    assert starts == sorted(set(starts))


@unhurried
@given(cases())
def test_the_order_in_which_busy_ranges_are_given_does_not_matter(case: Case) -> None:
    assert case._replace(busy=case.busy[::-1]).open() == case.open()


@unhurried
@given(cases())
def test_a_time_is_open_exactly_when_no_reason_closes_it(case: Case) -> None:
    noon = datetime(case.first.year, case.first.month, case.first.day, 12, tzinfo=UTC)
    asked = {noon + n * timedelta(minutes=15) for n in range(-64, 64)}
    wide = {slot.starts_at for slot in case._replace(first=case.first - 3 * DAY, last=case.last + 3 * DAY).open()}
    free = case._replace(busy=[], policy=Policy(), now=noon - 10 * DAY, way=None)
    asked |= {slot.starts_at for slot in free.open()} | wide
    assert {start for start in asked if case.why(start) is None} == wide


@unhurried
@given(cases())
def test_the_ways_of_a_slot_are_those_it_is_open_for(case: Case) -> None:
    every = case._replace(way=None).open()
    told = {way: {slot for slot in every if not (ways := ways_at(case.hours, slot)) or way in ways} for way in Format}
    assert told == {way: set(case._replace(way=way).open()) for way in Format}


PRINT_SLOTS = """
from datetime import UTC, date, datetime
from portal.domain.experience import Format
from portal.domain.slots import Busy, BusyKind, Hours, Policy, Season, Stay, Window, open_slots, why_closed
now = datetime(2026, 3, 7, 1, tzinfo=UTC)
busy = [Busy(datetime(2026, 3, 8, 6, tzinfo=UTC), datetime(2026, 3, 8, 7, tzinfo=UTC), BusyKind.TAKEN, 15, 15)]
policy = Policy(cap_per_day=5, notice_minutes=60)
for zone in ("America/New_York", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe"):
    phone = Window(600, 660, frozenset({Format.PHONE}))
    week = dict.fromkeys(range(7), (Window(30, 300), phone, Window(1380, 1500)))
    season = Season(date(2026, 3, 7), date(2026, 3, 7), {5: (Window(0, 120),)})
    stay = Stay(date(2026, 3, 8), date(2026, 3, 8), "Europe/London")
    hours = Hours(zone, week, {date(2026, 3, 9): ()}, (season,), (stay,))
    for slot in open_slots(hours, policy, busy, date(2026, 3, 6), date(2026, 3, 10), now):
        print(zone, slot.starts_at.isoformat(), slot.ends_at.isoformat())
    print(why_closed(hours, policy, busy, busy[0].starts_at, now))
"""


def printed_under(server_zone: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", PRINT_SLOTS],
        env={**os.environ, "TZ": server_zone},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        check=True,
        text=True,
        timeout=60,
    ).stdout


@pytest.mark.parametrize("server_zone", ["Asia/Kathmandu", "America/St_Johns"])
def test_the_servers_own_zone_changes_nothing(server_zone: str) -> None:
    under_utc = printed_under("UTC")
    assert len(under_utc.splitlines()) > 20
    assert printed_under(server_zone) == under_utc
