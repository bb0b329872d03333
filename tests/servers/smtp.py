"""A real SMTP server with moods, which keeps what reaches it."""

import asyncio
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from enum import StrEnum

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.calendars import readers
from tests.servers.ports import any_free


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
    # What it does to some letters only, by their recipient: an answer to RCPT, or the line closed after the letter.
    refuses: dict[str, str] = field(default_factory=dict)
    drops: set[str] = field(default_factory=set)
    # A number of letters after which its mood changes, or after which it ends each line: with 421, or without a word.
    mood_after: tuple[int, Mood] | None = None
    closes_after: int | None = None
    closes_with_a_word: bool = True
    # How late it answers to each letter, and how many lines it keeps at once.
    late_seconds: float = 0.0
    most_lines: int | None = None
    lines: int = 0

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
        self.attempts = self.lines = 0

    async def handle_EHLO(  # noqa: N802
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Let a line in, or turn it away."""
        if self.most_lines is not None and self.lines >= self.most_lines:
            return ["421 4.7.0 too many lines"]
        self.lines += 1
        session.host_name = hostname
        return responses

    async def handle_HELO(self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str) -> str:  # noqa: N802
        """Let nobody in who was turned away."""
        if self.most_lines is not None and self.lines >= self.most_lines:
            return "421 4.7.0 too many lines"
        session.host_name = hostname
        return "250 hello"

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Begin a letter, or end the line."""
        begun = getattr(session, "begun", 0)
        if self.closes_after is not None and begun >= self.closes_after:
            if self.closes_with_a_word or not isinstance(server.transport, asyncio.WriteTransport):
                return "421 4.3.2 closing"
            server.transport.abort()
        session.begun = begun + 1  # type: ignore[attr-defined]
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take or refuse a recipient."""
        self.attempts += 1
        if self.mood_after is not None and len(self.letters) >= self.mood_after[0]:
            self.mood = self.mood_after[1]
        if address in self.refuses:
            return self.refuses[address]
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
        answers = self.mood in (Mood.ACCEPT, Mood.LATER, Mood.NEVER) and self.drops.isdisjoint(envelope.rcpt_tos)
        self.letters.append(Letter(envelope.mail_from or "", tuple(envelope.rcpt_tos), raw, answers))
        drops = self.mood is Mood.DROP or not self.drops.isdisjoint(envelope.rcpt_tos)
        if drops and isinstance(server.transport, asyncio.WriteTransport):
            server.transport.abort()
        if self.mood is Mood.HANG:
            await asyncio.Event().wait()
        await asyncio.sleep(self.late_seconds)  # a slow server is what is tried
        return "250 OK"
