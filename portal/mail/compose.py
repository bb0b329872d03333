"""A letter as MIME bytes (RFC 6047; letters.md, Invitations rule 4): same letter, id and date give the same bytes.

The few shapes that letters have are put together by hand, from the library's own encodings: its message objects and
their generator take longer for a letter than everything else together, the talk with the server included.
"""

import hashlib
from base64 import encodebytes
from binascii import b2a_qp
from datetime import datetime
from email.header import Header
from email.utils import format_datetime
from uuid import UUID

from portal.domain.notice import one_line
from portal.mail.address import bare_address, host_of
from portal.mail.letter import Letter

LONGEST_PLAIN_SUBJECT = 66
TEXT = 'Content-Type: text/{}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
CALENDAR = (
    'Content-Type: text/calendar; charset="utf-8"; method="{}";\r\n component="VEVENT"\r\n'
    "Content-Transfer-Encoding: base64\r\n\r\n"
)
ATTACHED = (
    "Content-Type: application/ics\r\nContent-Transfer-Encoding: base64\r\n"
    'Content-Disposition: attachment; filename="invite.ics"\r\n\r\n'
)


def message_id(uid: UUID, sender: str) -> str:
    """A Message-ID that tells no more than the sender's address does: never this machine's name."""
    return f"<{uid}@{host_of(bare_address(sender))}>"


def compose(
    letter: Letter, to: str, sender: str, message_id: str, date: datetime, list_unsubscribe: str | None = None
) -> bytes:
    """Return the bytes; `list_unsubscribe` is the address of RFC 8058, for reminders; ValueError: bad mailbox."""
    head = [
        f"From: {bare_address(sender)}",
        f"To: {bare_address(to)}",
        f"Subject: {_subject(one_line(letter.subject))}",
        f"Date: {format_datetime(date)}",
        f"Message-ID: {message_id}",
        "Auto-Submitted: auto-generated",
        "X-Auto-Response-Suppress: All",
    ]
    if list_unsubscribe is not None:
        # On one line however long: folded, no receiver reads it.
        head.append(f"List-Unsubscribe: <{one_line(list_unsubscribe)}>")
        head.append("List-Unsubscribe-Post: List-Unsubscribe=One-Click")
    return "\r\n".join([*head, "MIME-Version: 1.0", _body(letter, message_id)]).encode("ascii")


def _body(letter: Letter, message_id: str) -> str:
    forms = [TEXT.format("plain") + _quoted(letter.text), TEXT.format("html") + _quoted(letter.html)]
    if letter.calendar is None or letter.calendar_method is None:
        return _multipart("alternative", forms, message_id, 0)
    calendar = encodebytes(letter.calendar).decode("ascii").replace("\n", "\r\n")
    forms.append(CALENDAR.format(letter.calendar_method) + calendar)
    return _multipart("mixed", [_multipart("alternative", forms, message_id, 1), ATTACHED + calendar], message_id, 0)


def _multipart(kind: str, parts: list[str], message_id: str, depth: int) -> str:
    boundary = hashlib.sha256(f"{message_id} {depth}".encode()).hexdigest()[:40]
    inner = "".join(f"--{boundary}\r\n{part}\r\n" for part in parts)
    return f'Content-Type: multipart/{kind};\r\n boundary="{boundary}"\r\n\r\n{inner}--{boundary}--\r\n'


def _quoted(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n") + "\n"
    return b2a_qp(lines.encode()).decode("ascii").replace("\n", "\r\n")


def _subject(subject: str) -> str:
    # What only looks like an encoded word must not be read as one.
    if subject.isascii() and len(subject) <= LONGEST_PLAIN_SUBJECT and "=?" not in subject:
        return subject
    return Header(subject, "utf-8", header_name="Subject").encode(linesep="\r\n")
