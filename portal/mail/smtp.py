"""Hands one letter to an SMTP server (RFC 5321) and says with certainty whether it was taken; errors are codes only."""

import re
import smtplib
import ssl
import time
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import parse_qs, unquote, urlsplit

from portal.mail.address import bare_address, host_of
from portal.mail.errors import Doubtful, Refused, Unreachable

OK = 250
START_INPUT = 354
DEFAULT_TIMEOUT = 60.0
_LINE_START_DOT = re.compile(rb"(?m)^\.")


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


def send(server: Server, sender: str, to: str, raw: bytes, timeout: float = DEFAULT_TIMEOUT) -> None:
    """Hand over `raw` (CRLF lines); back means taken. `timeout` seconds are for all of it, and less than the lease.

    Raises Refused, Unreachable or Doubtful.
    """
    until = time.monotonic() + timeout
    line = _Line(server, until, host_of(bare_address(sender)))
    try:
        line.open()
        line.say(f"MAIL FROM:<{bare_address(sender)}>", OK)
        line.say(f"RCPT TO:<{bare_address(to)}>", OK, 251)
        line.say("DATA", START_INPUT)
        line.hand_over(raw)
    finally:
        line.close()


class _Line:
    """One connection whose every step shares one time limit and ends in our own errors."""

    def __init__(self, server: Server, until: float, greeting: str) -> None:
        self.server, self.until, self.greeting = server, until, greeting
        self.smtp: smtplib.SMTP | None = None

    def open(self) -> None:
        """Connect, make the line private, sign in."""
        try:
            self._connect()
        except smtplib.SMTPResponseException as refusal:
            # Turned away at the door or by a wrong password: ours to mend and not about this letter, so it waits.
            code = refusal.smtp_code
        except (OSError, smtplib.SMTPException, UnicodeError):
            raise Unreachable from None
        else:
            return
        raise Refused(code, permanent=False)

    def say(self, command: str, *expected: int) -> None:
        """Send one command; any answer but the expected is a refusal."""
        smtp = self._in_time()
        try:
            code, _ = smtp.docmd(command)
        except (OSError, smtplib.SMTPException):
            raise Unreachable from None
        if code not in expected:
            raise _refusal(code)

    def hand_over(self, raw: bytes) -> None:
        """Send the letter and its closing dot; from then on silence is doubt."""
        smtp = self._in_time()
        ending = b"" if raw.endswith(b"\r\n") else b"\r\n"
        try:
            smtp.send(_LINE_START_DOT.sub(b"..", raw) + ending + b".\r\n")
        except (OSError, smtplib.SMTPException):
            raise Unreachable from None
        try:
            code, _ = self._in_time().getreply()
        except (OSError, smtplib.SMTPException, Unreachable):
            raise Doubtful from None
        if not OK <= code < 300:
            raise _refusal(code)

    def close(self) -> None:
        """Let go without waiting for a farewell: the answer to the letter is already known."""
        if self.smtp is not None:
            self.smtp.close()

    def _connect(self) -> None:
        server, seconds = self.server, self._seconds()
        if server.tls is Tls.TLS:
            context = ssl.create_default_context()
            self.smtp = smtplib.SMTP_SSL(server.host, server.port, self.greeting, timeout=seconds, context=context)
        else:
            self.smtp = smtplib.SMTP(server.host, server.port, self.greeting, timeout=seconds)
        self._in_time().ehlo_or_helo_if_needed()
        if server.tls is Tls.STARTTLS:
            self._in_time().starttls(context=ssl.create_default_context())
            self._in_time().ehlo_or_helo_if_needed()
        if server.user is not None:
            self._in_time().login(server.user, server.password or "")

    def _in_time(self) -> smtplib.SMTP:
        if self.smtp is None or self.smtp.sock is None:
            raise Unreachable
        self.smtp.sock.settimeout(self._seconds())
        return self.smtp

    def _seconds(self) -> float:
        left = self.until - time.monotonic()
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
