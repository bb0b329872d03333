"""A letter as MIME bytes (RFC 6047; letters.md, Invitations rule 4): same letter, id and date give the same bytes."""

import hashlib
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from uuid import UUID

from portal.domain.notice import one_line
from portal.mail.address import bare_address, host_of
from portal.mail.letter import Letter


class _WholeLines(EmailPolicy):
    """Ids and addresses stay on one line: folded, they come out as encoded words that no receiver reads."""

    def fold_binary(self, name: str, value: str) -> bytes:
        if name in ("Message-ID", "List-Unsubscribe"):
            return f"{name}: {value}\r\n".encode("ascii")
        return super().fold_binary(name, value)


def message_id(uid: UUID, sender: str) -> str:
    """A Message-ID that tells no more than the sender's address does: never this machine's name."""
    return f"<{uid}@{host_of(bare_address(sender))}>"


def compose(
    letter: Letter, to: str, sender: str, message_id: str, date: datetime, list_unsubscribe: str | None = None
) -> bytes:
    """Return the bytes; `list_unsubscribe` is the address of RFC 8058, for reminders; ValueError: bad mailbox."""
    message = EmailMessage(policy=_WholeLines(linesep="\r\n"))
    message["From"] = Address(addr_spec=bare_address(sender))
    message["To"] = Address(addr_spec=bare_address(to))
    message["Subject"] = one_line(letter.subject)
    message["Date"] = format_datetime(date)
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    if list_unsubscribe is not None:
        message["List-Unsubscribe"] = f"<{one_line(list_unsubscribe)}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    _fill(message, letter)
    for depth, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary(hashlib.sha256(f"{message_id} {depth}".encode()).hexdigest()[:40])
    return message.as_bytes()


def _fill(message: EmailMessage, letter: Letter) -> None:
    message.set_content(letter.text, cte="quoted-printable")
    message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    if letter.calendar is None or letter.calendar_method is None:
        return
    message.add_alternative(
        letter.calendar.decode("utf-8"),
        subtype="calendar",
        cte="base64",
        params={"method": letter.calendar_method, "component": "VEVENT"},
    )
    message.add_attachment(letter.calendar, maintype="application", subtype="ics", filename="invite.ics")
