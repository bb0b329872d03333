"""Handing a letter to SMTP: taken, refused, unreachable or doubtful, and never a foreign word in an error."""

import traceback

import pytest

from portal.mail.errors import Doubtful, Refused, SendingError, TurnedAway, Unreachable
from portal.mail.smtp import Server, Tls, parse_server
from tests.mail.script import ScriptedServer, send
from tests.servers.ports import any_free
from tests.servers.smtp import Mood, Sink

SENDER, TO = "hello@notes.example", "ana@example.org"
RAW = b"Subject: Your code\r\n\r\nfirst\r\n.dot\r\n..\r\nend\r\n"


def here(port: int, user: str | None = None, tls: Tls = Tls.NONE) -> Server:
    return Server("127.0.0.1", port, user, "a-secret-word" if user else None, tls)


def failing(server: Server, timeout: float = 10) -> SendingError:
    """Send, expect it to come to nothing, and see that the error as RQ would store it tells no word of it."""
    with pytest.raises(SendingError) as caught:
        send(server, SENDER, TO, RAW, timeout)
    stored = "".join(traceback.format_exception(caught.value))
    assert [
        word for word in ("ana@", "hello@", "4.2.1", "no such", "a-secret-word", "Your code") if word in stored
    ] == []
    return caught.value


def test_a_letter_arrives_byte_for_byte(smtp: Sink) -> None:
    send(parse_server(smtp.url), f"Notes <{SENDER}>", "Ana <ana@Example.org>", RAW)
    assert [(one.sender, one.to, one.raw) for one in smtp.accepted] == [(SENDER, (TO,), RAW)]


def test_a_last_line_without_an_end_gets_one(smtp: Sink) -> None:
    send(parse_server(smtp.url), SENDER, TO, RAW.removesuffix(b"\r\n"))
    assert [one.raw for one in smtp.accepted] == [RAW]


@pytest.mark.parametrize(("mood", "code", "permanent"), [(Mood.LATER, 450, False), (Mood.NEVER, 550, True)])
def test_a_refusal_keeps_its_code_alone(smtp: Sink, mood: Mood, code: int, permanent: bool) -> None:
    smtp.mood = mood
    error = failing(parse_server(smtp.url))
    assert (type(error), str(error), error.permanent) == (Refused, f"refused {code}", permanent)
    assert smtp.letters == []


def test_no_answer_after_the_letter_is_doubt(smtp: Sink) -> None:
    smtp.mood = Mood.DROP
    assert str(failing(parse_server(smtp.url))) == "doubtful"


def test_a_server_that_hangs_after_the_letter_is_doubt_when_the_time_is_over(smtp: Sink) -> None:
    smtp.mood = Mood.HANG
    assert type(failing(parse_server(smtp.url), timeout=1)) is Doubtful


def test_no_server_is_unreachable() -> None:
    error = failing(here(any_free()))
    assert (type(error), str(error), error.permanent) == (Unreachable, "unreachable", False)


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param([], id="not even a greeting"),
        pytest.param(["220 hi", "250 ok"], id="gone after the greeting"),
        pytest.param(["220 hi", "250 ok", "250 ok", "250 ok"], id="gone before the letter"),
        pytest.param(["220 hi", "250 ok", "421 closing"], id="closing"),
        pytest.param(["220 hi", "250 ok", "what"], id="no SMTP"),
    ],
)
def test_a_line_that_breaks_before_the_letter_is_unreachable(answers: list[str]) -> None:
    with ScriptedServer(answers) as server:
        assert type(failing(here(server.port))) is Unreachable


@pytest.mark.parametrize("answers", [[], ["220 hi", "250 ok", "250 ok"]])
def test_silence_before_the_letter_is_unreachable_when_the_time_is_over(answers: list[str]) -> None:
    with ScriptedServer(answers, silent=True) as server:
        assert type(failing(here(server.port), timeout=0.5)) is Unreachable


@pytest.mark.parametrize("code", [452, 554])
def test_a_letter_refused_after_its_end_was_not_taken(code: int) -> None:
    # One line of the letter is read for each answer, so the verdict comes once its dot has been sent.
    answers = ["220 hi", "250 ok", "250 ok", "250 ok", "354 go on", f"{code} no such thing"]
    with ScriptedServer(answers, silent=True) as server:
        error = failing(here(server.port))
        assert (str(error), error.permanent) == (f"refused {code}", code == 554)


@pytest.mark.parametrize("answers", [["554 not you"], ["220 hi", "250-hi\r\n250 AUTH PLAIN", "535 4.2.1 wrong word"]])
def test_a_refusal_at_the_door_is_not_about_the_letter(answers: list[str]) -> None:
    with ScriptedServer(answers) as server:
        error = failing(here(server.port, user="portal"))
        assert (type(error), error.permanent) == (TurnedAway, False)


def test_a_server_without_starttls_gets_neither_password_nor_letter() -> None:
    with ScriptedServer(["220 hi", "250 hi"]) as server:
        assert type(failing(here(server.port, user="portal", tls=Tls.STARTTLS))) is Unreachable
        assert server.heard == [b"ehlo notes.example\r\n"]


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://127.0.0.1:2525", Server("127.0.0.1", 2525, None, None, Tls.NONE)),
        ("smtp://localhost", Server("localhost", 25, None, None, Tls.NONE)),
        ("smtp://mail.example.org", Server("mail.example.org", 587, None, None, Tls.STARTTLS)),
        ("smtp://u%40x:p%2Fw@mail.example.org:25?tls=starttls", Server("mail.example.org", 25, "u@x", "p/w")),
        ("smtp://mail.example.org:25?tls=none", Server("mail.example.org", 25, None, None, Tls.NONE)),
        ("smtps://u:p@mail.example.org", Server("mail.example.org", 465, "u", "p", Tls.TLS)),
    ],
)
def test_addresses_of_servers_are_read(url: str, server: Server) -> None:
    assert parse_server(url) == server


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("http://mail.example.org", "must look like"),
        ("smtp://", "must look like"),
        ("smtp://mail.example.org:x", "port or a tls value"),
        ("smtp://mail.example.org?tls=perhaps", "port or a tls value"),
        ("smtp://u:p-secret@mail.example.org?tls=none", "in the open"),
    ],
)
def test_addresses_that_would_not_do_are_refused_in_a_sentence(url: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence) as refusal:
        parse_server(url)
    assert "secret" not in str(refusal.value)


def test_a_password_is_not_shown() -> None:
    assert "p/w" not in repr(Server("mail.example.org", 25, "u", "p/w"))
