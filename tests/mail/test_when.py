"""Times in words, by language and zone."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.mail.when import differs, moment_in_full, short, span_in_full

AT = datetime(2026, 3, 10, 20, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "language", "words"),
    [
        ("America/New_York", "en", "Tuesday, March 10, 4 pm (Eastern Daylight Time)"),
        ("America/New_York", "en-GB", "Tuesday, 10 March, 16:00 (Eastern Daylight Time)"),
        ("America/New_York", "not a language", "Tuesday, March 10, 4 pm (Eastern Daylight Time)"),
        ("Europe/London", "en", "Tuesday, March 10, 8 pm (Greenwich Mean Time)"),
        ("Asia/Calcutta", "en", "Wednesday, March 11, 1:30 am (India Time)"),
        ("Australia/Lord_Howe", "en", "Wednesday, March 11, 7 am (Lord Howe Daylight Time)"),
        ("America/New_York", "es", "Tuesday, March 10, 4 pm (Eastern Daylight Time)"),
    ],
)
def test_a_moment_is_told_in_the_readers_language_and_zone(zone: str, language: str, words: str) -> None:
    assert moment_in_full(AT, zone, language) == words


def test_a_span_names_its_zone_once() -> None:
    assert (
        span_in_full(AT, AT + timedelta(minutes=30), "America/New_York", "en")
        == "Tuesday, March 10, 4 pm – 4:30 pm (Eastern Daylight Time)"
    )


def test_a_subject_has_the_short_form() -> None:
    assert short(AT, "America/New_York", "en") == "Tue 4 pm"


def test_zones_differ_by_what_their_clocks_show_that_day() -> None:
    assert not differs(AT, "America/New_York", "America/Toronto")
    assert differs(AT, "America/Phoenix", "America/Denver")
    assert not differs(datetime(2026, 1, 10, tzinfo=UTC), "America/Phoenix", "America/Denver")
