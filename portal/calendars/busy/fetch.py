"""Fetching a calendar: resolve, check, connect to the very address that was checked, and never wait past a deadline."""

import socket
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.client import HTTPException, IncompleteRead
from threading import Thread

from portal.calendars.busy.address import PORT, Address
from portal.calendars.busy.answer import Answer, ask
from portal.calendars.busy.deadline import Deadline
from portal.domain.egress import may_go_to
from portal.domain.slots.calendars import Trouble, Unreadable

CONNECT_SECONDS = 5.0
WHOLE_SECONDS = 10.0
MOST_REDIRECTS = 3
MOST_TRIED = 4
REDIRECTS = frozenset({301, 302, 303, 307, 308})
OF_STATUS = {401: Trouble.SIGN_IN, 403: Trouble.SIGN_IN, 404: Trouble.GONE, 410: Trouble.GONE, 429: Trouble.AWAY}

Resolver = Callable[[str], Sequence[str]]
Connector = Callable[[str, float], socket.socket]


@dataclass(frozen=True, slots=True)
class Fetched:
    """A calendar's bytes, or None where it has not changed, with what to ask by the next time."""

    body: bytes | None
    etag: str | None = None
    last_modified: str | None = None


def resolve(host: str) -> Sequence[str]:
    """Return every address of a name, as the machine's resolver gives them."""
    found = socket.getaddrinfo(host, PORT, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def connect(address: str, seconds: float) -> socket.socket:
    """Open a connection to an address that was checked; nothing is resolved any more."""
    return socket.create_connection((address, PORT), timeout=seconds)


@dataclass(frozen=True)
class Fetcher:
    """Fetches calendars; resolver, connector and trust can be changed, the rules about addresses cannot."""

    resolve: Resolver = resolve
    connect: Connector = connect
    trust: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    connect_seconds: float = CONNECT_SECONDS
    whole_seconds: float = WHOLE_SECONDS

    def fetch(self, address: Address, etag: str | None = None, last_modified: str | None = None) -> Fetched:
        """Return what stands at an address; raises Unreadable with a code, never with foreign text."""
        deadline = Deadline(self.whole_seconds)
        try:
            for _ in range(MOST_REDIRECTS + 1):
                answer = self._ask(address, etag, last_modified, deadline)
                if answer.status not in REDIRECTS:
                    return _fetched(answer, etag, last_modified)
                address = _further(address, answer)
        except TimeoutError:
            raise Unreadable(Trouble.SLOW) from None
        except ssl.SSLCertVerificationError:
            raise Unreadable(Trouble.NOT_TRUSTED) from None
        except IncompleteRead:
            raise Unreadable(Trouble.CUT_SHORT) from None
        except OSError:
            raise Unreadable(Trouble.AWAY) from None
        except (HTTPException, ValueError):
            raise Unreadable(Trouble.ODD) from None
        raise Unreadable(Trouble.WANDERS)

    def _ask(self, address: Address, etag: str | None, last_modified: str | None, deadline: Deadline) -> Answer:
        with self._connected(self._checked(address.host, deadline), deadline) as line:
            line.settimeout(deadline.left())
            with self.trust.wrap_socket(line, server_hostname=address.host) as private:
                return ask(private, address, etag, last_modified, deadline)

    def _checked(self, host: str, deadline: Deadline) -> Sequence[str]:
        found = _in_time(lambda: self.resolve(host), min(self.connect_seconds, deadline.left()))
        if not found:
            raise Unreadable(Trouble.UNKNOWN)
        # One closed address among open ones is a trap, not a choice.
        if not all(may_go_to(each) for each in found):
            raise Unreadable(Trouble.PRIVATE)
        return found[:MOST_TRIED]

    def _connected(self, addresses: Sequence[str], deadline: Deadline) -> socket.socket:
        until = Deadline(min(self.connect_seconds, deadline.left()))
        for each in addresses[:-1]:
            try:
                return self.connect(each, until.left() / 2)
            except OSError:
                continue
        return self.connect(addresses[-1], until.left())


def _fetched(answer: Answer, etag: str | None, last_modified: str | None) -> Fetched:
    if answer.status == 304 and (etag or last_modified):
        return Fetched(None, etag, last_modified)
    if answer.status == 200:
        return Fetched(answer.body, answer.etag, answer.last_modified)
    raise Unreadable(OF_STATUS.get(answer.status, Trouble.AWAY if answer.status >= 500 else Trouble.ODD))


def _further(address: Address, answer: Answer) -> Address:
    try:
        return address.further(answer.location)
    except Unreadable:
        raise Unreadable(Trouble.WANDERS) from None


def _in_time(resolved: Callable[[], Sequence[str]], seconds: float) -> Sequence[str]:
    """Wait so long for the resolver, which takes no limit of its own; an answer that comes later is let go."""
    found: list[Sequence[str]] = []

    def look() -> None:
        try:
            found.append(resolved())
        except (OSError, UnicodeError):
            found.append(())

    thread = Thread(target=look, daemon=True)
    thread.start()
    thread.join(seconds)
    if not found:
        raise TimeoutError
    return found[0]
