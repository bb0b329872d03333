"""Help lines: open or not by their own clock, in the right order, and never forgotten."""

from datetime import UTC, date, datetime

import pytest

from portal.domain.crisis import (
    Country,
    Line,
    OpenHours,
    SendsHelp,
    Way,
    WayKind,
    due_for_review,
    for_topics,
    open_now,
    review_due,
)


def line(
    line_id: str = "x-line", *, hours: tuple[OpenHours, ...] = (), zone: str = "UTC", review: date | None = None
) -> Line:
    return Line(
        id=line_id,
        name="A line",
        ways=(Way(WayKind.CALL, "555 0100", "tel:5550100"),),
        audience="Anyone",
        cost="Free",
        languages=("en",),
        hours_shown="",
        sends_help=SendsHelp.UNKNOWN,
        source="https://line.example",
        hours=hours,
        zone=zone,
        verified_on=review and date(2026, 1, 1),
        review_by=review,
    )


def land(*lines: Line) -> Country:
    return Country("XX", "Somewhere", Way(WayKind.CALL, "112", "tel:112"), lines)


WEEKDAYS = tuple(OpenHours(day, 600, 1080) for day in range(5))
SATURDAY_NIGHT = (OpenHours(5, 22 * 60, 26 * 60),)


def test_a_line_without_hours_is_open_day_and_night() -> None:
    assert open_now(line(), datetime(2026, 3, 8, 3, 0, tzinfo=UTC)) is True


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (datetime(2026, 3, 6, 17, 59, tzinfo=UTC), False),
        (datetime(2026, 3, 6, 18, 0, tzinfo=UTC), True),
        (datetime(2026, 3, 7, 1, 59, tzinfo=UTC), True),
        (datetime(2026, 3, 7, 2, 0, tzinfo=UTC), False),
        (datetime(2026, 3, 7, 20, 0, tzinfo=UTC), False),
        (datetime(2026, 3, 9, 17, 0, tzinfo=UTC), True),
    ],
    ids=["Friday early", "Friday opens", "Friday late", "Friday closes", "Saturday", "Monday after the clocks went on"],
)
def test_weekday_hours_go_by_the_line_s_own_clock(now: datetime, expected: bool) -> None:
    assert open_now(line(hours=WEEKDAYS, zone="America/Los_Angeles"), now) is expected


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (datetime(2026, 3, 7, 23, 0, tzinfo=UTC), True),
        (datetime(2026, 3, 8, 1, 59, tzinfo=UTC), True),
        (datetime(2026, 3, 8, 2, 0, tzinfo=UTC), False),
        (datetime(2026, 3, 8, 23, 0, tzinfo=UTC), False),
    ],
)
def test_hours_past_midnight_reach_into_the_next_day(now: datetime, expected: bool) -> None:
    assert open_now(line(hours=SATURDAY_NIGHT), now) is expected


@pytest.mark.parametrize(
    ("today", "expected"),
    [(date(2026, 5, 31), False), (date(2026, 6, 1), True), (date(2026, 7, 2), True)],
    ids=["31 days before", "30 days before", "past"],
)
def test_a_review_is_due_thirty_days_before_its_date(today: date, expected: bool) -> None:
    assert review_due(line(review=date(2026, 7, 1)), today) is expected


def test_a_line_that_nobody_checked_is_due() -> None:
    assert review_due(line(), date(2026, 1, 1)) is True


def test_lines_due_for_review_are_found_in_every_country() -> None:
    fresh, unchecked = line("fresh", review=date(2027, 1, 1)), line("unchecked")
    assert due_for_review([land(fresh), land(unchecked)], date(2026, 1, 1)) == (unchecked,)


def test_lines_that_belong_come_after_the_first_and_before_the_others() -> None:
    first, second, third = line("first"), line("second"), line("third")
    country = land(first, second, third)
    assert for_topics(country, {"third"}) == (first, third, second)
    assert for_topics(country, {"first", "elsewhere"}) == (first, second, third)
    assert for_topics(country, ()) == (first, second, third)
