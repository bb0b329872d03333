"""The back-off of a letter's tries, and what may stand on one line."""

from datetime import UTC, datetime

import pytest

from portal.domain.notice import LEASE, MOST_TRIES, one_line, retry_at

NOW = datetime(2026, 6, 16, 12, tzinfo=UTC)


def test_waits_double_from_half_a_minute_to_two_hours_and_end_with_the_tenth_try() -> None:
    waits = []
    for attempts in range(1, MOST_TRIES):
        again = retry_at(attempts, NOW)
        assert again is not None
        waits.append((again - NOW).total_seconds())
    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3840, 7200]
    assert retry_at(10, NOW) is None
    assert retry_at(11, NOW) is None


def test_a_retry_before_the_first_try_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="already made"):
        retry_at(0, NOW)


def test_a_crash_is_mended_within_five_minutes() -> None:
    assert LEASE.total_seconds() == 120


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Coffee", "Coffee"),
        ("Coffee\r\nBEGIN:VALARM", "Coffee BEGIN:VALARM"),
        ("a\x00b\x07c\x9fd", "abcd"),
        ("one\u2028two\u2029three", "one two three"),
        ("\u202eabc\u202c \u2066x\u2069", "abc x"),
        ("caf\udce9", "caf"),
        (" Żółw ☕ ", "Żółw ☕"),
    ],
)
def test_one_line_is_free_of_breaks_controls_and_overrides(typed: str, kept: str) -> None:
    assert one_line(typed) == kept
