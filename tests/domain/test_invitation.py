"""Which answers from calendars count: the right person's, to the entry as it stands, the latest made."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from portal.domain.invitation import ANSWERS, Asked, Partstat, Passed, Reply, passed_over

SECOND = timedelta(seconds=1)
ANA = "ana@example.org"


@pytest.fixture
def reply(now: datetime) -> Reply:
    return Reply("8f14e45f-ceea-4a7e-9c3b-1d5d7a0c2b11", 1, now, ANA, Partstat.DECLINED)


ASKED = Asked(ANA, 1, live=True)


def test_an_answer_to_the_entry_as_it_stands_counts(reply: Reply, now: datetime) -> None:
    assert passed_over(reply, ANA, ASKED, now) is None


def test_letters_of_an_address_may_be_large_or_small(reply: Reply, now: datetime) -> None:
    assert passed_over(replace(reply, attendee="Ana@Example.org"), "ANA@example.org", ASKED, now) is None


@pytest.mark.parametrize(("sender", "attendee"), [("ben@example.org", ANA), (ANA, "ben@example.org"), ("", ANA)])
def test_nobody_answers_for_somebody_else(reply: Reply, now: datetime, sender: str, attendee: str) -> None:
    assert passed_over(replace(reply, attendee=attendee), sender, ASKED, now) is Passed.OTHER_PERSON


@pytest.mark.parametrize("sequence", [0, 2, -1])
def test_an_answer_to_another_time_of_the_chat_is_passed_over(reply: Reply, now: datetime, sequence: int) -> None:
    assert passed_over(replace(reply, sequence=sequence), ANA, ASKED, now) is Passed.OTHER_TIME


def test_nothing_is_answered_once_the_chat_is_off_or_has_begun(reply: Reply, now: datetime) -> None:
    assert passed_over(reply, ANA, replace(ASKED, live=False), now) is Passed.OVER


@pytest.mark.parametrize(
    ("later", "verdict"), [(-SECOND, Passed.NO_NEWER), (timedelta(0), Passed.NO_NEWER), (SECOND, None)]
)
def test_of_several_answers_the_latest_made_counts(
    reply: Reply, now: datetime, later: timedelta, verdict: Passed | None
) -> None:
    answered = replace(ASKED, reply_sequence=1, reply_stamp=now)
    assert passed_over(replace(reply, stamp=now + later), ANA, answered, now) is verdict


def test_an_answer_to_the_time_before_stands_in_nobodys_way(reply: Reply, now: datetime) -> None:
    moved = replace(ASKED, reply_sequence=0, reply_stamp=now + SECOND)
    assert passed_over(reply, ANA, moved, now) is None


def test_a_stamp_from_far_ahead_does_not_count(reply: Reply, now: datetime) -> None:
    ahead = replace(reply, stamp=now + timedelta(days=2))
    assert passed_over(ahead, ANA, ASKED, now) is Passed.AHEAD_OF_TIME


def test_needing_to_act_is_no_answer() -> None:
    assert {Partstat.ACCEPTED, Partstat.TENTATIVE, Partstat.DECLINED} == ANSWERS
