"""The address of a calendar as somebody typed it: https or webcal, a full name, no port, no password."""

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from portal.domain.slots.calendars import Trouble, Unreadable

PORT = 443
LONGEST = 2000
LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
# RFC 3986's reserved and unreserved characters and the escape sign; all else is escaped.
PLAIN = "!#$%&'()*+,/:;=?@[]~-._"
# Names that only mean something inside a house or a machine (RFC 6761, RFC 6762, RFC 8375, ICANN's .internal).
INSIDE = ("localhost", "local", "internal", "intranet", "lan", "home.arpa", "onion", "test", "invalid")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a calendar is fetched: the host's name in ASCII, and what is asked of it; always by TLS on port 443."""

    host: str
    target: str

    @property
    def text(self) -> str:
        """The address as it is kept."""
        return f"https://{self.host}{self.target}"

    def further(self, location: str) -> "Address":
        """Return where a redirect leads, checked as if it had been typed; raises Unreadable."""
        return address_of(urljoin(self.text, location))


def address_of(typed: str) -> Address:
    """Return the address; raises Unreadable with what is not right about it."""
    typed = typed.strip()
    if not typed or len(typed) > LONGEST or any(ord(sign) <= 32 or ord(sign) == 127 or sign == "\\" for sign in typed):
        raise Unreadable(Trouble.NOT_ADDRESS)
    try:
        parts = urlsplit(typed)
        port = parts.port
    except ValueError:
        raise Unreadable(Trouble.NOT_ADDRESS) from None
    _check_kind(parts)
    if "@" in parts.netloc:
        raise Unreadable(Trouble.PASSWORD)
    if port not in (None, PORT):
        raise Unreadable(Trouble.PORT)
    target = quote(parts.path or "/", safe=PLAIN) + (f"?{quote(parts.query, safe=PLAIN)}" if parts.query else "")
    return Address(_name(parts.hostname or ""), target)


def _check_kind(parts: SplitResult) -> None:
    if parts.scheme in ("https", "webcal", "webcals"):
        if not parts.netloc:
            raise Unreadable(Trouble.NOT_ADDRESS)
        return
    if parts.scheme == "http":
        raise Unreadable(Trouble.NOT_SECURE)
    raise Unreadable(Trouble.OTHER_KIND if parts.scheme else Trouble.NOT_ADDRESS)


def _name(host: str) -> str:
    try:
        name = host.rstrip(".").encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise Unreadable(Trouble.NOT_ADDRESS) from None
    labels = name.split(".")
    if len(name) > 253 or not all(LABEL.fullmatch(label) for label in labels):
        # An address of numbers in brackets is no name either.
        raise Unreadable(Trouble.NO_NAME if ":" in name or not name else Trouble.NOT_ADDRESS)
    # 127.1, 0x7f000001 and 017700000001 are read as numbers by some: no real name ends in a label that begins so.
    if len(labels) < 2 or labels[-1][0].isdigit():
        raise Unreadable(Trouble.NO_NAME)
    if any(name.endswith(f".{inside}") for inside in INSIDE):
        raise Unreadable(Trouble.PRIVATE)
    return name
