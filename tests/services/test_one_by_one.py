"""What the clock does row by row, on both databases: one that cannot be read stops none of the others."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from portal.db import read, transaction
from portal.domain.booking import BookingState, OpenHourState
from portal.domain.booking.safe_coffee import KEPT, Tell
from portal.domain.experience import Format
from portal.domain.notice import LEASE, Kind, NoticeState
from portal.models import Notice, OpenHour
from portal.queries import notice as notice_queries
from portal.queries.booking import asking, earlier, open_hours, safe_coffee
from portal.queries.booking import rows as booking_rows
from portal.queries.experience import wellbeing
from portal.services import booking as services
from portal.services import experience
from portal.services.notice import sweep as sweeping
from portal.services.one_by_one import in_pages, one_by_one
from tests.booking_cast import TUESDAY_TEN, Pair, add_pair, add_peer, booking_row
from tests.services.outbox import rows

FAR = timedelta(days=20)
HOUR = timedelta(hours=1)
LATER = timedelta(minutes=11)  # a cancellation can be undone for ten minutes


@pytest.fixture(autouse=True)
def _small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """One row a page, so that a row that fails at the head of one would keep all others out if it came again."""
    for module, name in (
        (booking_rows, "SETTLED_AT_ONCE"),
        (asking, "LAPSED_AT_ONCE"),
        (earlier, "LAPSED_AT_ONCE"),
        (earlier, "SERVED_AT_ONCE"),
        (open_hours, "CLOSED_AT_ONCE"),
        (safe_coffee, "FORGOTTEN_AT_ONCE"),
        (wellbeing, "ASKED_AT_ONCE"),
        (notice_queries, "AT_ONCE"),
    ):
        monkeypatch.setattr(module, name, 1)


@pytest.fixture
def pairs(inside: Flask, now: datetime) -> list[Pair]:
    """Two pairs that have nothing to do with one another."""
    return [
        add_pair(now, peer_id=add_peer(now, peer), name=member) for peer, member in (("Maya", "Ana"), ("Kim", "Noor"))
    ]


def spoil(table: str, column: str, id_: int, key: str = "id") -> None:
    """Leave something that no key of the ring opens in one row, as after a restored backup of another site."""
    with transaction() as session:
        session.execute(text(f"UPDATE {table} SET {column} = 'a:bm8=' WHERE {key} = :id"), {"id": id_})


def books(pair: Pair, now: datetime, starts_at: datetime = TUESDAY_TEN) -> int:
    return services.book(pair.walk_id, pair.member_id, starts_at, Format.COFFEE, "", key="", now=now)


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what the clock logged; no line may bring the error's own words or where it came from."""
    assert [record.exc_info for record in caplog.records] == [None] * len(caplog.records)
    return [record.getMessage() for record in caplog.records]


def test_chats_that_lie_behind(pairs: list[Pair], now: datetime, caplog: pytest.LogCaptureFixture) -> None:
    broken, fine = (books(pair, now) for pair in pairs)
    spoil("booking", "place", broken)
    assert services.settle_past(now=TUESDAY_TEN + HOUR) == 1
    assert booking_row(fine).state is BookingState.HAPPENED
    assert said(caplog) == [f"chat {broken}: KeyError"]


def test_questions_that_nobody_answered(inside: Flask, now: datetime, caplog: pytest.LogCaptureFixture) -> None:
    pairs = [
        add_pair(now, peer_id=add_peer(now, peer, says_yes_first=True), name=member)
        for peer, member in (("Maya", "Ana"), ("Kim", "Noor"))
    ]
    broken, fine = (
        services.ask(pair.walk_id, pair.member_id, TUESDAY_TEN, Format.COFFEE, "", key="", now=now) for pair in pairs
    )
    spoil("booking", "note", broken)
    assert services.lapse_asked(now=TUESDAY_TEN) == 1
    assert booking_row(fine).state is BookingState.LAPSED
    assert said(caplog) == [f"asked time {broken}: KeyError"]


def test_wishes_and_times_that_are_held_for_them(
    pairs: list[Pair], now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    chats = [books(pair, now, TUESDAY_TEN + timedelta(days=day)) for day, pair in enumerate(pairs, 2)]
    for pair, chat_id in zip(pairs, chats, strict=True):
        first = add_pair(now, peer_id=pair.peer_id, name=f"{pair.member_id}")
        taken = books(first, now)
        services.wish_earlier(pair.walk_id, pair.member_id, chat_id=chat_id, now=now)
        services.cancel(taken, first.member_id, 0, key="", now=now)
    broken_wish = earlier.wish_of_walk(pairs[0].walk_id)
    assert broken_wish is not None
    spoil("booking", "place", chats[0])
    assert services.offer_earlier(now=now + LATER) == 1
    held = earlier.held_for_walk(pairs[1].walk_id)
    assert held is not None
    assert said(caplog) == [f"wish {broken_wish.id}: KeyError"]
    caplog.clear()
    spoil("booking", "place", held)
    services.offer_earlier(now=TUESDAY_TEN)
    assert said(caplog)[0] == f"held time {held}: KeyError"


def test_open_hours_that_are_over(pairs: list[Pair], now: datetime, caplog: pytest.LogCaptureFixture) -> None:
    broken, fine = (
        services.offer_hour(pair.peer_id, TUESDAY_TEN, TUESDAY_TEN + HOUR, Format.PHONE, "", key="", now=now)
        for pair in pairs
    )
    spoil("open_hour", "place", broken)
    assert services.close_past_hours(now=TUESDAY_TEN + HOUR) == 1
    with transaction() as session:
        assert session.get_one(OpenHour, fine).state is OpenHourState.OVER
    assert said(caplog) == [f"open hour {broken}: KeyError"]


def test_people_of_trust_who_are_to_be_forgotten(
    pairs: list[Pair], now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    chats = [books(pair, now) for pair in pairs]
    for pair, chat_id in zip(pairs, chats, strict=True):
        services.trust(chat_id, pair.member_id, "Sam", "sam@example.net", {Tell.HOME}, 2, key="", now=now)
    spoil("safe_coffee", "trusted_name", chats[0], "booking_id")
    assert services.let_go_of_trusted(now=now + FAR) == 1
    assert safe_coffee.safe_of(pairs[1].member_id, chats[1]) == safe_coffee.Safe()
    assert said(caplog) == [f"chat {chats[0]}: KeyError"]


def test_who_was_forgotten_once_is_not_looked_for_again(pairs: list[Pair], now: datetime) -> None:
    chat_id = books(pairs[0], now)
    services.trust(chat_id, pairs[0].member_id, "Sam", "sam@example.net", {Tell.HOME}, 2, key="", now=now)
    assert [services.let_go_of_trusted(now=TUESDAY_TEN + HOUR + KEPT) for _day in range(2)] == [1, 0]


def test_peers_who_are_asked_whether_they_are_ready(
    pairs: list[Pair], now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    for pair in pairs:
        experience.confirm_ready(pair.peer_id, now=now)
    spoil("peer_profile", "about", pairs[0].peer_id, "person_id")
    assert experience.ask_ready_again(now=now + FAR) == 1
    assert [row.person_id for row in rows([Kind.READY_AGAIN])] == [pairs[1].peer_id]
    assert said(caplog) == [f"peer {pairs[0].peer_id}: KeyError"]


def test_letters_that_a_dead_worker_held(pairs: list[Pair], now: datetime, caplog: pytest.LogCaptureFixture) -> None:
    books(pairs[0], now)
    broken, fine = (row.id for row in rows([Kind.INVITATION]))
    with transaction() as session:
        for notice_id in (broken, fine):
            notice = session.get_one(Notice, notice_id)
            notice.state, notice.lease_until, notice.attempts = NoticeState.SENDING, now + LEASE, 1
            notice.rendered = b"Subject: Coffee"
    spoil("notice", "rendered", broken)
    assert sweeping.sweep(now=now + LEASE) == sweeping.Swept(freed=1, posted=1)
    assert said(caplog) == [f"letter {broken}: KeyError"]


def test_what_broke_off_inside_the_database_does_not_stop_the_next_question(inside: Flask) -> None:
    def do(id_: int) -> bool:
        with_zero = f"SELECT {id_} FROM person WHERE no_such_column = {id_}" if id_ == 1 else "SELECT 1"
        return bool(read().execute(text(with_zero)).scalar())

    assert one_by_one("row", [1, 2, 3], do) == 2


def test_many_are_read_page_by_page(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def page(after: int) -> list[int]:
        asked.append(after)
        return [id_ for id_ in range(1, 6) if id_ > after][:2]

    assert list(in_pages(page)) == [1, 2, 3, 4, 5]
    assert asked == [0, 2, 4, 5]
