"""Faults against real servers: the worker killed while sending, the broker emptied, a post office that says nothing."""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import text

from portal import clock
from portal.channels.email import Email
from portal.db import read
from portal.domain.account import Role
from portal.domain.matching.walk import State
from portal.domain.notice import LEASE, Channel, Kind, NoticeState
from portal.queries.notice import standing
from portal.services.notice.deliver import deliver
from portal.services.notice.office import office, open_office
from portal.services.notice.sweep import beat, sweep
from tests.jobs.programs import Program, wait_until
from tests.servers.smtp import Mood, Sink
from tests.servers.valkey import Valkey
from tests.services.outbox import add_person, add_walk, book, rows

CHATS = 8
LETTERS = 2 * CHATS


def book_chats(now: datetime) -> None:
    for number in range(CHATS):
        member_id = add_person(f"Member{number}", now, Role.MEMBER)
        peer_id = add_person(f"Peer{number}", now, Role.PEER)
        walk_id = add_walk(member_id, peer_id, State.FIRST_COFFEE, now)
        book(walk_id, member_id, peer_id, now + timedelta(days=3), now)


def flush(valkey: Valkey) -> None:
    client = valkey.client()
    client.flushall()
    client.close()


def states() -> Counter[NoticeState]:
    return Counter(notice.state for notice in rows([Kind.INVITATION]))


def silent(site: Flask, now: datetime) -> bool:
    # A context of its own is let go at once: an open reader would stop the worker from writing.
    with site.app_context():
        return standing.worker_silent(now)


def kill(worker: Program) -> None:
    """End it, and let the database see it: a commit that was on its way may still be done."""
    worker.kill()
    wait_until(lambda: not _at_work(), "the database does not let go of a worker that is gone")


def _at_work() -> bool:
    session = read()
    session.rollback()
    if session.get_bind().dialect.name != "postgresql":
        return False
    found = bool(session.execute(_OTHERS).scalar_one())
    session.rollback()
    return found


_OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"
)


def finish(worker: Program, smtp: Sink, *, on_the_board: int = 0) -> None:
    """Let a worker send the rest, swept as the clock does, and look at what arrived; so many may wait for a person."""
    worker.start()

    def all_settled() -> bool:
        sweep(now=clock.now())
        found = states()
        return found[NoticeState.SENT] + found[NoticeState.FAILED] == LETTERS

    wait_until(all_settled, f"{worker.said()}")
    troubles = standing.troubles()
    assert {trouble.error for trouble in troubles} <= {"doubtful"}
    assert len(troubles) <= on_the_board
    bytes_of = defaultdict(set)
    for letter in smtp.letters:
        bytes_of[letter.message["Message-ID"]].add(letter.raw)
    assert len({letter.to for letter in smtp.accepted}) >= LETTERS - len(troubles)
    assert {len(different) for different in bytes_of.values()} == {1}


def test_a_worker_killed_while_the_server_is_silent_loses_nothing(
    inside: Flask, worker: Program, valkey: Valkey, smtp: Sink
) -> None:
    smtp.mood = Mood.HANG
    book_chats(clock.now())
    worker.start()
    wait_until(lambda: len(smtp.letters) == 1, "no letter was handed over")
    kill(worker)
    flush(valkey)
    smtp.mood = Mood.ACCEPT
    # The two of one chat were claimed together; the second never left.
    assert states() == {NoticeState.SENDING: 2, NoticeState.DUE: LETTERS - 2}
    assert sweep(now=clock.now() + LEASE).freed == 2
    finish(worker, smtp)
    times = Counter(letter.message["Message-ID"] for letter in smtp.letters)
    assert sorted(times.values()) == [1] * (LETTERS - 1) + [2]


def test_a_worker_killed_again_and_again_sends_each_at_most_twice_and_none_is_lost(
    inside: Flask, worker: Program, valkey: Valkey, smtp: Sink
) -> None:
    book_chats(clock.now())
    doubtful = 0
    kills = 3
    for round_ in range(1, kills + 1):
        worker.start()
        wait_until(lambda enough=round_ * 3: len(smtp.letters) >= enough, "letters stood still")  # type: ignore[misc]
        kill(worker)
        doubtful += sweep(now=clock.now() + LEASE).freed
        flush(valkey)
        sweep(now=clock.now())
    # What was in doubt goes alone, so that each further kill leaves at most one letter to a person.
    finish(worker, smtp, on_the_board=kills - 1)
    times = Counter(letter.message["Message-ID"] for letter in smtp.letters)
    assert max(times.values()) <= 2
    assert len(smtp.letters) - len(times) <= doubtful


def test_the_clock_finds_what_a_lost_queue_forgot(
    inside: Flask, worker: Program, clockwork: Program, valkey: Valkey, smtp: Sink
) -> None:
    book_chats(clock.now())
    flush(valkey)
    worker.start()
    clockwork.start()
    wait_until(lambda: states() == {NoticeState.SENT: LETTERS}, "letters stood still")
    wait_until(lambda: not silent(inside, clock.now()), "no sign of life came")
    assert len(smtp.letters) == LETTERS


def test_a_broker_that_was_away_while_chats_were_booked_loses_nothing(
    inside: Flask, worker: Program, valkey: Valkey, smtp: Sink
) -> None:
    valkey.kill()
    try:
        book_chats(clock.now())
    finally:
        valkey.start()
    finish(worker, smtp)
    assert len(smtp.letters) == LETTERS


def test_a_server_that_never_answers_after_the_letter_makes_it_doubtful_in_time(
    inside: Flask, smtp: Sink, now: datetime
) -> None:
    letters = office().ways[Channel.EMAIL]
    assert isinstance(letters, Email)
    open_office(replace(office(), ways={Channel.EMAIL: replace(letters, seconds=0.3)}))
    smtp.mood = Mood.HANG
    book_chats(now)
    notice_id = rows([Kind.INVITATION])[0].id
    deliver(notice_id, now=now)
    smtp.mood = Mood.ACCEPT
    deliver(notice_id, now=now + timedelta(minutes=1))
    first, second = smtp.letters
    assert (first.raw, rows([Kind.INVITATION])[0].state) == (second.raw, NoticeState.SENT)


def test_a_running_worker_gives_a_sign_of_life_and_a_killed_one_is_missed(inside: Flask, worker: Program) -> None:
    worker.start()
    beat(now=clock.now())
    wait_until(lambda: not silent(inside, clock.now()), "no sign of life came")
    worker.kill()
    later = clock.now() + timedelta(minutes=3)
    beat(now=later)
    assert silent(inside, later) is True
