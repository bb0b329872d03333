"""Letters about a chat, told whole: set, moved, called off, near."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from portal.domain.account import Discretion
from portal.mail import letters
from portal.mail.letter import Letter
from portal.mail.specimens import BEFORE, CHAT, ENDS, LINK, READER, STARTS, reader
from tests.mail.test_letters.part import FOOT, NO_REPLY, NUMBERS, Page


@pytest.mark.parametrize("discretion", [Discretion.OPEN, Discretion.DISCREET])
def test_who_may_not_move_a_chat_is_not_told_that_they_can(discretion: Discretion) -> None:
    to, theirs = reader(discretion), replace(CHAT, moves=False)
    written = (
        letters.invitation(to, theirs, LINK, b""),
        letters.update(to, theirs, BEFORE, LINK, b""),
        letters.reminder_day(to, (CHAT, theirs), LINK),
        letters.reminder_hours(to, (theirs,), LINK),
        letters.other_time(to, theirs, (BEFORE,), LINK),
    )
    for letter in written:
        for part in (letter.text, letter.html):
            assert "ask for another time" in part
            assert re.findall(r"you can move|[Ss]ee, move|Move, keep", part) == []


def test_an_invitation_is_complete_as_plain_text() -> None:
    letter = letters.invitation(READER, CHAT, LINK, b"ics")
    assert letter == Letter(
        subject="Your coffee chat, Tue 1:30 pm",
        text=f"""\
Your coffee chat is set.

Tuesday, March 10, 1:30 pm – 2 pm (Eastern Daylight Time)
It is 5:30 pm where the other person is.
Where: Café Lindo & Co, 100% oats

The entry for your calendar comes with this letter.

If the time stops working for you, you can move it or cancel it, up to the start. No reason needed.

See, move or cancel:
https://portal.example/chats/12

{FOOT}""",
        html=letter.html,
        calendar=b"ics",
        calendar_method="REQUEST",
    )


def test_the_html_says_what_the_text_says() -> None:
    assert Page(letters.invitation(READER, CHAT, LINK, b"ics").html).shown == [
        "Your coffee chat is set.",
        "Tuesday, March 10, 1:30 pm – 2 pm (Eastern Daylight Time)",
        "It is 5:30 pm where the other person is.",
        "Where: Café Lindo & Co, 100% oats",
        "The entry for your calendar comes with this letter.",
        "If the time stops working for you, you can move it or cancel it, up to the start. No reason needed.",
        "See, move or cancel",
        NUMBERS,
        NO_REPLY,
    ]


def test_a_move_tells_both_times() -> None:
    letter = letters.update(replace(READER, lines=()), CHAT, BEFORE, LINK, b"ics")
    assert letter.calendar_method == "REQUEST"
    assert (
        letter.text
        == """\
Your coffee chat has a new time.

Tuesday, March 10, 1:30 pm – 2 pm (Eastern Daylight Time)
It is 5:30 pm where the other person is.
Where: Café Lindo & Co, 100% oats

Before, it was Monday, March 9, 4 pm (Eastern Daylight Time).

The entry in your calendar moves along with this letter.

If the new time does not work for you, you can move it again or cancel it. No reason needed.

See, move or cancel:
https://portal.example/chats/12

* * *

This letter cannot take a reply.
"""
    )


def test_who_was_never_invited_gets_no_calendar_part_with_a_cancellation() -> None:
    known, unknown = (letters.cancellation(READER, CHAT, LINK, ics) for ics in (b"ics", None))
    assert (known.calendar, known.calendar_method) == (b"ics", "CANCEL")
    assert (unknown.calendar, unknown.calendar_method) == (None, None)
    taken_out = "The entry in your calendar is taken out with this letter.\n\n"
    assert known.text.replace(taken_out, "") == unknown.text != known.text


def test_chats_of_one_day_are_told_in_order_in_one_letter() -> None:
    later = replace(CHAT, starts_at=STARTS + timedelta(hours=3), ends_at=ENDS + timedelta(hours=3), place="Phone")
    letter = letters.reminder_day(reader(Discretion.OPEN), (later, CHAT), LINK)
    assert letter.subject == "Your coffee chats, Tuesday, March 10"
    assert letter.text.startswith("""\
A note about your coffee chats.

Tuesday, March 10, 1:30 pm – 2 pm (Eastern Daylight Time)
It is 5:30 pm where the other person is.
Where: Café Lindo & Co, 100% oats

Tuesday, March 10, 4:30 pm – 5 pm (Eastern Daylight Time)
It is 8:30 pm where the other person is.
Where: Phone
""")


def test_the_other_clock_is_told_only_where_it_differs() -> None:
    near = replace(CHAT, other_zone="America/Toronto")
    assert "where the other person is" not in letters.invitation(READER, near, LINK, b"").text


def test_a_chat_by_video_says_where_the_way_in_is_found() -> None:
    video = letters.invitation(READER, replace(CHAT, place=letters.ONLINE), LINK, b"")
    way_in = "You two agree how to call; how to reach them stands on your page."
    assert f"Where: Online\n{way_in}\n" in video.text
    assert Page(video.html).shown[3:5] == ["Where: Online", way_in]
    assert way_in not in letters.invitation(READER, CHAT, LINK, b"").text


def test_a_calendar_part_without_method_is_refused() -> None:
    with pytest.raises(ValueError, match="together"):
        Letter("s", "t", "h", b"ics", None)
