"""How two people may meet, until when a chat may be changed, and which part of the week a time belongs to."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.domain.booking import PEER_SENTENCES, BookingState, changeable, place_of, sentence_for, ways_to_meet
from portal.domain.experience import DayPart, Format, day_part_of
from portal.domain.matching.walk import Actor
from portal.domain.slots import Closed

BERLIN = ZoneInfo("Europe/Berlin")
TEN = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
COFFEE, PHONE, VIDEO = Format.COFFEE, Format.PHONE, Format.VIDEO


@pytest.mark.parametrize(
    ("member", "peer", "near", "both"),
    [
        ([PHONE, COFFEE], [COFFEE, PHONE, VIDEO], True, (COFFEE, PHONE)),
        ([PHONE, COFFEE], [COFFEE, PHONE, VIDEO], False, (PHONE,)),
        ([PHONE], [], True, (PHONE,)),
        ([], [VIDEO, COFFEE], False, (VIDEO,)),
        ([], [], True, tuple(Format)),
        ([], [], False, (PHONE, VIDEO, Format.TEXT)),
        ([COFFEE], [COFFEE], True, (COFFEE,)),
        ([COFFEE], [COFFEE], False, (PHONE, VIDEO)),
        ([PHONE], [VIDEO], True, (PHONE, VIDEO)),
    ],
)
def test_two_people_meet_in_the_ways_both_like_and_in_person_only_when_near(
    member: list[Format], peer: list[Format], near: bool, both: tuple[Format, ...]
) -> None:
    assert ways_to_meet(member, peer, near=near) == both


@pytest.mark.parametrize(
    ("state", "at", "may"),
    [
        (BookingState.BOOKED, TEN - timedelta(seconds=1), True),
        (BookingState.BOOKED, TEN, False),
        (BookingState.CANCELLED, TEN - timedelta(days=1), False),
        (BookingState.HAPPENED, TEN - timedelta(days=1), False),
    ],
)
def test_a_chat_may_be_changed_up_to_its_start(state: BookingState, at: datetime, may: bool) -> None:
    assert changeable(state, TEN, at) is may


@pytest.mark.parametrize(
    ("way", "typed", "kept"),
    [(COFFEE, " Juniper\n Café ", "Juniper Café"), (PHONE, "Juniper Café", ""), (COFFEE, "x" * 500, "x" * 200)],
)
def test_a_place_is_one_tidy_line(way: Format, typed: str, kept: str) -> None:
    assert place_of(way, typed) == kept


def test_every_reason_has_a_sentence_for_the_member_and_one_for_the_peer() -> None:
    assert PEER_SENTENCES.keys() == set(Closed)
    for closed in Closed:
        assert "peer" not in sentence_for(closed, Actor.PEER).lower()
        assert sentence_for(closed, Actor.MEMBER) == closed.sentence


@pytest.mark.parametrize(
    ("local", "part"),
    [
        (datetime(2026, 3, 6, 6, 0, tzinfo=BERLIN), DayPart.WEEKDAY_MORNING),
        (datetime(2026, 3, 6, 11, 59, tzinfo=BERLIN), DayPart.WEEKDAY_MORNING),
        (datetime(2026, 3, 6, 12, 0, tzinfo=BERLIN), DayPart.WEEKDAY_AFTERNOON),
        (datetime(2026, 3, 6, 17, 0, tzinfo=BERLIN), DayPart.WEEKDAY_EVENING),
        (datetime(2026, 3, 6, 22, 0, tzinfo=BERLIN), DayPart.WEEKDAY_NIGHT),
        (datetime(2026, 3, 7, 5, 59, tzinfo=BERLIN), DayPart.WEEKDAY_NIGHT),
        (datetime(2026, 3, 7, 6, 0, tzinfo=BERLIN), DayPart.WEEKEND_MORNING),
        (datetime(2026, 3, 9, 1, 0, tzinfo=BERLIN), DayPart.WEEKEND_NIGHT),
    ],
)
def test_small_hours_belong_to_the_evening_before(local: datetime, part: DayPart) -> None:
    assert day_part_of(local) == part
