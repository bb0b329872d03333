"""The local mailbox of a demonstration: what was sent, as anybody's mail program would show it."""

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from mailbox import Maildir
from pathlib import Path

from flask import Response, current_app, make_response, render_template

from portal.domain.errors import NotFound
from portal.web.demo.blueprint import blueprint
from portal.web.doors import demo
from portal.web.times import when_words

SHOWN = 100


@dataclass(frozen=True)
class Letter:
    """One letter as it was sent."""

    key: str
    to: str
    subject: str
    sent: str
    text: str
    invitation: bytes | None


@blueprint.get("/demo/mailbox")
@demo
def mailbox() -> str:
    """Show what the local post office has kept, newest first."""
    box = _box()
    found = [] if box is None else [(key, _message(box, key)) for key in box.iterkeys()]
    found.sort(key=lambda pair: _sent(pair[1]), reverse=True)
    shown = [_letter(key, message) for key, message in found[:SHOWN]]
    return render_template("demo/mailbox.html", set_up=bool(current_app.config["DEMO_MAILBOX"]), letters=shown)


@blueprint.get("/demo/mailbox/<key>")
@demo
def mail(key: str) -> str:
    """Show one letter's plain text."""
    return render_template("demo/mail.html", letter=_kept(key))


@blueprint.get("/demo/mailbox/<key>/invitation.ics")
@demo
def invitation(key: str) -> Response:
    """Hand out the calendar entry of a letter."""
    entry = _kept(key).invitation
    if entry is None:
        raise NotFound
    response = make_response(entry)
    response.headers["Content-Type"] = "text/calendar; charset=utf-8"
    response.headers["Content-Disposition"] = 'attachment; filename="invitation.ics"'
    return response


def _box() -> Maildir | None:
    folder: Path | None = current_app.config["DEMO_MAILBOX"]
    return Maildir(folder, create=False) if folder is not None and (folder / "new").is_dir() else None


def _kept(key: str) -> Letter:
    box = _box()
    if box is None or key not in box:
        raise NotFound
    return _letter(key, _message(box, key))


def _message(box: Maildir, key: str) -> EmailMessage:
    return message_from_bytes(box.get_bytes(key), policy=policy.default)


def _sent(message: EmailMessage) -> datetime:
    return parsedate_to_datetime(str(message["Date"]))


def _letter(key: str, message: EmailMessage) -> Letter:
    body = message.get_body(("plain",))
    entries = [part.get_content() for part in message.iter_attachments() if part.get_content_subtype() == "ics"]
    return Letter(
        key=key,
        to=str(message["To"]),
        subject=str(message["Subject"]),
        sent=when_words(_sent(message), "UTC"),
        text=body.get_content() if body is not None else "",
        invitation=entries[0] if entries else None,
    )
