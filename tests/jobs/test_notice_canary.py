"""Nothing a letter says, and nobody it goes to, ever reaches the broker or a log."""

import zlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from rq.registry import FailedJobRegistry

from portal import clock, queue
from portal.db import transaction
from portal.domain.account import Role
from portal.domain.matching.walk import State
from portal.domain.notice import LEASE, Kind, NoticeState
from portal.jobs import notice as jobs
from portal.models import Person
from portal.services.notice import deliver as delivery
from portal.services.notice import prepare as preparing
from portal.services.notice.sweep import sweep
from tests.jobs.programs import Program, wait_until
from tests.servers.smtp import Mood, Sink
from tests.servers.valkey import Valkey
from tests.services.outbox import add_person, add_walk, book, rows

# The address, the names and the place of the chat; all of them stand in the letters.
CANARIES = ("quetzal", "kakapo", "Juniper", "example.org", "Your coffee chat")


def book_chat(now: datetime) -> None:
    member_id, peer_id = add_person("Quetzal", now, Role.MEMBER), add_person("Kakapo", now, Role.PEER)
    walk_id = add_walk(member_id, peer_id, State.FIRST_COFFEE, now)
    book(walk_id, member_id, peer_id, now + timedelta(days=3), now)


def everything_in(client: Any) -> str:
    """Return every key and value of the broker as text, unpacked where RQ packed it."""
    read: dict[bytes, Callable[[bytes], list[bytes]]] = {
        b"none": lambda _: [],  # gone since it was listed
        b"string": lambda key: [client.get(key) or b""],
        b"hash": lambda key: [part for pair in client.hgetall(key).items() for part in pair],
        b"list": lambda key: client.lrange(key, 0, -1),
        b"set": lambda key: list(client.smembers(key)),
        b"zset": lambda key: client.zrange(key, 0, -1),
        b"stream": lambda key: [repr(client.xrange(key)).encode()],
    }
    parts: list[bytes] = []
    for key in client.scan_iter():
        parts += [key, *(unpacked(part) for part in read[client.type(key)](key))]
    return b"\n".join(parts).decode(errors="replace")


def unpacked(value: bytes) -> bytes:
    try:
        return zlib.decompress(value)
    except zlib.error:
        return value


def canaries_in(text: str) -> list[str]:
    return [canary for canary in CANARIES if canary.lower() in text.lower()]


def test_the_broker_and_the_logs_hold_ids_only(
    inside: Flask, worker: Program, valkey: Valkey, smtp: Sink, caplog: pytest.LogCaptureFixture
) -> None:
    client = valkey.client()
    book_chat(clock.now())
    smtp.mood = Mood.HANG
    waiting = everything_in(client)
    worker.start()
    wait_until(lambda: len(smtp.letters) == 1, "no letter was handed over")
    working = everything_in(client)
    smtp.mood = Mood.NEVER
    worker.kill()
    sweep(now=clock.now() + LEASE)
    worker.start()
    wait_until(
        lambda: {notice.state for notice in rows([Kind.INVITATION])} == {NoticeState.FAILED}, "letters stood still"
    )
    worker.kill()
    afterwards = everything_in(client)
    assert "fresh-1" in waiting
    assert canaries_in("\n".join((waiting, working, afterwards, worker.said(), caplog.text))) == []
    assert FailedJobRegistry(queue=queue.letters_queue(client)).get_job_ids() == []
    client.close()


def test_a_foreign_error_leaves_only_its_name(
    inside: Flask, now: datetime, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def break_down(*_: object, **__: object) -> bytes:
        raise ValueError("quetzal@example.org meets Kakapo")

    book_chat(clock.now())
    monkeypatch.setattr(preparing, "written", break_down)
    jobs.deliver(rows([Kind.INVITATION])[0].id)
    assert canaries_in(caplog.text) == []
    assert "ValueError" in caplog.text
    assert rows([Kind.INVITATION])[0].error == "fault"


def test_a_database_error_leaves_only_its_name(
    inside: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def break_down(*_: object, **__: object) -> bytes:
        with transaction() as session:
            session.add(Person(email="quetzal@example.org", name="Quetzal", created_at=clock.now()))
        return b""

    book_chat(clock.now())
    monkeypatch.setattr(delivery, "_hand_over", break_down)
    jobs.deliver(rows([Kind.INVITATION])[0].id)
    assert canaries_in(caplog.text) == []
    assert "IntegrityError" in caplog.text
    assert rows([Kind.INVITATION])[0].state is NoticeState.SENDING
