"""A calendar to be read again and again: what it says, in one way to all readers, and the same bytes each time."""

from dataclasses import replace

import pytest

from portal.calendars.feed import feed, tag_of
from portal.calendars.invitation import Event
from tests.calendars.readers import by_icaljs, objections
from tests.calendars.test_invitation import EVENT, HOSTILE, unfolded

OFF = replace(EVENT, uid="9f14e45f-ceea-4a7e-9c3b-1d5d7a0c2b11", cancelled=True, sequence=2)


def test_the_calendar_names_itself_and_says_when_to_look_again() -> None:
    assert sorted(unfolded(feed("Coffee", []))) == sorted(
        [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Calendar entries//1//EN",
            "CALSCALE:GREGORIAN",
            "METHOD:PUBLISH",
            "NAME:Coffee",
            "X-WR-CALNAME:Coffee",
            "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
            "X-PUBLISHED-TTL:PT1H",
            "END:VCALENDAR",
            "",
        ]
    )


def test_an_entry_is_the_one_that_the_letters_carry_but_names_no_attendee() -> None:
    lines = unfolded(feed("Coffee", [EVENT, OFF]))
    assert [line for line in lines if line.startswith(("UID", "STATUS", "ATTENDEE"))] == [
        f"UID:{EVENT.uid}",
        "STATUS:CONFIRMED",
        f"UID:{OFF.uid}",
        "STATUS:CANCELLED",
    ]


@pytest.mark.parametrize("events", [[], [EVENT], [HOSTILE, OFF, EVENT]])
def test_both_readers_read_it_in_one_way(events: list[Event]) -> None:
    content = feed("Coffee", events)
    assert objections(content) == []
    entries = by_icaljs(content)["entries"]
    assert isinstance(entries, list)
    assert len(entries) == len(events)


def test_a_tag_is_that_of_the_content() -> None:
    same, other = feed("Coffee", [EVENT]), feed("Coffee", [replace(EVENT, sequence=1)])
    assert (tag_of(same) == tag_of(feed("Coffee", [EVENT])), tag_of(same) == tag_of(other)) == (True, False)
