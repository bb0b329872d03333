"""`inbound`: the small door for what calendars answer by mail, on this machine only, behind a mail server."""

import asyncio
import logging
import signal
import sys
import threading
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import click
from aiosmtpd.controller import Controller
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask

from portal import clock
from portal.app import from_environment
from portal.mail.inbound import LARGEST
from portal.services import booking as services

logger = logging.getLogger(__name__)
# A letter that is larger than any answer is taken and let go; beyond this the mail server is told so while it sends.
TAKEN_AT_MOST = 32 * 1024 * 1024
LONGEST_LINE = 1024 * 1024
MOST_RECIPIENTS = 50
BEAT_SECONDS = 60.0
LOOK_SECONDS = 10.0
LOOKS_A_BEAT = 6
OFF = "INBOUND is not set, so nobody is to listen. docs/answers.md says how."


@click.command()
@click.option("--maildir", type=click.Path(path_type=Path), help="Read what is new in this Maildir once, and end.")
def inbound(maildir: Path | None) -> None:
    """Hear what calendars answer to invitations."""
    app = from_environment()
    if maildir is not None:
        read_maildir(app, maildir)
        _beat(app)
        return
    place = urlsplit(app.extensions["settings"].inbound)
    if not place.scheme:
        click.echo(OFF, err=True)
        sys.exit(2)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if place.scheme == "maildir":
        watch(app, Path(place.path), stop)
    else:
        listen(app, place.scheme, place.hostname or "", place.port or 0, stop)


class Door:
    """Takes every letter with a kind word; only the database being away has the mail server try again."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.one_by_one = asyncio.Lock()

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take every recipient: whose mail comes here is for the mail server to say."""
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 too many recipients"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Hear the letter; LMTP asks for one answer for each recipient (RFC 2033, 4.2)."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        async with self.one_by_one:
            heard = await asyncio.to_thread(hear, self.app, content)
        answer = "250 2.0.0 OK" if heard else "451 4.3.0 please try again later"
        return "\r\n".join([answer] * (len(envelope.rcpt_tos) if isinstance(server, LMTP) else 1))


class Smtp(SMTP):
    """SMTP that also takes lines longer than the standard allows: such a letter holds no answer, and gets none back."""

    line_length_limit = LONGEST_LINE


class Lmtp(LMTP):
    """The same for LMTP."""

    line_length_limit = LONGEST_LINE


class SmtpController(Controller):
    """Opens the door to SMTP."""

    spoken: type[SMTP] = Smtp

    def factory(self) -> SMTP:
        """Return a server for one connection."""
        return self.spoken(self.handler, **self.SMTP_kwargs)


class LmtpController(SmtpController):
    """Opens the door to LMTP."""

    spoken = Lmtp


def hear(app: Flask, raw: bytes) -> bool:
    """Have one letter heard; returns whether that is done, False where it should come again. Logs no more than ids."""
    try:
        with app.app_context():
            heard = services.take_reply(raw, now=clock.now())
    except Exception as error:  # nothing of a foreign letter may reach a log, not even by an error's text
        logger.error("an answer from a calendar stays where it is: %s", type(error).__name__)
        return False
    logger.info("an answer from a calendar: %s, chat %s", heard.what, heard.booking_id)
    return True


def listen(app: Flask, scheme: str, host: str, port: int, stop: threading.Event) -> None:
    """Take letters by LMTP or SMTP until told to stop."""
    kind = LmtpController if scheme == "lmtp" else SmtpController
    door = kind(Door(app), hostname=host, port=port, data_size_limit=TAKEN_AT_MOST, ident="ready")
    door.start()
    try:
        while True:
            _beat(app)
            if stop.wait(BEAT_SECONDS):
                break
    finally:
        door.stop()


def watch(app: Flask, maildir: Path, stop: threading.Event) -> None:
    """Look into a Maildir every few seconds until told to stop."""
    for look in count():
        if look % LOOKS_A_BEAT == 0:
            _beat(app)
        read_maildir(app, maildir)
        if stop.wait(LOOK_SECONDS):
            break


def read_maildir(app: Flask, maildir: Path) -> None:
    """Hear what is new in a Maildir, and mark it as seen; what could not be heard stays new."""
    seen = maildir / "cur"
    for path in sorted((maildir / "new").glob("*")):
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
        if hear(app, raw):
            seen.mkdir(exist_ok=True)
            path.rename(seen / f"{path.name}:2,S")


def _beat(app: Flask) -> None:
    try:
        with app.app_context():
            services.note_listening(now=clock.now())
    except Exception as error:  # the database is away: the door stays open, and letters wait where they are
        logger.error("the door for answers could not say that it is open: %s", type(error).__name__)
