"""A safe coffee: who is told what, and when; nobody waits in vain, and nothing is kept for long."""

from collections.abc import Collection
from datetime import datetime, timedelta

import pytest

from portal.db import transaction
from portal.domain.booking import BookingState
from portal.domain.booking.safe_coffee import KEPT, Tell
from portal.domain.errors import BadInput, NotFound, Stale
from portal.domain.experience import Format
from portal.domain.matching.walk import State
from portal.domain.notice import Kind, NoticeState
from portal.models import Booking, Walk
from portal.queries.booking import safe_coffee as queries
from portal.services import booking as services
from tests.booking_cast import booking_row
from tests.servers.smtp import Sink
from tests.services.conftest import Chat
from tests.services.outbox import add_person, cancel, deliver_due, move, rows

SAM = "sam@example.net"
EVERYTHING = frozenset(Tell)
HALF_HOUR = timedelta(minutes=30)


def trust(chat: Chat, now: datetime, tells: Collection[Tell] = EVERYTHING, address: str = SAM, hours: int = 2) -> None:
    services.trust(chat.id, chat.member_id, "Sam", address, tells, hours, key="", now=now)


def told(sink: Sink) -> list[str]:
    """The first line of each letter that reached Sam."""
    texts = [
        letter.message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
        for letter in sink.letters
        if letter.to == (SAM,)
    ]
    return [text.splitlines()[0] for text in texts]


def waiting() -> list[datetime]:
    return [row.due_at for row in rows([Kind.TRUSTED]) if row.state is NoticeState.DUE]


def test_a_person_of_trust_is_told_of_arriving_and_of_home(chat: Chat, smtp: Sink, now: datetime) -> None:
    trust(chat, now)
    services.arrived(chat.id, chat.member_id, key="", now=chat.starts_at)
    deliver_due(chat.starts_at)
    home_at = chat.starts_at + timedelta(hours=1)
    services.home(chat.id, chat.member_id, key="", now=home_at)
    deliver_due(home_at + timedelta(hours=9))
    assert told(smtp) == ["Ana has arrived.", "Ana is home."]
    letter = next(letter.message for letter in smtp.letters if letter.to == (SAM,))
    assert letter["Subject"] == "A note from Ana"
    assert "Ben" not in str(letter)
    assert "http" not in letter.get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_the_other_sees_the_arriving_and_never_the_home(chat: Chat, now: datetime) -> None:
    services.arrived(chat.id, chat.member_id, key="", now=chat.starts_at)
    assert queries.has_arrived(chat.member_id, chat.id)
    assert not queries.has_arrived(chat.peer_id, chat.id)


def test_whoever_does_not_say_they_are_home_is_looked_for_at_the_time_they_set(
    chat: Chat, smtp: Sink, now: datetime
) -> None:
    trust(chat, now)
    by = chat.starts_at + HALF_HOUR + timedelta(hours=2)
    assert waiting() == [by]
    deliver_due(by - timedelta(minutes=1))
    assert told(smtp) == []
    deliver_due(by)
    assert told(smtp) == ["Ana has not yet said that they are home."]


def test_a_chat_that_moves_takes_the_waiting_with_it(chat: Chat, smtp: Sink, now: datetime) -> None:
    trust(chat, now)
    move(chat.id, chat.starts_at + timedelta(days=1), now)
    before, after = (
        chat.starts_at + days + HALF_HOUR + timedelta(hours=2) for days in (timedelta(), timedelta(days=1))
    )
    assert waiting() == [after]
    deliver_due(before)
    assert told(smtp) == []


def test_nobody_is_looked_for_after_a_chat_was_called_off(chat: Chat, smtp: Sink, now: datetime) -> None:
    trust(chat, now)
    cancel(chat.id, now)
    deliver_due(chat.starts_at + timedelta(days=1))
    assert told(smtp) == []


def test_a_trust_taken_back_is_forgotten_at_once(chat: Chat, smtp: Sink, now: datetime) -> None:
    trust(chat, now)
    services.trust_nobody(chat.id, chat.member_id, key="", now=now)
    services.arrived(chat.id, chat.member_id, key="", now=chat.starts_at)
    deliver_due(chat.starts_at + timedelta(days=1))
    assert told(smtp) == []
    assert queries.safe_of(chat.member_id, chat.id).trusted_address == ""


def test_only_what_was_ticked_is_told(chat: Chat, smtp: Sink, now: datetime) -> None:
    trust(chat, now, tells=[Tell.HOME])
    services.arrived(chat.id, chat.member_id, key="", now=chat.starts_at)
    services.home(chat.id, chat.member_id, key="", now=chat.starts_at + HALF_HOUR)
    deliver_due(chat.starts_at + timedelta(days=1))
    assert told(smtp) == ["Ana is home."]


def test_a_second_tap_tells_nothing_twice(chat: Chat, smtp: Sink, now: datetime) -> None:
    trust(chat, now)
    for _tap in range(2):
        services.arrived(chat.id, chat.member_id, key="", now=chat.starts_at)
    deliver_due(chat.starts_at)
    assert told(smtp) == ["Ana has arrived."]


def test_naming_somebody_else_replaces_the_first(chat: Chat, smtp: Sink, now: datetime) -> None:
    trust(chat, now)
    trust(chat, now, address="kim@example.net", hours=1)
    by = chat.starts_at + HALF_HOUR + timedelta(hours=1)
    assert waiting() == [by]
    deliver_due(by)
    assert [letter.to for letter in smtp.letters if "example.net" in letter.to[0]] == [("kim@example.net",)]


def test_what_was_written_to_the_first_never_reaches_the_second(chat: Chat, smtp: Sink, now: datetime) -> None:
    trust(chat, now)
    services.arrived(chat.id, chat.member_id, key="", now=chat.starts_at)
    smtp.stop()
    deliver_due(chat.starts_at)
    smtp.start()
    trust(chat, chat.starts_at, address="kim@example.net")
    deliver_due(chat.starts_at + timedelta(minutes=20))
    (letter,) = [letter for letter in smtp.letters if letter.to == ("kim@example.net",)]
    assert (letter.message["To"], SAM in str(letter.message)) == ("kim@example.net", False)


def test_taken_back_no_letter_keeps_the_address(chat: Chat, smtp: Sink, now: datetime) -> None:
    trust(chat, now)
    services.arrived(chat.id, chat.member_id, key="", now=chat.starts_at)
    deliver_due(chat.starts_at)
    services.trust_nobody(chat.id, chat.member_id, key="", now=chat.starts_at)
    assert told(smtp) == ["Ana has arrived."]
    assert [row.rendered for row in rows([Kind.TRUSTED])] == [None]


def test_a_cancellation_that_is_undone_leaves_the_waiting_as_it_was(chat: Chat, smtp: Sink, now: datetime) -> None:
    trust(chat, now)
    by = chat.starts_at + HALF_HOUR + timedelta(hours=2)
    cancel(chat.id, now)
    with transaction() as session:
        session.get_one(Booking, chat.id).state = BookingState.BOOKED
    deliver_due(by)
    assert told(smtp) == ["Ana has not yet said that they are home."]


@pytest.mark.parametrize(
    ("address", "field"),
    [("sam", "address"), ("sam@examplecom", "address"), ("ana@example.org", "address"), ("", "address")],
)
def test_an_address_that_is_none_or_ones_own_is_said_at_the_field(
    chat: Chat, now: datetime, address: str, field: str
) -> None:
    with pytest.raises(BadInput) as refusal:
        trust(chat, now, address=address)
    assert refusal.value.field == field


def test_something_has_to_be_ticked_and_the_hours_are_from_the_list(chat: Chat, now: datetime) -> None:
    for tells, hours in (([], 2), (EVERYTHING, 24)):
        with pytest.raises(BadInput):
            trust(chat, now, tells=tells, hours=hours)


def test_it_is_neither_too_early_nor_too_late_to_say(chat: Chat, now: datetime) -> None:
    for verb, moment in (
        (services.arrived, chat.starts_at - timedelta(hours=2)),
        (services.arrived, chat.starts_at + HALF_HOUR),
        (services.home, chat.starts_at - timedelta(minutes=1)),
        (services.home, chat.starts_at + timedelta(days=2)),
    ):
        with pytest.raises(Stale):
            verb(chat.id, chat.member_id, key="", now=moment)


def test_a_stranger_and_a_call_have_nothing_of_it(chat: Chat, now: datetime) -> None:
    stranger = add_person("Noor", now)
    with pytest.raises(NotFound):
        services.arrived(chat.id, stranger, key="", now=chat.starts_at)
    with transaction() as session:
        session.get_one(Booking, chat.id).format = Format.PHONE
    with pytest.raises(Stale):
        services.arrived(chat.id, chat.member_id, key="", now=chat.starts_at)
    assert booking_row(chat.id).state is BookingState.BOOKED


def test_who_was_trusted_is_forgotten_two_days_after(chat: Chat, now: datetime) -> None:
    trust(chat, now)
    ends_at = chat.starts_at + HALF_HOUR
    assert services.let_go_of_trusted(now=ends_at + KEPT) == 0
    assert services.let_go_of_trusted(now=ends_at + KEPT + timedelta(minutes=1)) == 1
    assert queries.safe_of(chat.member_id, chat.id) == queries.Safe()


def test_who_was_trusted_for_a_chat_that_was_called_off_is_not_kept_until_its_day(chat: Chat, now: datetime) -> None:
    trust(chat, now)
    with transaction() as session:
        booking = session.get_one(Booking, chat.id)
        booking.state, booking.cancelled_at = BookingState.CANCELLED, now
        booking.starts_at += timedelta(days=60)
        booking.ends_at += timedelta(days=60)
    assert services.let_go_of_trusted(now=now + KEPT) == 0
    assert services.let_go_of_trusted(now=now + KEPT + timedelta(minutes=1)) == 1


def test_once_somebody_is_there_only_their_own_word_ends_the_waiting(chat: Chat, smtp: Sink, now: datetime) -> None:
    trust(chat, now)
    services.arrived(chat.id, chat.member_id, key="", now=chat.starts_at - timedelta(minutes=10))
    cancel(chat.id, chat.starts_at - timedelta(minutes=5), by=chat.peer_id)
    by = chat.starts_at + HALF_HOUR + timedelta(hours=2)
    deliver_due(by)
    assert "Ana has not yet said that they are home." in told(smtp)


def test_home_can_be_said_after_the_walk_has_ended(chat: Chat, smtp: Sink, now: datetime) -> None:
    trust(chat, now)
    services.arrived(chat.id, chat.member_id, key="", now=chat.starts_at)
    with transaction() as session:
        walk = session.get_one(Walk, chat.walk_id)
        walk.state, walk.open = State.CLOSED, False
    assert queries.not_home_yet(chat.member_id, chat.starts_at) == [chat.id]
    services.home(chat.id, chat.member_id, key="", now=chat.starts_at + HALF_HOUR)
    assert queries.not_home_yet(chat.member_id, chat.starts_at) == []
    deliver_due(chat.starts_at + timedelta(days=1))
    assert "Ana has not yet said that they are home." not in told(smtp)


def test_after_the_walk_whoever_had_said_nothing_has_nothing_to_say(chat: Chat, now: datetime) -> None:
    with transaction() as session:
        walk = session.get_one(Walk, chat.walk_id)
        walk.state, walk.open = State.CLOSED, False
    with pytest.raises(NotFound):
        services.home(chat.id, chat.member_id, key="", now=chat.starts_at)
