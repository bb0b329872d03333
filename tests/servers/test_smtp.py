"""The test's own post office behaves as its moods say."""

import smtplib

import pytest

from tests.servers.smtp import Mood, Sink


def send(sink: Sink, timeout: float = 10) -> None:
    with smtplib.SMTP("127.0.0.1", sink.port, timeout=timeout) as line:
        line.sendmail("hello@portal.example", ["ana@example.org"], b"Subject: Coffee\r\n\r\nTuesday at four.\r\n")


def test_a_friendly_server_keeps_the_letter(smtp: Sink) -> None:
    send(smtp)
    assert [(letter.to, letter.message["Subject"], letter.answered) for letter in smtp.letters] == [
        (("ana@example.org",), "Coffee", True)
    ]


@pytest.mark.parametrize(("mood", "code"), [(Mood.LATER, 450), (Mood.NEVER, 550)])
def test_a_refusal_carries_its_code_and_keeps_nothing(smtp: Sink, mood: Mood, code: int) -> None:
    smtp.mood = mood
    with pytest.raises(smtplib.SMTPRecipientsRefused) as caught:
        send(smtp)
    assert caught.value.recipients["ana@example.org"][0] == code
    assert (smtp.letters, smtp.attempts) == ([], 1)


def test_a_dropped_line_leaves_the_letter_doubtful(smtp: Sink) -> None:
    smtp.mood = Mood.DROP
    with pytest.raises(smtplib.SMTPServerDisconnected):
        send(smtp)
    assert (len(smtp.letters), smtp.accepted) == (1, [])


def test_a_hanging_server_takes_the_letter_and_never_answers(smtp: Sink) -> None:
    smtp.mood = Mood.HANG
    with pytest.raises(smtplib.SMTPServerDisconnected, match="timed out"):
        send(smtp, timeout=0.5)
    assert (len(smtp.letters), smtp.accepted) == (1, [])


def test_a_stopped_server_refuses_connections_and_comes_back_on_its_port(smtp: Sink) -> None:
    smtp.stop()
    with pytest.raises(ConnectionRefusedError):
        send(smtp)
    smtp.start()
    send(smtp)
    assert len(smtp.accepted) == 1
