"""Letters as MIME: the parts and headers of letters.md, the same bytes each time."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from uuid import UUID

import pytest

from portal.domain.account import Discretion
from portal.mail.address import bare_address
from portal.mail.compose import compose, message_id
from portal.mail.letter import Letter
from portal.mail.specimens import every_letter

DATE = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
ICS = b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Caf\xc3\xa9\r\n folded\r\nEND:VCALENDAR\r\n"
PLAIN = Letter("Your coffee chat, Tue 4 pm", "Tèxt\n.dot\n", "<p>Tèxt</p>\n")
INVITING = Letter(PLAIN.subject, PLAIN.text, PLAIN.html, ICS, "REQUEST")
ID = "<00000000-0000-0000-0000-000000000005@notes.example>"
TO, SENDER = "ana@example.org", "hello@notes.example"


def raw(letter: Letter, list_unsubscribe: str | None = None) -> bytes:
    return compose(letter, TO, SENDER, ID, DATE, list_unsubscribe)


def parsed(content: bytes) -> EmailMessage:
    return message_from_bytes(content, policy=policy.default)


def shape(part: MIMEPart) -> object:
    if not part.is_multipart():
        return part.get_content_type()
    return part.get_content_type(), [shape(inner) for inner in part.iter_parts()]


def test_the_headers_are_these() -> None:
    headers = [(name, value) for name, value in parsed(raw(PLAIN)).items() if name != "Content-Type"]
    assert headers == [
        ("From", "hello@notes.example"),
        ("To", "ana@example.org"),
        ("Subject", "Your coffee chat, Tue 4 pm"),
        ("Date", "Sun, 01 Mar 2026 08:00:00 +0000"),
        ("Message-ID", ID),
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "All"),
        ("MIME-Version", "1.0"),
    ]


def test_a_reminder_says_how_to_stop_in_one_unbroken_line() -> None:
    address = "https://portal.example/letters/stop/" + "x" * 90
    content = raw(PLAIN, address)
    assert f"\r\nList-Unsubscribe: <{address}>\r\n".encode() in content
    assert parsed(content)["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_an_invitation_is_mixed_of_alternatives_and_an_attachment() -> None:
    message = parsed(raw(INVITING))
    assert shape(message) == (
        "multipart/mixed",
        [("multipart/alternative", ["text/plain", "text/html", "text/calendar"]), "application/ics"],
    )
    calendar = next(part for part in message.walk() if part.get_content_type() == "text/calendar")
    attached = next(message.iter_attachments())
    assert dict(calendar["Content-Type"].params) == {"method": "REQUEST", "charset": "utf-8", "component": "VEVENT"}
    assert calendar["Content-Disposition"] is None
    assert attached["Content-Disposition"] == 'attachment; filename="invite.ics"'
    assert [part.get_payload(decode=True) for part in (calendar, attached)] == [ICS, ICS]


def test_a_letter_without_calendar_is_text_and_html() -> None:
    message = parsed(raw(PLAIN))
    assert shape(message) == ("multipart/alternative", ["text/plain", "text/html"])
    plain, html = (part.get_content().replace("\r\n", "\n") for part in message.iter_parts())
    assert (plain, html) == (PLAIN.text, PLAIN.html)


def test_the_same_letter_gives_the_same_bytes() -> None:
    assert raw(INVITING) == raw(INVITING)


def test_every_line_travels_by_the_oldest_of_servers() -> None:
    lines = raw(INVITING).split(b"\r\n")
    assert all(line.isascii() and b"\n" not in line and b"\r" not in line for line in lines)
    assert max(len(line) for line in lines) <= 998


def test_headers_tell_nothing_of_what_letters_are_about() -> None:
    telling = ("maya", "peer", "member", "recover", "someone", "gets it", "portal")
    for discretion in (Discretion.DISCREET, Discretion.DOT):
        for letter in every_letter(discretion).values():
            head = raw(letter).partition(b"\r\n\r\n")[0].decode("ascii").lower()
            assert [word for word in telling if word in head] == []


def test_a_subject_stays_one_header() -> None:
    message = parsed(raw(Letter("Kawa z Żółw\r\nBcc: x@example.org", "t", "h")))
    assert message["Subject"] == "Kawa z Żółw Bcc: x@example.org"
    assert message["Bcc"] is None


def test_a_message_id_has_the_host_of_the_sender() -> None:
    assert message_id(UUID(int=5), f"Notes <{SENDER}>") == ID


def test_hosts_are_written_in_ascii() -> None:
    assert bare_address("ana@exämple.org") == "ana@xn--exmple-cua.org"


@pytest.mark.parametrize(
    "typed", ["", "ana", "@example.org", "ana@", "a na@example.org", "a..b@example.org", "żółw@example.org", "a@-.org"]
)
def test_what_is_no_mailbox_is_refused_without_being_repeated(typed: str) -> None:
    with pytest.raises(ValueError, match=r"^not a mailbox$"):
        bare_address(typed)
