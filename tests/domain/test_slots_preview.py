"""A peer's own view of a day: every start with its answer, in runs, and never other than why_closed says."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from portal.domain.experience import Format
from portal.domain.slots import (
    Busy,
    BusyKind,
    Closed,
    Hours,
    Policy,
    Run,
    Slot,
    Window,
    difference,
    lies_outside,
    open_slots,
    runs_of_day,
)

DAY = date(2026, 4, 15)
EARLY = datetime(2026, 4, 14, 12, tzinfo=UTC)
HALF_HOURS = Policy(30, step_minutes=30)
PHONE = frozenset({Format.PHONE})


def at(hour: int, minute: int = 0) -> datetime:
    """Return this wall time of the day in New York."""
    return datetime(2026, 4, 15, hour + 4, minute, tzinfo=UTC)


def hours(*windows: Window) -> Hours:
    return Hours("America/New_York", {2: windows}, {})


def test_a_day_is_its_starts_in_runs_of_one_answer() -> None:
    busy = [Busy(at(10), at(10, 30), BusyKind.TAKEN, 30, 30)]
    runs = runs_of_day(hours(Window(540, 720)), HALF_HOURS, busy, DAY, "America/New_York", EARLY)
    assert runs == (
        Run(at(9), at(9, 30), None),
        Run(at(9, 30), at(10), Closed.REST),
        Run(at(10), at(10, 30), Closed.TAKEN),
        Run(at(10, 30), at(11), Closed.REST),
        Run(at(11), at(12), None),
    )


def test_starts_with_a_pause_between_them_are_runs_of_their_own() -> None:
    runs = runs_of_day(hours(Window(540, 600), Window(660, 720)), HALF_HOURS, (), DAY, "America/New_York", EARLY)
    assert runs == (Run(at(9), at(10), None), Run(at(11), at(12), None))


def test_a_day_is_the_one_of_the_clock_that_is_looked_by() -> None:
    evening = hours(Window(1200, 1320))
    assert runs_of_day(evening, HALF_HOURS, (), DAY, "Asia/Tokyo", EARLY) == ()
    (run,) = runs_of_day(evening, HALF_HOURS, (), DAY + timedelta(days=1), "Asia/Tokyo", EARLY)
    assert run == Run(datetime(2026, 4, 16, 0, tzinfo=UTC), datetime(2026, 4, 16, 2, tzinfo=UTC), None)


def test_what_is_open_in_a_day_is_what_open_slots_says() -> None:
    policy = replace(HALF_HOURS, notice_minutes=1560, cap_per_day=2)
    busy = [Busy(at(10), at(10, 30), BusyKind.TAKEN)]
    mixed = hours(Window(540, 720, PHONE), Window(780, 900))
    runs = runs_of_day(mixed, policy, busy, DAY, "America/New_York", EARLY, Format.COFFEE)
    starts = {
        run.starts_at + timedelta(minutes=30 * each)
        for run in runs
        if run.closed is None
        for each in range((run.ends_at - run.starts_at) // timedelta(minutes=30))
    }
    assert starts == {slot.starts_at for slot in open_slots(mixed, policy, busy, DAY, DAY, EARLY, Format.COFFEE)}
    assert {run.closed for run in runs} == {None, Closed.TOO_SOON, Closed.OTHER_WAY}


def test_a_chat_lies_outside_when_its_hours_are_gone_be_it_off_the_grid_or_long() -> None:
    nine_to_ten = hours(Window(540, 600))
    assert not lies_outside(nine_to_ten, Slot(at(9, 5), at(9, 35)))
    assert not lies_outside(nine_to_ten, Slot(at(9), at(10)))
    assert lies_outside(nine_to_ten, Slot(at(9), at(10, 30)))
    assert lies_outside(nine_to_ten, Slot(at(8, 55), at(9, 25)))
    assert lies_outside(hours(), Slot(at(9), at(10)))


def test_a_change_opens_and_closes() -> None:
    one, two, three = (Slot(at(hour), at(hour, 30)) for hour in (9, 10, 11))
    made = difference([one, two], [two, three])
    assert (made.opens, made.closes) == ((three,), (one,))
