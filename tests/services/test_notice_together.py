"""Several chats on one day make one letter on the day before, and never one that tells of a chat that is off."""

from datetime import datetime, timedelta
from email.message import EmailMessage
from threading import Barrier, Thread

import pytest
from flask import Flask

from portal.domain.account import Role
from portal.domain.matching.walk import State
from portal.domain.notice import Kind, NoticeState
from portal.services.notice.deliver import deliver
from tests.servers.smtp import Mood, Sink
from tests.services.conftest import Chat
from tests.services.outbox import add_person, add_walk, book, cancel, deliver_due, move, rows

SOON = timedelta(minutes=1)


@pytest.fixture
def second(chat: Chat, now: datetime) -> int:
    """Another chat of Ben's, two hours after the first."""
    other_id = add_person("Cleo", now, Role.MEMBER)
    walk_id = add_walk(other_id, chat.peer_id, State.FIRST_COFFEE, now)
    return book(walk_id, other_id, chat.peer_id, chat.starts_at + timedelta(hours=2), now)


def of_ben(chat: Chat) -> list[NoticeState]:
    return [notice.state for notice in rows([Kind.REMINDER_DAY]) if notice.person_id == chat.peer_id]


def reminders(sink: Sink) -> list[str]:
    """Return what Ben's reminders say."""
    bodies = [letter.get_body(("plain",)) for letter in reminder_letters(sink)]
    return [str(body.get_content()) for body in bodies if body is not None]


def reminder_letters(sink: Sink) -> list[EmailMessage]:
    """Return Ben's reminders as they came."""
    mine = [letter.message for letter in sink.letters if letter.to == ("ben@example.org",)]
    return [letter for letter in mine if letter["List-Unsubscribe"]]


def test_two_chats_on_a_day_are_told_in_one_letter(chat: Chat, second: int, smtp: Sink, now: datetime) -> None:
    deliver_due(now)
    deliver_due(chat.starts_at - timedelta(days=1))
    deliver_due(chat.starts_at - timedelta(hours=22))
    (told,) = reminders(smtp)
    assert ("4 pm – 4:30 pm" in told, "6 pm – 6:30 pm" in told) == (True, True)
    assert of_ben(chat) == [NoticeState.SENT, NoticeState.VOID]


def test_a_chat_called_off_while_the_letter_waits_is_told_no_more(
    chat: Chat, second: int, smtp: Sink, now: datetime
) -> None:
    deliver_due(now)
    day_before = chat.starts_at - timedelta(days=1)
    smtp.mood = Mood.LATER
    deliver_due(day_before)
    cancel(second, day_before)
    smtp.mood = Mood.ACCEPT
    deliver_due(day_before + SOON)
    (told,) = reminders(smtp)
    assert ("4 pm – 4:30 pm" in told, "6 pm – 6:30 pm" in told) == (True, False)


def test_the_other_chat_keeps_its_reminder_when_the_first_is_called_off(
    chat: Chat, second: int, smtp: Sink, now: datetime
) -> None:
    deliver_due(now)
    day_before = chat.starts_at - timedelta(days=1)
    smtp.mood = Mood.LATER
    deliver_due(day_before)
    cancel(chat.id, day_before)
    smtp.mood = Mood.ACCEPT
    deliver_due(day_before + timedelta(hours=2))
    (told,) = reminders(smtp)
    assert ("4 pm – 4:30 pm" in told, "6 pm – 6:30 pm" in told) == (False, True)


def test_the_chat_that_stays_is_told_afresh_when_the_other_moves_after_a_doubt(
    chat: Chat, second: int, smtp: Sink, now: datetime
) -> None:
    deliver_due(now)
    day_before = chat.starts_at - timedelta(days=1)
    smtp.mood = Mood.DROP
    deliver_due(day_before)
    move(second, chat.starts_at + timedelta(days=1), day_before)
    smtp.mood = Mood.ACCEPT
    deliver_due(day_before + SOON)
    doubtful, fresh = reminders(smtp)
    assert ("6 pm – 6:30 pm" in doubtful, "6 pm – 6:30 pm" in fresh, "4 pm – 4:30 pm" in fresh) == (True, False, True)
    assert len({str(letter["Message-ID"]) for letter in reminder_letters(smtp)}) == 2
    assert of_ben(chat)[0] is NoticeState.SENT


def test_two_workers_with_a_chat_each_make_one_letter(
    inside: Flask, chat: Chat, second: int, smtp: Sink, now: datetime
) -> None:
    deliver_due(now)
    both_due = chat.starts_at - timedelta(hours=22)
    waiting = [notice.id for notice in rows([Kind.REMINDER_DAY]) if notice.person_id == chat.peer_id]
    start = Barrier(2)

    def work(notice_id: int) -> None:
        with inside.app_context():
            start.wait()
            deliver(notice_id, now=both_due)

    workers = [Thread(target=work, args=(notice_id,)) for notice_id in waiting]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    deliver_due(both_due)
    assert (len(reminders(smtp)), sorted(of_ben(chat))) == (1, [NoticeState.SENT, NoticeState.VOID])
