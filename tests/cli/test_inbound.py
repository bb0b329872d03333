"""The door for answers from calendars, over the wire: real clients of LMTP and SMTP, a Maildir, and hostile letters."""

import logging
import smtplib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from email.policy import SMTP
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from portal import clock
from portal.cli import inbound as room
from portal.cli.inbound import TAKEN_AT_MOST, inbound, listen, read_maildir, watch
from portal.domain.experience import Format
from portal.queries import notice as queries
from portal.queries.notice import standing
from portal.services import booking as services
from tests.booking_cast import TUESDAY_TEN, Pair, add_pair
from tests.calendars.replies import answer, letter
from tests.servers.ports import any_free
from tests.servers.settings import environ_for

US = "hello@notes.example"
Client = smtplib.SMTP | smtplib.LMTP


@pytest.fixture(autouse=True)
def at_ten(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: now)


@pytest.fixture
def pair(app: Flask, now: datetime) -> Pair:
    with app.app_context():
        return add_pair(now)


@pytest.fixture
def chat(app: Flask, pair: Pair, now: datetime) -> int:
    with app.app_context():
        return services.book(pair.walk_id, pair.member_id, TUESDAY_TEN, Format.COFFEE, "Juniper", key="", now=now)


@contextmanager
def door(app: Flask, scheme: str) -> Iterator[Client]:
    """Open the door and a line to it."""
    port, stop = any_free(), threading.Event()
    thread = threading.Thread(target=listen, args=(app, scheme, "127.0.0.1", port, stop))
    thread.start()
    kind = smtplib.LMTP if scheme == "lmtp" else smtplib.SMTP
    client = kind()
    try:
        _until_open(client, port)
        yield client
    finally:
        client.close()
        stop.set()
        thread.join(timeout=20)
    assert not thread.is_alive()


def _until_open(client: Client, port: int) -> None:
    for attempt in range(200):
        try:
            client.connect("127.0.0.1", port)
        except OSError:
            if attempt == 199:
                raise
            threading.Event().wait(0.05)  # between two looks whether it listens
        else:
            return


def no_from_maya(app: Flask, pair: Pair, chat: int, now: datetime) -> bytes:
    """Return the letter in which Maya's calendar says no."""
    with app.app_context():
        uid = queries.invitations(chat)[pair.peer_id].uid
    ics = answer(now, uid=uid, partstat="DECLINED", attendee="maya@example.org")
    return letter(ics, "Maya <maya@example.org>").as_bytes(policy=SMTP)


def partstat(app: Flask, chat: int, person_id: int) -> str | None:
    with app.app_context():
        return queries.invitations(chat)[person_id].partstat


@pytest.mark.parametrize("scheme", ["lmtp", "smtp"])
def test_an_answer_is_heard_over_the_wire(app: Flask, pair: Pair, chat: int, now: datetime, scheme: str) -> None:
    with door(app, scheme) as line:
        # The envelope's sender is the calendar program's; the person stands in From.
        assert line.sendmail("bounces@calendar.example", [US], no_from_maya(app, pair, chat, now)) == {}
        assert partstat(app, chat, pair.peer_id) == "DECLINED"
        with app.app_context():
            assert standing.last_signs() == {standing.INBOUND: now}


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_lmtp_answers_for_each_recipient(app: Flask, pair: Pair, chat: int, now: datetime) -> None:
    with door(app, "lmtp") as line:
        raw = no_from_maya(app, pair, chat, now)
        assert line.sendmail("x@calendar.example", [US, "other@notes.example"], raw) == {}
        assert line.noop()[0] == 250  # the line is in step: neither answer is left over


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_every_letter_is_taken_and_those_that_are_none_change_nothing(
    app: Flask, pair: Pair, chat: int, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    true = no_from_maya(app, pair, chat, now)
    letters = [
        b"Subject: hello\r\n\r\nA word from somebody.\r\n",
        true.replace(b"From: Maya <maya@example.org>", b"From: Ana <ana@example.org>"),
        true.replace(b"From: Maya <maya@example.org>", b"From: maya@example.org, ana@example.org"),
        true.replace(b"method=REPLY", b"method=REQUEST").replace(b'method="REPLY"', b'method="REQUEST"'),
        true + b"\r\n" + b"x" * 400_000,
        letter(answer(now), "maya@example.org").as_bytes(policy=SMTP),
        b"\x80\xff\x00" * 100,
        b"",
    ]
    with door(app, "smtp") as line:
        for raw in letters:
            assert line.sendmail("x@calendar.example", [US], raw) == {}
        assert partstat(app, chat, pair.peer_id) == "NEEDS-ACTION"
        assert line.sendmail("x@calendar.example", [US], true) == {}
        assert partstat(app, chat, pair.peer_id) == "DECLINED"
    assert "maya" not in caplog.text.lower()
    assert f"an answer from a calendar: declined, chat {chat}" in caplog.text


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_what_no_memory_could_hold_is_not_taken(app: Flask, chat: int) -> None:
    with door(app, "smtp") as line:
        line.ehlo()
        assert line.esmtp_features["size"] == str(TAKEN_AT_MOST)
        assert line.mail("x@calendar.example", [f"SIZE={TAKEN_AT_MOST + 1}"])[0] == 552


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_database_that_is_away_has_the_letter_come_again_and_tells_no_more_than_that(
    app: Flask,
    pair: Pair,
    chat: int,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    raw = no_from_maya(app, pair, chat, now)

    def away(raw: bytes, *, now: datetime) -> services.Heard:
        raise OSError(f"no database for {raw!r} at {now}")

    with monkeypatch.context() as patch, door(app, "lmtp") as line:
        patch.setattr(services, "take_reply", away)
        with pytest.raises(smtplib.SMTPDataError) as refusal:
            line.sendmail("x@calendar.example", [US], raw)
        assert refusal.value.smtp_code == 451
    assert "OSError" in caplog.text
    assert "maya" not in caplog.text.lower()


@pytest.fixture
def maildir(tmp_path: Path) -> Callable[..., Path]:
    """Return a Maildir with these letters in it, as a mail server leaves them."""

    def fill(*letters: bytes) -> Path:
        new = tmp_path / "answers" / "new"
        new.mkdir(parents=True)
        for number, raw in enumerate(letters):
            (new / f"170000000{number}.host").write_bytes(raw)
        return new.parent

    return fill


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_what_is_new_in_a_maildir_is_heard_once(
    app: Flask, pair: Pair, chat: int, now: datetime, maildir: Callable[..., Path]
) -> None:
    box = maildir(b"Subject: hello\n\nA word.\n", no_from_maya(app, pair, chat, now), b"x" * 1_000_000)
    read_maildir(app, box)
    assert partstat(app, chat, pair.peer_id) == "DECLINED"
    assert list((box / "new").iterdir()) == []
    assert sorted(path.name for path in (box / "cur").iterdir()) == [f"170000000{n}.host:2,S" for n in range(3)]
    stop = threading.Event()
    stop.set()
    watch(app, box, stop)
    with app.app_context():
        assert standing.last_signs() == {standing.INBOUND: now}


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_what_could_not_be_heard_stays_new(
    app: Flask, chat: int, maildir: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "hear", lambda _app, _raw: False)
    box = maildir(b"Subject: hello\n\n")
    read_maildir(app, box)
    assert [path.name for path in (box / "new").iterdir()] == ["1700000000.host"]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_the_command_reads_a_maildir_once_and_says_where_it_is_not_set_up(
    app: Flask,
    engine_url: str,
    pair: Pair,
    chat: int,
    now: datetime,
    maildir: Callable[..., Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in environ_for(engine_url, tmp_path).items():
        monkeypatch.setenv(name, value)
    done = CliRunner().invoke(inbound, ["--maildir", str(maildir(no_from_maya(app, pair, chat, now)))])
    assert (done.exit_code, partstat(app, chat, pair.peer_id)) == (0, "DECLINED")
    off = CliRunner().invoke(inbound)
    assert (off.exit_code, off.output) == (2, room.OFF + "\n")
