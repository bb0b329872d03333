"""The calendar behind an address: off until asked for, one's own chats only, ended and renewed by its owner."""

from collections.abc import Callable
from datetime import datetime, timedelta

import icalendar
import pytest

from portal.db import transaction
from portal.domain.account import Discretion
from portal.domain.booking import BookingState
from portal.domain.errors import NotFound
from portal.domain.matching.walk import State
from portal.models import Booking, CalendarFeed, Person
from portal.queries.booking import feeds as queries
from portal.services import booking as services
from portal.services.account import set_discretion
from tests.calendars.readers import objections
from tests.services.conftest import Chat
from tests.services.outbox import add_person, add_walk, book, cancel, move

DAY = timedelta(days=1)


@pytest.fixture
def key(chat: Chat, now: datetime) -> str:
    """Ana's key."""
    return services.make_feed(chat.member_id, now=now)


def events(key: str, at: datetime) -> list[icalendar.Event]:
    content, _tag = services.read_feed(key, now=at)
    assert objections(content) == []
    return list(icalendar.Calendar.from_ical(content).events)


def test_nobody_has_an_address_who_has_not_asked(chat: Chat) -> None:
    assert queries.feed_of(chat.member_id) is None


def test_a_key_is_long_kept_nowhere_and_opens_its_owners_chats(chat: Chat, key: str, now: datetime) -> None:
    (event,) = events(key, now)
    (row,) = queries.rows_of(chat.member_id)
    assert (len(key), key in (row.token_hash, str(row.id)), len(row.token_hash)) == (43, False, 64)
    assert (event.start, event["STATUS"], "ATTENDEE" in event) == (chat.starts_at, "CONFIRMED", False)


def test_it_names_neither_the_other_nor_their_address(chat: Chat, key: str, now: datetime) -> None:
    content, _tag = services.read_feed(key, now=now)
    told = content.decode().lower()
    assert [word for word in ("ben", "ana", "peer", "member", "hillside") if word in told] == []


def test_the_entry_is_the_one_that_came_by_letter(chat: Chat, key: str, now: datetime) -> None:
    (event,) = events(key, now)
    letter = icalendar.Calendar.from_ical(services.calendar_entry(chat.id, chat.member_id)).events[0]
    assert event.to_ical() == letter.to_ical()


def test_own_words_are_obeyed(chat: Chat, key: str, now: datetime) -> None:
    set_discretion(chat.member_id, Discretion.DISCREET, "Books are due", now=now)
    content, _tag = services.read_feed(key, now=now)
    assert content.count(b":Books are due\r\n") == 3
    assert b"Coffee" not in content


def test_the_same_chats_are_the_same_bytes_at_another_time(chat: Chat, key: str, now: datetime) -> None:
    first = services.read_feed(key, now=now)
    assert services.read_feed(key, now=now + DAY) == first
    move(chat.id, chat.starts_at + DAY, now + DAY)
    moved, tag = services.read_feed(key, now=now + DAY)
    assert (tag == first[1], b"SEQUENCE:1\r\n" in moved) == (False, True)


def test_a_chat_that_is_off_is_shown_so_for_thirty_days(chat: Chat, key: str, now: datetime) -> None:
    with transaction() as session:
        booking = session.get_one(Booking, chat.id)
        booking.starts_at, booking.ends_at = now + 100 * DAY, now + 100 * DAY + timedelta(minutes=30)
    cancel(chat.id, now)
    assert [event["STATUS"] for event in events(key, now + 30 * DAY)] == ["CANCELLED"]
    assert events(key, now + 31 * DAY) == []


@pytest.mark.parametrize(("days", "count"), [(-31, 0), (-29, 1), (179, 1), (181, 0)])
def test_it_reaches_a_month_back_and_half_a_year_ahead(
    chat: Chat, key: str, now: datetime, days: int, count: int
) -> None:
    at = now + days * DAY
    with transaction() as session:
        booking = session.get_one(Booking, chat.id)
        booking.starts_at, booking.ends_at = at, at + timedelta(minutes=30)
        booking.state = BookingState.BOOKED if days > 0 else BookingState.HAPPENED
    assert len(events(key, now)) == count


@pytest.mark.parametrize(
    "state", [state for state in BookingState if state.name in ("ASKED", "OFFERED", "LAPSED", "RELEASED")]
)
def test_what_was_never_set_is_not_in_it(chat: Chat, key: str, now: datetime, state: BookingState) -> None:
    with transaction() as session:
        session.get_one(Booking, chat.id).state = state
    assert events(key, now) == []


def test_other_peoples_chats_are_not_in_it(chat: Chat, key: str, now: datetime) -> None:
    sam = add_person("Sam", now)
    book(add_walk(sam, chat.peer_id, State.FIRST_COFFEE, now), sam, chat.peer_id, chat.starts_at + DAY, now)
    assert len(events(key, now)) == 1
    assert len(events(services.make_feed(chat.peer_id, now=now), now)) == 2


def ended(chat: Chat, now: datetime) -> None:
    services.end_feed(chat.member_id, now=now)


def renewed(chat: Chat, now: datetime) -> None:
    services.make_feed(chat.member_id, now=now)


def suspended(chat: Chat, now: datetime) -> None:
    with transaction() as session:
        session.get_one(Person, chat.member_id).suspended_at = now


@pytest.mark.parametrize("after", [ended, renewed, suspended])
def test_a_key_opens_nothing_once_it_has_ended(
    chat: Chat, key: str, now: datetime, after: Callable[[Chat, datetime], None]
) -> None:
    after(chat, now)
    with pytest.raises(NotFound):
        services.read_feed(key, now=now)


def test_a_new_address_is_the_only_one(chat: Chat, key: str, now: datetime) -> None:
    newer = services.make_feed(chat.member_id, now=now + DAY)
    assert (len(events(newer, now + DAY)), len(queries.rows_of(chat.member_id))) == (1, 1)


def test_when_it_was_last_read_is_noted_and_not_each_minute(chat: Chat, key: str, now: datetime) -> None:
    def read_at() -> datetime | None:
        (row,) = queries.rows_of(chat.member_id)
        return row.read_at

    assert read_at() is None
    for minutes in (0, 5, 10):
        services.read_feed(key, now=now + timedelta(minutes=minutes))
    assert read_at() == now
    services.read_feed(key, now=now + DAY)
    assert read_at() == now + DAY


def test_ending_what_is_not_there_does_nothing(chat: Chat, now: datetime) -> None:
    services.end_feed(chat.member_id, now=now)
    with transaction() as session:
        assert session.query(CalendarFeed).count() == 0
