"""Several chats on one day make one letter on the day before, and never one that tells of a chat that is off."""

from datetime import datetime, timedelta
from email.message import EmailMessage
from threading import Barrier, Thread

import pytest
from flask import Flask

from portal.domain.account import Role
from portal.domain.matching.walk import State
from portal.domain.notice import Kind, NoticeState, plan_of
from portal.services.account import Reminders, set_reminders
from portal.services.notice.deliver import deliver
from tests.servers.smtp import Mood, Sink
from tests.services.conftest import Chat
from tests.services.outbox import add_person, add_walk, book, cancel, deliver_due, move, rows

SOON = timedelta(minutes=1)


@pytest.fixture
def second(chat: Chat, now: datetime) -> int:
    """Another chat of Ben's, two hours after the first."""
    return follow_on(chat, now, timedelta(hours=2))


def of_ben(chat: Chat, kind: Kind = Kind.REMINDER_DAY) -> list[NoticeState]:
    return [notice.state for notice in rows([kind]) if notice.person_id == chat.peer_id]


def follow_on(chat: Chat, now: datetime, after: timedelta) -> int:
    """Book a chat of Ben's with Cleo, this long after the first."""
    other_id = add_person("Cleo", now, Role.MEMBER)
    walk_id = add_walk(other_id, chat.peer_id, State.FIRST_COFFEE, now)
    return book(walk_id, other_id, chat.peer_id, chat.starts_at + after, now)


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


@pytest.mark.parametrize(("minutes", "letters"), [(30, 1), (31, 2)])
def test_hours_before_two_chats_within_half_an_hour_are_one_letter(
    chat: Chat, smtp: Sink, now: datetime, minutes: int, letters: int
) -> None:
    follow_on(chat, now, timedelta(minutes=minutes))
    deliver_due(chat.starts_at - timedelta(days=1) + timedelta(hours=1))
    smtp.letters.clear()
    for before in (120, 120 - minutes):
        deliver_due(chat.starts_at - timedelta(minutes=before))
    told = reminders(smtp)
    assert (len(told), "4 pm – 4:30 pm" in told[0]) == (letters, True)
    assert of_ben(chat, Kind.REMINDER_HOURS)[1] is (NoticeState.VOID if letters == 1 else NoticeState.SENT)


def test_a_shared_letter_takes_along_one_lead_of_the_other_chat_and_leaves_it_the_others(
    chat: Chat, smtp: Sink, now: datetime
) -> None:
    other = follow_on(chat, now, timedelta(minutes=30))
    set_reminders(chat.peer_id, Reminders(plan_of("120m,15m"), 0, 0), now=now)
    deliver_due(now)
    for before in (120, 90, 15, -15):
        deliver_due(chat.starts_at - timedelta(minutes=before))
    states = {
        (notice.booking_id, notice.lead): notice.state
        for notice in rows([Kind.REMINDER_HOURS])
        if notice.person_id == chat.peer_id
    }
    assert states == {
        (chat.id, "120m"): NoticeState.SENT,
        (chat.id, "15m"): NoticeState.SENT,
        (other, "120m"): NoticeState.VOID,
        (other, "15m"): NoticeState.VOID,
    }
    assert len(reminders(smtp)) == 2


def test_a_plan_changed_after_a_shared_letter_does_not_tell_the_other_chat_twice(
    chat: Chat, smtp: Sink, now: datetime
) -> None:
    follow_on(chat, now, timedelta(minutes=30))
    set_reminders(chat.peer_id, Reminders(plan_of("120m"), 0, 0), now=now)
    deliver_due(now)
    shared_at = chat.starts_at - timedelta(minutes=120)
    deliver_due(shared_at)
    set_reminders(chat.peer_id, Reminders(plan_of("120m,60m"), 0, 0), now=shared_at + SOON)
    deliver_due(shared_at + timedelta(minutes=30))
    assert len(reminders(smtp)) == 1


def test_days_before_only_as_long_before_go_together(chat: Chat, second: int, smtp: Sink, now: datetime) -> None:
    set_reminders(chat.peer_id, Reminders(plan_of("2d,1d"), 0, 0), now=now)
    deliver_due(chat.starts_at - timedelta(days=2) + timedelta(hours=2))
    deliver_due(chat.starts_at - timedelta(days=1))
    deliver_due(chat.starts_at - timedelta(hours=22))
    told = reminders(smtp)
    assert [("4 pm – 4:30 pm" in each, "6 pm – 6:30 pm" in each) for each in told] == [(True, True), (True, True)]
