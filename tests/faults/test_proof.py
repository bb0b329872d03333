"""The proof of the long run must see each promise that is broken: a run that could not fail would prove nothing."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from portal.db import transaction
from portal.domain.matching.walk import State
from portal.domain.notice import LEASE, Kind, NoticeState
from portal.models import Notice
from tests.booking_cast import add_member, add_peer
from tests.faults.people import CANARIES
from tests.faults.proof import findings
from tests.servers.smtp import Sink
from tests.servers.smtp_sink import Taken
from tests.services import outbox

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

NO_WORDS: list[str] = []


@pytest.fixture(autouse=True)
def _within_the_app(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def _book(now: datetime) -> int:
    member_id, peer_id = add_member(now), add_peer(now)
    walk_id = outbox.add_walk(member_id, peer_id, State.WALKING, now)
    booking_id = outbox.book(walk_id, member_id, peer_id, now + timedelta(days=4), now)
    outbox.deliver_due(now)
    return booking_id


def _came(smtp: Sink, now: datetime, *, seconds: float = 1.0) -> list[Taken]:
    """What the server was told, as the sink of the long run keeps it: one letter after the other."""
    began = now.timestamp()
    return [
        Taken(int((began + seconds * number) * 1e9), letter.to[0], letter.raw.replace(b"\r\n", b"\n"), refused=False)
        for number, letter in enumerate(smtp.accepted)
    ]


def test_a_chat_told_to_both_and_called_off_keeps_every_promise(smtp: Sink, now: datetime) -> None:
    booking_id = _book(now)
    outbox.cancel(booking_id, now)
    outbox.deliver_due(now + timedelta(hours=12))
    letters = _came(smtp, now)
    assert len(letters) == 4
    assert list(findings(letters, {booking_id: now + timedelta(seconds=1.5)}, NO_WORDS)) == []


def test_a_letter_that_nobody_owed_is_seen(smtp: Sink, now: datetime) -> None:
    _book(now)
    first, second = _came(smtp, now)
    stray = replace(second, raw=second.raw.replace(b"Message-ID: <", b"Message-ID: <other"))
    assert [one.partition(":")[0] for one in findings([first, second, stray], {}, NO_WORDS)] == [
        "a letter nobody owed came"
    ]


def test_a_letter_that_came_to_somebody_else_is_seen(smtp: Sink, now: datetime) -> None:
    _book(now)
    first, second = _came(smtp, now)
    found = list(findings([first, second, replace(second, to=first.to)], {}, NO_WORDS))
    assert [one.partition(":")[0] for one in found] == ["a letter nobody owed came"]


def test_a_third_copy_is_seen_and_a_second_one_is_not(smtp: Sink, now: datetime) -> None:
    _book(now)
    first, second = _came(smtp, now)
    assert list(findings([first, second, second], {}, NO_WORDS)) == []
    assert [one[-12:] for one in findings([first, second, second, second], {}, NO_WORDS)] == ["came 3 times"]


def test_a_copy_with_another_byte_is_seen(smtp: Sink, now: datetime) -> None:
    _book(now)
    first, second = _came(smtp, now)
    changed = replace(second, raw=second.raw.replace(b"Subject:", b"Subject: "))
    assert [one[-18:] for one in findings([first, second, changed], {}, NO_WORDS)] == ["came in 2 versions"]


def test_an_invitation_after_its_cancellation_is_seen(smtp: Sink, now: datetime) -> None:
    booking_id = _book(now)
    outbox.cancel(booking_id, now)
    outbox.deliver_due(now + timedelta(hours=12))
    letters = _came(smtp, now)
    late = replace(letters[0], at=letters[-1].at + 1)
    (found,) = findings([*letters, late], {booking_id: now}, NO_WORDS)
    assert f"({Kind.INVITATION}) came" in found
    assert f"({Kind.CANCELLATION})" in found


def test_a_letter_long_after_its_chat_was_called_off_is_seen(smtp: Sink, now: datetime) -> None:
    booking_id = _book(now)
    off_at = now - LEASE - timedelta(minutes=1)
    found = list(findings(_came(smtp, now), {booking_id: off_at}, NO_WORDS))
    assert ["after its chat was called off" in one for one in found] == [True, True]


def test_a_letter_that_counts_as_sent_and_never_came_is_seen(smtp: Sink, now: datetime) -> None:
    _book(now)
    found = list(findings(_came(smtp, now)[:1], {}, NO_WORDS))
    assert any("counts as sent and never came" in one for one in found)


def test_a_letter_that_is_still_waiting_is_seen(smtp: Sink, now: datetime) -> None:
    _book(now)
    with transaction() as session:
        session.execute(update(Notice).where(Notice.kind == Kind.INVITATION).values(state=NoticeState.SENDING))
    found = list(findings(_came(smtp, now), {}, NO_WORDS))
    assert [f"is still {NoticeState.SENDING}" in one for one in found] == [True, True]


def test_somebody_who_was_never_told_of_a_cancellation_is_seen(smtp: Sink, now: datetime) -> None:
    booking_id = _book(now)
    outbox.cancel(booking_id, now)
    with transaction() as session:
        session.execute(update(Notice).where(Notice.kind == Kind.CANCELLATION).values(state=NoticeState.VOID))
    found = list(findings(_came(smtp, now), {booking_id: now + timedelta(minutes=1)}, NO_WORDS))
    assert ["was owed and never came" in one for one in found] == [True, True]


def test_a_last_letter_that_tells_something_else_is_seen(smtp: Sink, now: datetime) -> None:
    booking_id = _book(now)
    with transaction() as session:
        session.execute(update(Notice).where(Notice.booking_id == booking_id).values(revision=7))
    found = list(findings(_came(smtp, now), {}, NO_WORDS))
    assert ["is of something else" in one for one in found] == [True, True]


def test_a_name_in_the_broker_or_a_log_is_seen() -> None:
    said = ["deliver 17", f"could not write to {CANARIES[0].title()}17"]
    assert list(findings([], {}, said)) == [f"{CANARIES[0]} stands in the broker or a log"]
