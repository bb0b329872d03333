"""Whole local days as instants, the day the clocks change, and what a peer may wish for."""

from datetime import UTC, date, datetime

import pytest

from portal.domain.errors import BadInput
from portal.domain.slots import (
    CHOICES,
    ChatWishes,
    Window,
    check_wishes,
    days_of_span,
    next_clock_change,
    span_of_days,
    window_between,
)


def utc(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("first", "last", "zone", "begins", "ends"),
    [
        (date(2026, 3, 8), date(2026, 3, 8), "America/New_York", utc(3, 8, 5), utc(3, 9, 4)),
        (date(2026, 11, 1), date(2026, 11, 1), "America/New_York", utc(11, 1, 4), utc(11, 2, 5)),
        # Cairo's clocks skip midnight itself: the day begins at 1:00.
        (date(2026, 4, 24), date(2026, 4, 24), "Africa/Cairo", utc(4, 23, 22), utc(4, 24, 21)),
        (date(2026, 6, 15), date(2026, 6, 16), "Asia/Kathmandu", utc(6, 14, 18, 15), utc(6, 16, 18, 15)),
    ],
)
def test_days_are_whole_by_the_persons_clock(
    first: date, last: date, zone: str, begins: datetime, ends: datetime
) -> None:
    assert span_of_days(first, last, zone) == (begins, ends)
    assert days_of_span((begins, ends), zone) == (first, last)


@pytest.mark.parametrize(
    ("today", "zone", "day"),
    [
        (date(2026, 3, 2), "America/New_York", date(2026, 3, 8)),
        (date(2026, 3, 8), "America/New_York", date(2026, 3, 8)),
        (date(2026, 3, 9), "America/New_York", None),
        (date(2026, 2, 21), "America/New_York", None),
        (date(2026, 9, 28), "Australia/Lord_Howe", date(2026, 10, 4)),
        (date(2026, 3, 2), "Asia/Kathmandu", None),
    ],
)
def test_a_change_of_clocks_is_told_two_weeks_ahead(today: date, zone: str, day: date | None) -> None:
    assert next_clock_change(today, zone) == day


@pytest.mark.parametrize(
    ("starts", "ends", "window"),
    [
        (1080, 1260, Window(1080, 1260)),
        (1320, 120, Window(1320, 1560)),
        (1080, 0, Window(1080, 1440)),
        (0, 0, Window(0, 1440)),
        (5, 0, Window(5, 1440)),
    ],
)
def test_an_end_before_the_start_is_the_next_days(starts: int, ends: int, window: Window) -> None:
    assert window_between(starts, ends) == window


@pytest.mark.parametrize(("starts", "ends", "field"), [(61, 120, "starts"), (60, 121, "ends"), (60, 60, "ends")])
def test_what_is_no_window_says_at_which_end(starts: int, ends: int, field: str) -> None:
    with pytest.raises(BadInput) as refusal:
        window_between(starts, ends)
    assert refusal.value.field == field


@pytest.mark.parametrize("field", CHOICES)
def test_a_wish_is_on_the_list_or_what_it_was(field: str) -> None:
    usual, odd = ChatWishes(), ChatWishes(**{field: 55})  # type: ignore[arg-type]
    check_wishes(odd, odd)
    check_wishes(usual, odd)
    with pytest.raises(BadInput) as refusal:
        check_wishes(odd, usual)
    assert refusal.value.field == field
