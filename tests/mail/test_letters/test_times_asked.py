"""Letters about times that were asked for, offered, or are not to be had."""

import re
from dataclasses import replace
from datetime import timedelta

from portal.domain.account import Discretion
from portal.mail import letters
from portal.mail.specimens import BEFORE, CHAT, ENDS, LINK, STARTS, reader


def test_a_question_is_open_until_a_day_and_never_until_an_hour_of_the_night() -> None:
    at_night = letters.asked_peer(reader(Discretion.OPEN), STARTS + timedelta(hours=14), LINK)
    assert "The question stays open until Wednesday, March 11. After that" in at_night.text
    assert re.findall(r"\d [ap]m|\d:\d\d", at_night.text + at_night.html) == []


def test_a_question_about_a_time_names_each_time_and_until_when() -> None:
    later = replace(CHAT, starts_at=STARTS + timedelta(days=7), ends_at=ENDS + timedelta(days=7))
    letter = letters.time_asked(reader(Discretion.OPEN), (CHAT, later), BEFORE, LINK)
    assert letter.text.startswith(
        """\
Maya <3 asks for a time with you.

Tuesday, March 10, 1:30 pm – 2 pm (Eastern Daylight Time)
Tuesday, March 17, 1:30 pm – 2 pm (Eastern Daylight Time)

You can say yes on the page, or not this time. Both are fine, and neither asks for a reason.

The time is kept for you both until Monday, March 9, 4 pm. After that it is free again, and that is fine too.

See and answer:
"""
    )


def test_a_time_that_is_not_to_be_had_brings_the_nearest_free_ones_and_no_reason() -> None:
    to = reader(Discretion.OPEN)
    assert letters.time_released(to, CHAT, (BEFORE,), LINK).text.startswith(
        """\
The time you asked for is not to be had.

Tuesday, March 10, 1:30 pm – 2 pm (Eastern Daylight Time)

Nobody did anything wrong, and the two of you stay together.

These times are free and near it:
Monday, March 9, 4 pm (Eastern Daylight Time)

See free times:
"""
    )
    assert "near it" not in letters.time_released(to, CHAT, (), LINK).text


def test_an_offered_time_says_what_moves_and_until_when_it_is_held() -> None:
    to = reader(Discretion.OPEN)
    assert letters.time_offered(to, CHAT, ENDS + timedelta(days=1), BEFORE, LINK).text.startswith(
        """\
A time with Maya <3 has come free.

Tuesday, March 10, 1:30 pm – 2 pm (Eastern Daylight Time)

If you take it, the chat on Wednesday, March 11, 2 pm (Eastern Daylight Time) moves to it, and so does the entry in \
your calendar.

It is held for you until Monday, March 9, 4 pm. If you leave it, somebody else is asked, and everything stays as it is.

See and answer:
"""
    )
    assert "moves to it" not in letters.time_offered(to, CHAT, None, BEFORE, LINK).text
