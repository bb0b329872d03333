"""What calendars answer: the right person's, to the chat as it stands; everything else leaves all as it was."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import inspect, text

from portal.db import db, transaction
from portal.domain.booking import BookingState
from portal.domain.errors import NotFound, Stale
from portal.domain.experience import Format
from portal.domain.invitation import Partstat
from portal.domain.notice import Kind, NoticeState
from portal.models import Booking, Invitation, Person
from portal.queries import notice as notice_queries
from portal.queries.booking import replies as queries
from portal.queries.notice import standing
from portal.services import booking as services
from tests.booking_cast import TUESDAY_ELEVEN, TUESDAY_TEN, Pair, add_member, add_pair, booking_row
from tests.calendars.replies import answer, letter
from tests.servers.smtp import Sink
from tests.services.outbox import deliver_due, one, rows

MINUTE = timedelta(minutes=1)


@pytest.fixture
def pair(inside: Flask, now: datetime) -> Pair:
    return add_pair(now)


@pytest.fixture
def chat(pair: Pair, now: datetime) -> int:
    """A chat that Ana has booked with Maya, whose invitations have gone out."""
    return services.book(pair.walk_id, pair.member_id, TUESDAY_TEN, Format.COFFEE, "Juniper", key="", now=now)


def entry_of(chat: int, person_id: int) -> Invitation:
    return notice_queries.invitations(chat)[person_id]


def send(
    chat: int,
    person_id: int,
    partstat: str,
    at: datetime,
    *,
    sender: str = "Maya <maya@example.org>",
    attendee: str = "maya@example.org",
    sequence: int = 0,
    stamp: datetime | None = None,
) -> services.Heard:
    """Have somebody's calendar answer."""
    uid = entry_of(chat, person_id).uid
    ics = answer(stamp or at, uid=uid, partstat=partstat, attendee=attendee, sequence=sequence)
    return services.take_reply(letter(ics, sender).as_bytes(), now=at)


def everything() -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table."""
    with db.engine.connect() as connection:
        names = inspect(connection).get_table_names()
        return {name: [tuple(row) for row in connection.execute(text(f'SELECT * FROM "{name}"'))] for name in names}


@pytest.mark.parametrize("partstat", ["ACCEPTED", "TENTATIVE", "DECLINED"])
def test_an_answer_is_kept_with_its_stamp(pair: Pair, chat: int, now: datetime, partstat: str) -> None:
    stamp = now - MINUTE
    assert send(chat, pair.peer_id, partstat, now, stamp=stamp) == services.Heard(partstat.lower(), chat)
    entry = entry_of(chat, pair.peer_id)
    assert (entry.partstat, entry.replied_at, entry.reply_stamp, entry.reply_sequence) == (partstat, now, stamp, 0)
    assert queries.answers_to(chat) == {pair.peer_id: Partstat(partstat)}


def test_no_answer_calls_a_chat_off(pair: Pair, chat: int, now: datetime) -> None:
    send(chat, pair.peer_id, "DECLINED", now)
    assert (booking_row(chat).state, booking_row(chat).starts_at) == (BookingState.BOOKED, TUESDAY_TEN)


def test_who_says_no_is_offered_another_time_once(pair: Pair, chat: int, now: datetime, smtp: Sink) -> None:
    deliver_due(now)
    smtp.reset()
    for minutes in range(3):
        send(chat, pair.peer_id, "DECLINED", now + minutes * MINUTE)
    deliver_due(now + 3 * MINUTE)
    (told,) = smtp.letters
    body = told.message.get_body(("plain",))
    assert body is not None
    assert told.to == ("maya@example.org",)
    assert "Nothing has been called off." in body.get_content()
    assert body.get_content().count("2026") == 0
    assert [line for line in body.get_content().splitlines() if "March 3" in line] == [
        "Tuesday, March 3, 10 am – 10:30 am (Eastern Standard Time)",
        "Tuesday, March 3, 9 am (Eastern Standard Time)",
        "Tuesday, March 3, 9:30 am (Eastern Standard Time)",
        "Tuesday, March 3, 10:30 am (Eastern Standard Time)",
    ]
    assert one(Kind.OTHER_TIME, pair.peer_id).state is NoticeState.SENT


def test_reminders_still_come_after_that_letter(pair: Pair, chat: int, now: datetime, smtp: Sink) -> None:
    send(chat, pair.peer_id, "DECLINED", now)
    deliver_due(now)
    deliver_due(one(Kind.REMINDER_HOURS, pair.peer_id).due_at)
    assert one(Kind.REMINDER_HOURS, pair.peer_id).state is NoticeState.SENT


def test_a_change_of_mind_takes_the_letter_back(pair: Pair, chat: int, now: datetime) -> None:
    send(chat, pair.peer_id, "DECLINED", now)
    send(chat, pair.peer_id, "ACCEPTED", now + MINUTE)
    deliver_due(now + MINUTE)
    assert one(Kind.OTHER_TIME, pair.peer_id).state is NoticeState.VOID


@pytest.mark.parametrize("partstat", ["ACCEPTED", "TENTATIVE"])
def test_who_says_yes_or_maybe_gets_no_letter(pair: Pair, chat: int, now: datetime, partstat: str) -> None:
    send(chat, pair.peer_id, partstat, now)
    assert rows([Kind.OTHER_TIME]) == []


def test_the_same_answer_twice_is_one(pair: Pair, chat: int, now: datetime) -> None:
    send(chat, pair.peer_id, "DECLINED", now)
    before = everything()
    assert send(chat, pair.peer_id, "DECLINED", now + MINUTE, stamp=now).what == "no-newer"
    assert everything() == before


def test_an_answer_to_the_time_before_is_passed_over_and_one_to_the_new_time_counts(
    pair: Pair, chat: int, now: datetime
) -> None:
    send(chat, pair.peer_id, "ACCEPTED", now)
    services.move(chat, pair.member_id, 0, TUESDAY_ELEVEN, key="", now=now + MINUTE)
    assert (queries.answers_to(chat), entry_of(chat, pair.peer_id).partstat) == ({}, "NEEDS-ACTION")
    assert send(chat, pair.peer_id, "DECLINED", now + 2 * MINUTE).what == "other-time"
    assert send(chat, pair.peer_id, "TENTATIVE", now + 2 * MINUTE, sequence=1).what == "tentative"
    assert entry_of(chat, pair.peer_id).partstat == "TENTATIVE"


def test_the_next_letter_says_what_the_calendar_said(pair: Pair, chat: int, now: datetime, smtp: Sink) -> None:
    send(chat, pair.peer_id, "TENTATIVE", now)
    deliver_due(now)
    (invited,) = [sent for sent in smtp.letters if sent.to == ("maya@example.org",)]
    (part,) = [part for part in invited.message.walk() if part.get_content_type() == "text/calendar"]
    assert "PARTSTAT=TENTATIVE" in part.get_content().replace("\r\n ", "")


Hostile = Callable[[Pair, int, datetime], services.Heard]
HOSTILE: dict[str, Hostile] = {
    "forged by the other": lambda pair, chat, now: send(
        chat, pair.peer_id, "DECLINED", now, sender="Ana <ana@example.org>"
    ),
    "for the other": lambda pair, chat, now: send(chat, pair.member_id, "DECLINED", now),
    "an entry of the other": lambda pair, chat, now: send(
        chat, pair.peer_id, "DECLINED", now, attendee="ana@example.org", sender="ana@example.org"
    ),
    "a later sequence": lambda pair, chat, now: send(chat, pair.peer_id, "DECLINED", now, sequence=1),
    "from far ahead": lambda pair, chat, now: send(
        chat, pair.peer_id, "DECLINED", now, stamp=now + timedelta(days=400)
    ),
    "an entry nobody has": lambda pair, chat, now: services.take_reply(letter(answer(now)).as_bytes(), now=now),
    "rubbish": lambda pair, chat, now: services.take_reply(b"\x00\xff" * 1000, now=now),
    "huge": lambda pair, chat, now: services.take_reply(letter(answer(now)).as_bytes() + b"x" * 2**20, now=now),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_does_not_count_leaves_everything_as_it_was(pair: Pair, chat: int, now: datetime, what: str) -> None:
    before = everything()
    heard = HOSTILE[what](pair, chat, now + MINUTE)
    assert heard.what in ("other-person", "other-time", "ahead-of-time", "unknown-entry", "no-answer")
    assert everything() == before


def called_off(pair: Pair, chat: int, now: datetime) -> datetime:
    services.cancel(chat, pair.member_id, 0, key="", now=now)
    return now


def begun(_pair: Pair, _chat: int, _now: datetime) -> datetime:
    return TUESDAY_TEN


def suspended(pair: Pair, _chat: int, now: datetime) -> datetime:
    with transaction() as session:
        session.get_one(Person, pair.peer_id).suspended_at = now
    return now


def with_somebody_else(pair: Pair, chat: int, now: datetime) -> datetime:
    with transaction() as session:
        session.get_one(Booking, chat).peer_id = add_other(session)
    return now


def add_other(session: object) -> int:
    person = Person(email="noor@example.org", name="Noor", zone="UTC", created_at=TUESDAY_TEN)
    session.add(person)  # type: ignore[attr-defined]
    session.flush()  # type: ignore[attr-defined]
    return person.id


@pytest.mark.parametrize("over", [called_off, begun, suspended, with_somebody_else])
def test_nothing_is_answered_once_it_is_over(
    pair: Pair, chat: int, now: datetime, over: Callable[[Pair, int, datetime], datetime]
) -> None:
    at = over(pair, chat, now)
    sequence = entry_of(chat, pair.peer_id).sequence
    before = everything()
    assert send(chat, pair.peer_id, "DECLINED", at, sequence=sequence).what == "over"
    assert everything() == before


def test_a_time_can_be_kept_all_the_same(pair: Pair, chat: int, now: datetime) -> None:
    send(chat, pair.peer_id, "DECLINED", now)
    services.keep_time(chat, pair.peer_id, 0, key="tap", now=now)
    services.keep_time(chat, pair.peer_id, 0, key="tap", now=now)
    assert (queries.answers_to(chat), entry_of(chat, pair.peer_id).partstat) == ({}, "ACCEPTED")
    # What was answered before is not answered again by a letter that comes late.
    assert send(chat, pair.peer_id, "DECLINED", now + MINUTE, stamp=now).what == "no-newer"
    deliver_due(now)
    assert one(Kind.OTHER_TIME, pair.peer_id).state is NoticeState.VOID


def test_only_one_of_the_two_keeps_a_time_and_only_the_one_they_saw(pair: Pair, chat: int, now: datetime) -> None:
    stranger = add_member(now, "Sam")
    with pytest.raises(NotFound):
        services.keep_time(chat, stranger, 0, key="", now=now)
    with pytest.raises(Stale):
        services.keep_time(chat, pair.peer_id, 5, key="", now=now)


def at_once(app: Flask, *deeds: Callable[[], object]) -> None:
    """Do these in one instant, each in a thread of its own."""
    start = Barrier(len(deeds))

    def work(deed: Callable[[], object]) -> None:
        with app.app_context():
            start.wait()
            deed()

    threads = [Thread(target=work, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_an_answer_and_a_move_in_one_instant_leave_the_new_time_unanswered(
    inside: Flask, pair: Pair, chat: int, now: datetime
) -> None:
    at_once(
        inside,
        lambda: send(chat, pair.peer_id, "DECLINED", now),
        lambda: services.move(chat, pair.member_id, 0, TUESDAY_ELEVEN, key="", now=now),
    )
    entry = entry_of(chat, pair.peer_id)
    assert (entry.sequence, entry.partstat, queries.answers_to(chat)) == (1, "NEEDS-ACTION", {})


def test_one_answer_that_comes_four_times_at_once_is_one(inside: Flask, pair: Pair, chat: int, now: datetime) -> None:
    at_once(inside, *[lambda: send(chat, pair.peer_id, "DECLINED", now)] * 4)
    assert len(rows([Kind.OTHER_TIME])) == 1
    assert queries.answers_to(chat) == {pair.peer_id: Partstat.DECLINED}


def test_that_somebody_listens_is_noted(inside: Flask, now: datetime) -> None:
    services.note_listening(now=now)
    services.note_listening(now=now + MINUTE)
    assert standing.last_signs() == {standing.INBOUND: now + MINUTE}
