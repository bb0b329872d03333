"""Letters that come in: one sender, one calendar part, and nothing in any other letter."""

import time
from datetime import datetime
from email.message import EmailMessage

import pytest

from portal.mail.inbound import LARGEST, Answered, NothingInIt, answered
from tests.calendars.replies import answer, letter

ANA = "ana@example.org"


def test_an_answer_is_the_sender_and_the_calendar_part(now: datetime) -> None:
    ics = answer(now)
    assert answered(letter(ics).as_bytes()) == Answered(ANA, ics.replace(b"\r\n", b"\n"))


def test_neither_shows_in_a_log(now: datetime) -> None:
    assert repr(answered(letter(answer(now)).as_bytes())) == "Answered()"


@pytest.mark.parametrize(
    ("line", "address"),
    [
        (ANA, ANA),
        ("<ana@example.org>", ANA),
        ('"Ana @ home, 2" <ana@example.org>', ANA),
        ('"Ana \\"A\\" (she)" <ana@example.org>', ANA),
        ("=?utf-8?q?Ana_=3Cben=40example=2Eorg=3E?= <ana@example.org>", ANA),
        ("Ana\r\n <ana@example.org>", ANA),
    ],
)
def test_a_sender_may_have_a_name(now: datetime, line: str, address: str) -> None:
    assert answered(with_sender(line, now)).sender == address


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Ana",
        "ana@example.org, ben@example.org",
        "<ana@example.org> <ben@example.org>",
        '"<ana@example.org>" <ben@example.org>',
        "ana@example.org(<ben@example.org>",
        "<ana@example.org>ben@example.org",
        "friends:ana@example.org;",
        "ana@example.org\r\nFrom: ben@example.org",
    ],
)
def test_who_sends_as_two_people_or_as_nobody_has_sent_nothing(now: datetime, line: str) -> None:
    with pytest.raises(NothingInIt):
        answered(with_sender(line, now))


def with_sender(line: str, now: datetime) -> bytes:
    raw = letter(answer(now)).as_bytes()
    return raw.replace(b"From: Ana <ana@example.org>", b"From: " + line.encode(), 1)


def plain(now: datetime) -> EmailMessage:
    message = EmailMessage()
    message["From"] = ANA
    message.set_content("METHOD:REPLY\n" + answer(now).decode())
    return message


def forwarded(now: datetime) -> EmailMessage:
    message = EmailMessage()
    message["From"] = ANA
    message.set_content("See below.")
    message.add_attachment(letter(answer(now)))
    return message


def two(now: datetime) -> EmailMessage:
    message = letter(answer(now))
    message.add_attachment(answer(now, partstat="DECLINED"), maintype="text", subtype="calendar")
    return message


def of_charset(charset: str, now: datetime) -> bytes:
    return letter(answer(now)).as_bytes().replace(b'charset="utf-8"; method', f'charset="{charset}"; method'.encode())


def nested(now: datetime, depth: int) -> bytes:
    body = letter(answer(now)).as_bytes().partition(b"\n\n")[2]
    for level in range(depth):
        edge = f"b{level}".encode()
        body = b'Content-Type: multipart/mixed; boundary="' + edge + b'"\n\n--' + edge + b"\n" + body + b"\n"
        body += b"--" + edge + b"--\n"
    return b"From: ana@example.org\nMIME-Version: 1.0\n" + body


def test_one_calendar_part_that_stands_there_twice_is_one(now: datetime) -> None:
    message = letter(answer(now))
    message.add_attachment(answer(now), maintype="text", subtype="calendar")
    assert answered(message.as_bytes()).sender == ANA


def test_other_letters_hold_nothing(now: datetime) -> None:
    ics = answer(now)
    letters = {
        "words only": plain(now).as_bytes(),
        "forwarded": forwarded(now).as_bytes(),
        "two that differ": two(now).as_bytes(),
        "called a request": letter(ics, method="REQUEST").as_bytes(),
        "another charset": of_charset("utf-16", now),
        "no charset at all": of_charset("no-such-charset", now),
        "a charset in parts": of_charset("x", now).replace(b'charset="x"', b"charset*=utf-8''%FF"),
        "nothing": b"",
        "no head": b"\r\n\r\n",
        "no text": b"\x00\xff" * 500,
        "five deep": nested(now, 5),
        "very deep": nested(now, 2000),
        "letters in letters": b"From: ana@example.org\n" + b"Content-Type: message/rfc822\n\n" * 3000,
        "huge": letter(ics).as_bytes() + b"x" * LARGEST,
        "many parts": many_parts(now),
    }
    begun = time.perf_counter()
    for raw in letters.values():
        with pytest.raises(NothingInIt) as nothing:
            answered(raw)
        assert (str(nothing.value), nothing.value.__cause__) == ("", None)
    assert time.perf_counter() - begun < 3.0


def many_parts(now: datetime) -> bytes:
    message = letter(answer(now))
    for number in range(100):
        message.add_attachment(f"{number}", subtype="plain")
    return message.as_bytes()
