"""Hands letters to an SMTP server (RFC 5321) and says of each with certainty whether it was taken; errors are codes."""

import smtplib
import ssl
import time
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit

from portal.mail.address import bare_address, host_of
from portal.mail.errors import Doubtful, Refused, SendingError, TurnedAway, Unreachable

OK = 250
START_INPUT = 354
DEFAULT_TIMEOUT = 60.0


class Tls(StrEnum):
    """How the line is made private: not at all (this machine only), after a greeting, or from the first byte."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


@dataclass(frozen=True)
class Server:
    """Where letters are handed in."""

    host: str
    port: int
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: Tls = Tls.STARTTLS


def parse_server(url: str) -> Server:
    """Read smtp://user:password@host:port?tls=starttls|none or smtps://…; raises ValueError with a sentence.

    Without `tls` a server on this machine is spoken to plainly and any other by STARTTLS.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        asked = parse_qs(parts.query).get("tls", [""])[-1]
        tls = Tls.TLS if parts.scheme == "smtps" else Tls(asked or (Tls.NONE if _here(host) else Tls.STARTTLS))
    except ValueError:
        raise ValueError("SMTP_URL has a port or a tls value that is not known.") from None
    if parts.scheme not in ("smtp", "smtps") or not host:
        raise ValueError("SMTP_URL must look like smtp://user:password@host:587 or smtps://user:password@host:465.")
    user = unquote(parts.username) if parts.username else None
    if user and tls is Tls.NONE and not _here(host):
        raise ValueError("SMTP_URL would send a password in the open; take out tls=none.")
    usual = {Tls.TLS: 465, Tls.STARTTLS: 587, Tls.NONE: 25}[tls]
    return Server(host, port or usual, user, unquote(parts.password or "") if user else None, tls)


class Line:
    """A line to a server for many letters, one after the other: opened for the first, kept, and opened anew where the
    server has closed it between two. One time limit holds for all steps of a letter; errors are our own."""

    def __init__(self, server: Server, sender: str, seconds: float = DEFAULT_TIMEOUT) -> None:
        """`seconds` are for one letter, with the opening of the line where it needs one; less than the lease."""
        self.server, self.sender, self.seconds = server, bare_address(sender), seconds
        self._smtp: smtplib.SMTP | None = None
        self._until = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def send(self, to: str, raw: bytes) -> None:
        """Hand over `raw` (CRLF lines); back means taken. Raises Refused, Unreachable or Doubtful."""
        self._until = time.monotonic() + self.seconds
        kept = self._smtp is not None
        try:
            self._send(to, raw)
        except Unreachable:
            if not kept:
                raise
            # It was closed since the letter before, which is the server's right: nothing of this one was taken.
            self._send(to, raw)

    def _send(self, to: str, raw: bytes) -> None:
        if self._smtp is None:
            self._open()
        try:
            self._announce(to)
            self._hand_over(raw)
        except Refused:  # of this letter; whoever was turned away has no line
            self._forget_letter()
            raise
        except SendingError:
            self._close()
            raise

    def _open(self) -> None:
        """Connect, make the line private, sign in."""
        try:
            self._connect()
        except smtplib.SMTPResponseException as refusal:
            # Turned away at the door or by a wrong password: ours to mend and not about this letter, so it waits.
            code = refusal.smtp_code
        except (OSError, smtplib.SMTPException, UnicodeError):
            self._close()
            raise Unreachable from None
        except Unreachable:
            self._close()
            raise
        else:
            return
        self._close()
        raise TurnedAway(code)

    def _connect(self) -> None:
        server, seconds, greeting = self.server, self._seconds(), host_of(self.sender)
        if server.tls is Tls.TLS:
            context = ssl.create_default_context()
            self._smtp = smtplib.SMTP_SSL(server.host, server.port, greeting, timeout=seconds, context=context)
        else:
            self._smtp = smtplib.SMTP(server.host, server.port, greeting, timeout=seconds)
        self._in_time().ehlo_or_helo_if_needed()
        if server.tls is Tls.STARTTLS:
            self._in_time().starttls(context=ssl.create_default_context())
            self._in_time().ehlo_or_helo_if_needed()
        if server.user is not None:
            self._in_time().login(server.user, server.password or "")

    def _announce(self, to: str) -> None:
        """Say from whom and to whom, in one breath where the server allows it (RFC 2920)."""
        steps = (
            (f"MAIL FROM:<{self.sender}>", (OK,)),
            (f"RCPT TO:<{bare_address(to)}>", (OK, 251)),
            ("DATA", (START_INPUT,)),
        )
        together = self._in_time().has_extn("pipelining")
        if together:
            self._say("\r\n".join(command for command, _ in steps))
        refusal: SendingError | None = None
        for command, expected in steps:
            if not together:
                self._say(command)
            code = self._answer()
            if code not in expected:
                refusal = refusal or _refusal(code)
                if not together:
                    break
            elif refusal is not None and code == START_INPUT:
                # It waits for a letter nonetheless: only closing the line is sure to give it none.
                self._close()
        if refusal is not None:
            raise refusal

    def _hand_over(self, raw: bytes) -> None:
        """Send the letter and its closing dot; from then on silence is doubt."""
        ending = b"" if raw.endswith(b"\r\n") else b"\r\n"
        dotted = (b"." if raw.startswith(b".") else b"") + raw.replace(b"\n.", b"\n..")
        self._send_bytes(dotted + ending + b".\r\n")
        try:
            code = self._answer()
        except Unreachable:
            raise Doubtful from None
        if not OK <= code < 300:
            raise _refusal(code)

    def _forget_letter(self) -> None:
        """After a refusal the server still holds what was said of this letter."""
        if self._smtp is None:
            return
        try:
            self._say("RSET")
            if self._answer() != OK:
                self._close()
        except Unreachable:
            self._close()

    def _close(self) -> None:
        """Let go without waiting for a farewell: the answer to each letter is already known."""
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None

    def _say(self, command: str) -> None:
        self._send_bytes(f"{command}\r\n".encode("ascii"))

    def _send_bytes(self, content: bytes) -> None:
        smtp = self._in_time()
        try:
            smtp.send(content)
        except (OSError, smtplib.SMTPException):
            raise Unreachable from None

    def _answer(self) -> int:
        smtp = self._in_time()
        try:
            code, _ = smtp.getreply()
        except (OSError, smtplib.SMTPException):
            raise Unreachable from None
        return code

    def _in_time(self) -> smtplib.SMTP:
        if self._smtp is None or self._smtp.sock is None:
            raise Unreachable
        self._smtp.sock.settimeout(self._seconds())
        return self._smtp

    def _seconds(self) -> float:
        left = self._until - time.monotonic()
        if left <= 0:
            raise Unreachable
        return left


def _refusal(code: int) -> Refused | Unreachable:
    # 421 is "I am closing" and -1 no SMTP at all: neither is about this letter.
    return Unreachable() if code in (-1, 421) else Refused(code, permanent=500 <= code < 600)


def _here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
