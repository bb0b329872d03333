"""The clock's care: what a dead worker held is freed, what is due is posted by id, what is old is forgotten."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from rq.job import Job
from rq.serializers import JSONSerializer

from portal import queue
from portal.db import read, transaction
from portal.domain.errors import NotFound
from portal.domain.notice import LEASE, Kind, NoticeState
from portal.mail.smtp import Line
from portal.models import AuditEntry, Notice, Person, Unsubscribe
from portal.queries.account import hash_of
from portal.queries.notice import standing
from portal.services.notice import staff
from portal.services.notice.claim import claim
from portal.services.notice.deliver import deliver
from portal.services.notice.prepare import keep, prepare
from portal.services.notice.sweep import beat, pulse, purge, sweep
from portal.services.notice.unsubscribe import end_by_key
from tests.servers.smtp import Mood, Sink
from tests.servers.valkey import Valkey
from tests.services.conftest import Chat
from tests.services.outbox import deliver_due, one, row, rows

SOON = timedelta(minutes=1)


def hold(notice_id: int, now: datetime) -> None:
    """Leave a letter as a worker does that was killed while the server had it."""
    with transaction() as session:
        notice = session.get_one(Notice, notice_id)
        notice.state, notice.lease_until, notice.attempts = NoticeState.SENDING, now + LEASE, 1
        notice.message_id, notice.rendered = "<1@example.org>", b"Subject: Coffee\r\n\r\nTuesday.\r\n"


def test_one_that_was_never_written_is_tried_again_without_a_doubt(chat: Chat, now: datetime, smtp: Sink) -> None:
    (first, *_others) = [notice.id for notice in rows([Kind.INVITATION])]
    with transaction():
        assert [letter.id for letter in claim([first], now=now).letters] == [first]
    assert sweep(now=now + LEASE).freed == 1
    freed = row(first)
    assert (freed.state, freed.doubts, freed.rendered, freed.attempts) == (NoticeState.DUE, 0, None, 1)
    deliver(first, now=freed.due_at)
    assert (row(first).state, len(smtp.letters)) == (NoticeState.SENT, 1)


def test_what_is_taken_from_a_worker_between_claim_and_sending_is_not_sent(
    chat: Chat, now: datetime, smtp: Sink
) -> None:
    (first, *_others) = [notice.id for notice in rows([Kind.INVITATION])]
    with transaction():
        claimed = claim([first], now=now)
    prepared = prepare(claimed, now=now)
    sweep(now=now + LEASE)
    with transaction():
        assert keep(prepared, now=now) == []
    assert row(first).rendered is None


def queued(valkey: Valkey) -> list[tuple[str, list[int]]]:
    """Return the jobs that the sweep has posted, and the letters each asks for."""
    client = valkey.client()
    jobs = [(job.id, list(job.args)) for job in queue.due_queue(client).jobs]
    client.close()
    return jobs


def test_the_letters_of_one_verb_ring_once(chat: Chat, valkey: Valkey) -> None:
    client = valkey.client()
    letters = queue.letters_queue(client)
    due = [notice.id for notice in rows([Kind.INVITATION])]
    assert [(job.id, list(job.args)) for job in letters.jobs] == [(f"fresh-{due[0]}", due)]
    client.close()


def test_what_is_due_is_posted_by_its_number_once(chat: Chat, valkey: Valkey, now: datetime) -> None:
    due = [notice.id for notice in rows([Kind.INVITATION])]
    assert (sweep(now=now).posted, sweep(now=now).posted) == (2, 2)
    assert queued(valkey) == [(f"due-{due[0]}", due)]


def test_much_is_posted_by_the_hundred_and_not_again_while_it_waits(inside: Flask, valkey: Valkey) -> None:
    every = list(range(1, 2 * queue.BATCH * queue.ENOUGH_RINGS + 2))
    for _ in range(2):
        queue.post_due(every)
    posted = queued(valkey)
    assert [ids for _, ids in posted] == [every[first : first + 100] for first in range(0, len(every), 100)]
    assert posted[-1] == ("due-4001", [4001])


def test_a_queue_that_lost_everything_is_filled_again(chat: Chat, valkey: Valkey, now: datetime) -> None:
    client = valkey.client()
    client.flushall()
    client.close()
    sweep(now=now)
    assert len(queued(valkey)) == 1


def test_a_ring_that_a_killed_worker_left_behind_does_not_keep_the_next_out(
    chat: Chat, valkey: Valkey, now: datetime
) -> None:
    client = valkey.client()
    letters = queue.due_queue(client)
    sweep(now=now)
    job = Job.fetch(queued(valkey)[0][0], connection=client, serializer=JSONSerializer)
    client.lrem(letters.key, 0, job.id)
    job.save()
    job.set_status("started")  # type: ignore[arg-type]
    sweep(now=now)
    assert len(queued(valkey)) == 1
    client.close()


def test_half_a_ring_in_a_broker_that_was_emptied_does_not_keep_the_next_out(chat: Chat, valkey: Valkey) -> None:
    client = valkey.client()
    letters = queue.letters_queue(client)
    queue.post([1])
    # A worker that was about to end it wrote its last lines after the broker was emptied.
    client.delete(letters.key)
    client.hdel(Job.key_for("notice-1"), "status")
    queue.post([1])
    assert letters.job_ids == ["notice-1"]
    client.close()


def test_a_broker_that_is_away_stops_nobody(chat: Chat, valkey: Valkey, now: datetime) -> None:
    valkey.kill()
    try:
        assert sweep(now=now).posted == 2
    finally:
        valkey.start()
    sweep(now=now)
    assert len(queued(valkey)) == 1


def test_a_letter_of_a_dead_worker_goes_out_again_the_same_to_the_byte(chat: Chat, smtp: Sink, now: datetime) -> None:
    notice_id = one(Kind.INVITATION, chat.member_id).id
    hold(notice_id, now)
    assert sweep(now=now + LEASE - timedelta(seconds=1)).freed == 0
    assert sweep(now=now + LEASE).freed == 1
    deliver(notice_id, now=now + LEASE)
    assert [letter.raw for letter in smtp.letters] == [b"Subject: Coffee\r\n\r\nTuesday.\r\n"]
    assert row(notice_id).state is NoticeState.SENT


def test_a_letter_whose_worker_died_twice_is_not_sent_a_third_time(chat: Chat, smtp: Sink, now: datetime) -> None:
    notice_id = one(Kind.INVITATION, chat.member_id).id
    for _ in range(2):
        hold(notice_id, now)
        sweep(now=now + LEASE)
    assert (row(notice_id).state, row(notice_id).error) == (NoticeState.FAILED, "doubtful")


def test_a_worker_that_comes_back_late_with_an_answer_is_believed(
    chat: Chat, smtp: Sink, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    notice_id = one(Kind.INVITATION, chat.member_id).id
    send = Line.send

    def slowly(*arguments: Any) -> None:
        send(*arguments)
        sweep(now=now + LEASE)

    monkeypatch.setattr(Line, "send", slowly)
    deliver(notice_id, now=now)
    deliver(notice_id, now=now + LEASE)
    assert (row(notice_id).state, len(smtp.letters)) == (NoticeState.SENT, 1)


def test_the_worker_and_the_clock_show_signs_of_life(inside: Flask, valkey: Valkey, now: datetime) -> None:
    assert standing.worker_silent(now) is True
    beat(now=now)
    pulse(now=now)
    client = valkey.client()
    assert queue.letters_queue(client).job_ids == ["pulse"]
    client.close()
    assert [standing.worker_silent(now + timedelta(seconds=seconds)) for seconds in (0, 179, 180)] == [
        False,
        False,
        True,
    ]


def test_a_clock_that_runs_alone_is_not_enough(inside: Flask, now: datetime) -> None:
    beat(now=now)
    assert standing.worker_silent(now) is True


def test_what_letters_said_is_forgotten_after_thirty_days(chat: Chat, smtp: Sink, now: datetime) -> None:
    deliver_due(now)
    assert (purge(now=now + timedelta(days=29)), purge(now=now + timedelta(days=30))) == (0, 2)
    assert {(notice.rendered, notice.message_id is None) for notice in rows([Kind.INVITATION])} == {(None, False)}


def test_a_key_from_a_letter_ends_reminders_and_again_changes_nothing(chat: Chat, now: datetime) -> None:
    with transaction() as session:
        session.add(Unsubscribe(token_hash=hash_of("k" * 43), person_id=chat.member_id, created_at=now))
    end_by_key("k" * 43, now=now)
    end_by_key("k" * 43, now=now)
    person = read().get_one(Person, chat.member_id)
    assert person.reminder_leads == ""
    read().rollback()
    states = {notice.person_id: notice.state for notice in rows([Kind.REMINDER_DAY])}
    assert states == {chat.member_id: NoticeState.VOID, chat.peer_id: NoticeState.DUE}


def test_a_key_that_was_never_given_out_is_unknown(chat: Chat, now: datetime) -> None:
    with pytest.raises(NotFound):
        end_by_key("k" * 43, now=now)


def test_a_coordinator_can_send_a_letter_on_its_way_again(chat: Chat, smtp: Sink, now: datetime) -> None:
    smtp.mood = Mood.NEVER
    notice_id = one(Kind.INVITATION, chat.member_id).id
    deliver(notice_id, now=now)
    smtp.mood = Mood.ACCEPT
    staff.try_again(notice_id, chat.peer_id, now=now + SOON)
    deliver(notice_id, now=now + SOON)
    staff.try_again(notice_id, chat.peer_id, now=now + SOON)
    assert row(notice_id).state is NoticeState.SENT
    assert [entry.verb for entry in read().query(AuditEntry).all()] == ["letter tried again"]


def test_a_coordinator_can_let_a_letter_go(chat: Chat, smtp: Sink, now: datetime) -> None:
    smtp.mood = Mood.NEVER
    notice_id = one(Kind.INVITATION, chat.member_id).id
    deliver(notice_id, now=now)
    staff.let_go(notice_id, chat.peer_id, now=now + SOON)
    assert (row(notice_id).state, row(notice_id).rendered, standing.failed_count()) == (NoticeState.VOID, None, 0)
