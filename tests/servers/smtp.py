"""A real SMTP server with moods, which keeps what reaches it."""

import asyncio
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from enum import StrEnum

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from portal.launch.ports import any_free
from tests.calendars import readers


class Mood(StrEnum):
    """How the server treats the next letters."""

    ACCEPT = "accept"
    LATER = "450"  # refuses the recipient for now
    NEVER = "550"  # refuses the recipient for good
    DROP = "drop-after-data"  # takes the letter and closes the line without a word
    HANG = "hang"  # takes the letter and never answers


@dataclass(frozen=True)
class Letter:
    """A letter as it came over the wire."""

    sender: str
    to: tuple[str, ...]
    raw: bytes
    answered: bool

    @property
    def message(self) -> EmailMessage:
        """Return the letter parsed."""
        return message_from_bytes(self.raw, policy=policy.default)


@dataclass
class Sink:
    """The server; set `mood` at any time, read `letters` (all that reached DATA) and `accepted`."""

    port: int = field(default_factory=any_free)
    mood: Mood = Mood.ACCEPT
    letters: list[Letter] = field(default_factory=list)
    attempts: int = 0

    def __post_init__(self) -> None:
        self._controller: Controller | None = None
        self.start()

    @property
    def url(self) -> str:
        """Return the address for SMTP_URL."""
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def accepted(self) -> list[Letter]:
        """Return the letters whose sender was told 250."""
        return [letter for letter in self.letters if letter.answered]

    def start(self) -> None:
        """Listen; after `stop` on the same port again."""
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, ready_timeout=10)
        self._controller.start()

    def stop(self) -> None:
        """Listen no more, so that connections are refused."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def reset(self) -> None:
        """Forget all letters and be friendly again."""
        self.mood = Mood.ACCEPT
        self.letters.clear()
        self.attempts = 0

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take or refuse a recipient."""
        self.attempts += 1
        if self.mood is Mood.LATER:
            return "450 4.2.1 try again later"
        if self.mood is Mood.NEVER:
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the letter, then answer as the mood says."""
        content = envelope.content
        raw = content if isinstance(content, bytes) else (content or "").encode()
        readers.collect_from_letter(raw)
        answers = self.mood in (Mood.ACCEPT, Mood.LATER, Mood.NEVER)
        self.letters.append(Letter(envelope.mail_from or "", tuple(envelope.rcpt_tos), raw, answers))
        if self.mood is Mood.DROP and isinstance(server.transport, asyncio.WriteTransport):
            server.transport.abort()
        if self.mood is Mood.HANG:
            await asyncio.Event().wait()
        return "250 OK"
