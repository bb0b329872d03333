"""Undo, on both databases: a chat cancelled by mistake stands again, with or without letters having gone out."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from portal.db import transaction
from portal.domain.booking import BookingState
from portal.domain.errors import NotFound, Stale, TimeTaken
from portal.domain.experience import Format
from portal.domain.matching.walk import State
from portal.domain.notice import CALENDAR_KINDS, Kind, NoticeState
from portal.models import Booking, TimeOff
from portal.queries import booking as queries
from portal.services import booking as services
from tests.booking_cast import (
    TUESDAY_ELEVEN,
    TUESDAY_TEN,
    Pair,
    add_member,
    add_pair,
    booking_row,
    hold_rows,
    letters_owed,
    steps_of,
    walk_state,
)
from tests.servers.smtp import Sink
from tests.services.outbox import deliver_due, rows
from tests.services.test_notice_deliver import entry, to

MINUTE = timedelta(minutes=1)


@pytest.fixture
def pair(inside: Flask, now: datetime) -> Pair:
    return add_pair(now)


@pytest.fixture
def far(now: datetime) -> datetime:
    """A time more than twelve hours before the chat, by day for both."""
    return now + timedelta(hours=6)


@pytest.fixture
def chat(pair: Pair, far: datetime, now: datetime) -> int:
    """A chat of which both have been told, cancelled by the member."""
    booking_id = book(pair, now)
    deliver_due(now)
    services.cancel(booking_id, pair.member_id, 0, key="", now=far)
    return booking_id


def book(pair: Pair, now: datetime, starts_at: datetime = TUESDAY_TEN) -> int:
    return services.book(pair.walk_id, pair.member_id, starts_at, Format.COFFEE, "Juniper Café", key="", now=now)


def undo(chat: int, pair: Pair, now: datetime, revision: int = 1, actor: int = 0, key: str = "") -> int:
    return services.undo(chat, actor or pair.member_id, revision, key=key, now=now)


def test_a_chat_that_is_had_back_stands_as_it_stood(chat: int, pair: Pair, far: datetime) -> None:
    assert walk_state(pair.walk_id) == State.BOTH_YES
    assert undo(chat, pair, far + MINUTE) == chat
    booking = booking_row(chat)
    assert (booking.state, booking.revision, booking.starts_at) == (BookingState.BOOKED, 2, TUESDAY_TEN)
    assert (booking.cancelled_at, booking.cancelled_by) == (None, None)
    assert [hold.active for hold in hold_rows(chat)] == [True, True]
    assert walk_state(pair.walk_id) == State.FIRST_COFFEE
    assert steps_of(pair.walk_id) == ["book", "unbook", "book"]


def test_within_ten_minutes_no_letter_goes_out_at_all(chat: int, pair: Pair, smtp: Sink, far: datetime) -> None:
    sent = len(smtp.letters)
    deliver_due(far + 9 * MINUTE)
    undo(chat, pair, far + 9 * MINUTE)
    deliver_due(far + timedelta(hours=1))
    assert len(smtp.letters) == sent
    assert {notice.state for notice in rows([Kind.CANCELLATION])} == {NoticeState.VOID}
    entries = [queries.invitation_of(chat, each) for each in (pair.member_id, pair.peer_id)]
    assert [each.sequence for each in entries if each is not None] == [0, 0]


def test_reminders_are_owed_again(chat: int, pair: Pair, now: datetime, far: datetime) -> None:
    before = sorted((n.kind, n.person_id, n.due_at) for n in rows([Kind.REMINDER_DAY, Kind.REMINDER_HOURS]))
    undo(chat, pair, far + MINUTE)
    again = [n for n in rows([Kind.REMINDER_DAY, Kind.REMINDER_HOURS]) if n.state is NoticeState.DUE]
    assert sorted((n.kind, n.person_id, n.due_at) for n in again) == [each for each in before if each[2] > far + MINUTE]


def test_whoever_got_the_letter_already_is_invited_anew_with_a_higher_number(
    pair: Pair, smtp: Sink, now: datetime
) -> None:
    booking_id = book(pair, now)
    deliver_due(now)
    near = TUESDAY_TEN - timedelta(hours=4)
    services.cancel(booking_id, pair.member_id, 0, key="", now=near)
    deliver_due(near)
    undo(booking_id, pair, near + MINUTE)
    deliver_due(near + MINUTE)
    for name in ("ana", "maya"):
        in_calendar = [entry(letter) for letter in to(smtp, name)]
        assert [each[1:] for each in in_calendar] == [
            (0, "REQUEST", "CONFIRMED"),
            (1, "CANCEL", "CANCELLED"),
            (2, "REQUEST", "CONFIRMED"),
        ]
        assert len({each[0] for each in in_calendar}) == 1


def test_an_invitation_that_had_not_left_is_owed_again(pair: Pair, smtp: Sink, now: datetime, far: datetime) -> None:
    booking_id = book(pair, now)
    services.cancel(booking_id, pair.member_id, 0, key="", now=far)
    assert letters_owed(Kind.INVITATION) == []
    undo(booking_id, pair, far + MINUTE)
    assert letters_owed(*CALENDAR_KINDS) == [(Kind.INVITATION, pair.member_id), (Kind.INVITATION, pair.peer_id)]


def test_after_a_second_time_the_first_invitation_still_counts(chat: int, pair: Pair, far: datetime) -> None:
    undo(chat, pair, far + MINUTE)
    services.cancel(chat, pair.member_id, 2, key="", now=far + 2 * MINUTE)
    undo(chat, pair, far + 3 * MINUTE, revision=3)
    assert letters_owed(*CALENDAR_KINDS) == []


@pytest.mark.parametrize("late", [10, 60])
def test_after_ten_minutes_it_is_over(chat: int, pair: Pair, far: datetime, late: int) -> None:
    with pytest.raises(Stale, match="ten minutes"):
        undo(chat, pair, far + late * MINUTE)
    assert booking_row(chat).state == BookingState.CANCELLED


def test_nobody_but_who_cancelled_has_it_back(chat: int, pair: Pair, now: datetime, far: datetime) -> None:
    with pytest.raises(Stale):
        undo(chat, pair, far, actor=pair.peer_id)
    with pytest.raises(NotFound):
        undo(chat, pair, far, actor=add_member(now, "Sam"))


def test_a_chat_that_would_have_begun_stays_cancelled(pair: Pair, now: datetime) -> None:
    booking_id = book(pair, now)
    services.cancel(booking_id, pair.member_id, 0, key="", now=TUESDAY_TEN - MINUTE)
    with pytest.raises(Stale):
        undo(booking_id, pair, TUESDAY_TEN)


def test_a_time_that_went_to_somebody_else_is_told_with_what_is_near_it(
    chat: int, pair: Pair, now: datetime, far: datetime
) -> None:
    book(add_pair(now, peer_id=pair.peer_id, name="Noor"), now)
    with pytest.raises(TimeTaken, match="in the meantime") as refused:
        undo(chat, pair, far + MINUTE)
    assert TUESDAY_ELEVEN in refused.value.nearest
    assert walk_state(pair.walk_id) == State.BOTH_YES


def test_the_rest_of_another_chat_is_kept_and_so_is_time_off(
    chat: int, pair: Pair, now: datetime, far: datetime
) -> None:
    with transaction() as session:
        session.add(TimeOff(peer_id=pair.peer_id, starts_at=TUESDAY_TEN, ends_at=TUESDAY_ELEVEN))
    with pytest.raises(TimeTaken):
        undo(chat, pair, far + MINUTE)


def test_notice_does_not_count_again(pair: Pair, now: datetime) -> None:
    """Two hours before, nobody could book this time; what was agreed may still stand again."""
    booking_id = book(pair, now)
    near = TUESDAY_TEN - timedelta(hours=2)
    services.cancel(booking_id, pair.member_id, 0, key="", now=near)
    undo(booking_id, pair, near + MINUTE)
    assert booking_row(booking_id).state == BookingState.BOOKED


def test_with_another_first_chat_set_meanwhile_it_stays_off(chat: int, pair: Pair, far: datetime) -> None:
    book(pair, far, TUESDAY_TEN + timedelta(days=1))
    with pytest.raises(Stale, match="already have a chat"):
        undo(chat, pair, far + MINUTE)


def test_the_same_tap_twice_is_fine(chat: int, pair: Pair, far: datetime) -> None:
    for _ in range(2):
        assert undo(chat, pair, far + MINUTE, key="one tap") == chat
    assert booking_row(chat).revision == 2


def test_cancelling_one_of_two_first_chats_leaves_the_other_the_first(pair: Pair, now: datetime) -> None:
    booking_id = book(pair, now)
    with transaction() as session:
        other = session.get_one(Booking, booking_id)
        session.add(
            Booking(
                walk_id=other.walk_id,
                member_id=other.member_id,
                peer_id=other.peer_id,
                starts_at=TUESDAY_ELEVEN,
                ends_at=TUESDAY_ELEVEN + timedelta(minutes=30),
                format=Format.PHONE,
                booked_by=other.member_id,
                created_at=now,
            )
        )
    services.cancel(booking_id, pair.member_id, 0, key="", now=now)
    assert walk_state(pair.walk_id) == State.FIRST_COFFEE
