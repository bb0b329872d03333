"""By a sign on a device (RFC 8030): sealed for that device (RFC 8291), signed with the site's key (RFC 8292).

The library is large (a second once it has been asked), so it is loaded when a sign is first sent.
"""

import json
import socket
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from functools import cache
from importlib import import_module
from threading import Thread
from types import TracebackType
from typing import Any, Self
from urllib.parse import SplitResult, urlsplit

from portal.domain.egress import may_go_to
from portal.domain.notice import Channel
from portal.mail.errors import Doubtful, Refused, SendingError, Unreachable

PORT = 443
ONE_SECONDS = 10.0
WHOLE_SECONDS = 30.0
# A sign that a device could not be given for a day has passed.
LIFE_SECONDS = 24 * 3600
# Well inside the day that a signature may be good for, also where two clocks differ.
SIGNED_FOR_SECONDS = 12 * 3600
TAKEN = frozenset({200, 201, 202, 204})
GONE = frozenset({404, 410})
# The server does not know the site by its signature (RFC 8292, 4.2): a device asked by another key, or the site's own
# settings are wrong. Every device would say so at once, so none is let go for it.
NOT_OURS = frozenset({401, 403})
NOT_NOW = frozenset({429})
LONGEST_LINE = 1024
LONGEST_HEAD = 8192
LONGEST_NUMBER = 6

Resolver = Callable[[str], Sequence[str]]
Connector = Callable[[str, float], socket.socket]


def resolve(host: str) -> Sequence[str]:
    """Return every address of a name, as the machine's resolver gives them."""
    return [str(entry[4][0]) for entry in socket.getaddrinfo(host, PORT, type=socket.SOCK_STREAM)]


def connect(address: str, seconds: float) -> socket.socket:
    """Open a connection to an address that was checked; nothing is resolved any more."""
    return socket.create_connection((address, PORT), timeout=seconds)


@dataclass(frozen=True)
class Push:
    """The site's key (32 bytes in base64url) and whom to write to about it; how to connect can be changed for tests,
    the rules about addresses cannot."""

    key: str = field(repr=False)
    contact: str
    resolve: Resolver = resolve
    connect: Connector = connect
    trust: ssl.SSLContext = field(default_factory=ssl.create_default_context, repr=False)
    seconds: float = ONE_SECONDS
    channel: Channel = Channel.PUSH

    def line(self) -> "PushLine":
        """Return a line for one sign after the other."""
        return PushLine(self)

    @property
    def public_key(self) -> str:
        """What a browser needs to ask for signs of this site."""
        vapid = _library("py_vapid")
        serialization = _library("cryptography.hazmat.primitives.serialization")
        point = vapid.Vapid.from_string(self.key).public_key.public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        return str(_library("py_vapid.utils").b64urlencode(point))


class PushLine:
    """Hands a sign to each of somebody's devices; `wrapped` makes it, `addressed` says to whom."""

    def __init__(self, way: Push) -> None:
        self._way = way

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """There is nothing to close: each device has a server of its own."""

    def send(self, to: str, raw: bytes) -> str | None:
        """Hand over one sign; back means that one device's server took it at least. Returns which did, and which are
        gone, for `told`."""
        until = time.monotonic() + WHOLE_SECONDS
        signs, devices, took, gone = json.loads(raw), json.loads(to), [], []
        troubles: list[SendingError] = []
        for device in devices:
            try:
                status, wait = self._ask(device, signs, min(self._way.seconds, _left(until)))
            except Doubtful as doubt:
                troubles.append(doubt)
            except (OSError, ValueError):  # away, slow, not trusted, or not of the open internet
                troubles.append(Unreachable())
            else:
                if status in TAKEN:
                    took.append(device["id"])
                elif status in GONE:
                    gone.append(device["id"])
                else:
                    troubles.append(_trouble(status, wait))
        if took:
            return json.dumps({"took": took, "gone": gone})
        trouble = min(troubles, key=_hope, default=Refused(410, permanent=True))
        trouble.wait_seconds, trouble.gone = max((each.wait_seconds for each in troubles), default=0), tuple(gone)
        raise trouble

    def _ask(self, device: dict[str, Any], signs: dict[str, Any], seconds: float) -> tuple[int, int]:
        until = time.monotonic() + seconds
        place = urlsplit(device["endpoint"])
        body, headers = self._sealed(device, signs, place)
        target = f"{place.path or '/'}{'?' if place.query else ''}{place.query}"
        told = [f"POST {target} HTTP/1.1", f"Host: {place.hostname}", *(f"{name}: {headers[name]}" for name in headers)]
        question = "\r\n".join([*told, f"Content-Length: {len(body)}", "Connection: close", "", ""])
        with self._connected(place.hostname or "", until) as line:
            line.settimeout(_left(until))
            with self._way.trust.wrap_socket(line, server_hostname=place.hostname) as private:
                private.sendall(question.encode("ascii") + body)
                try:
                    return _answer(private, until)
                except (OSError, ValueError):  # the whole sign is there: it is not sent again and again
                    raise Doubtful from None

    def _connected(self, host: str, until: float) -> socket.socket:
        found = _in_time(lambda: self._way.resolve(host), _left(until) / 2)
        # One closed address among open ones is a trap, not a choice.
        if not found or not all(may_go_to(address) for address in found):
            raise OSError("not of the open internet")
        return self._way.connect(found[0], _left(until) / 2)

    def _sealed(
        self, device: dict[str, Any], signs: dict[str, Any], place: SplitResult
    ) -> tuple[bytes, dict[str, str]]:
        if place.scheme != "https" or place.port not in (None, PORT):
            raise ValueError("not an address that signs go to")
        keys = {"p256dh": device["p256dh"], "auth": device["auth"]}
        sign = json.dumps(signs.get(device["discretion"]) or signs["dot"], ensure_ascii=False).encode()
        pusher = _library("pywebpush").WebPusher({"endpoint": device["endpoint"], "keys": keys})
        claims = {
            "sub": f"mailto:{self._way.contact}",
            "aud": f"https://{place.hostname}",
            "exp": int(time.time()) + SIGNED_FOR_SECONDS,
        }
        headers = {
            **_library("py_vapid").Vapid02.from_string(self._way.key).sign(claims),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(LIFE_SECONDS),
            "Urgency": "normal",
        }
        return bytes(pusher.encode(sign)["body"]), headers


def addressed(devices: Sequence[dict[str, Any]]) -> str:
    """Return where a sign goes: each device's id, endpoint, keys (p256dh, auth) and discretion."""
    return json.dumps(list(devices))


def wrapped(signs: dict[str, dict[str, str]]) -> bytes:
    """Return a sign as it is kept for every repeat, by discretion; "dot" must be among them."""
    return json.dumps(signs, ensure_ascii=False).encode()


def told(receipt: str) -> tuple[list[int], list[int]]:
    """Return the ids of the devices whose server took a sign, and of those that are gone."""
    found = json.loads(receipt)
    return found["took"], found["gone"]


def _trouble(status: int, wait: int) -> SendingError:
    if status < 500 and status not in NOT_NOW:
        return Refused(status, permanent=True)
    trouble = Unreachable()
    trouble.wait_seconds = wait
    return trouble


def _hope(trouble: SendingError) -> int:
    """What one device may have had comes before what another may still get, and that before what none will."""
    return 0 if isinstance(trouble, Doubtful) else 2 if trouble.permanent else 1


def _answer(line: ssl.SSLSocket, until: float) -> tuple[int, int]:
    """Read the head of an answer, and nothing after it; returns its status, and the seconds that it asks to wait."""
    heard = b""
    try:
        while b"\r\n\r\n" not in heard and len(heard) < LONGEST_HEAD:
            line.settimeout(_left(until))
            more = line.recv(LONGEST_LINE)
            if not more:
                break
            heard += more
    except OSError:
        if b"\r\n" not in heard:
            raise
    first, *rest = heard.split(b"\r\n")
    version, _, told = first.partition(b" ")
    if not version.startswith(b"HTTP/1.") or not told[:3].isdigit():
        raise ValueError("no answer of HTTP")
    return int(told[:3]), _wait(rest)


def _wait(lines: Sequence[bytes]) -> int:
    """Return how many seconds Retry-After asks for (RFC 9110, 10.2.3), as a number or until a date; 0 for nothing."""
    heads = (line.decode("latin-1").partition(":") for line in lines)
    said = next((value.strip() for name, _, value in heads if name.strip().lower() == "retry-after"), "")
    if said.isascii() and said.isdigit():
        return int(said[:LONGEST_NUMBER])
    try:
        return max(0, int(parsedate_to_datetime(said).timestamp() - time.time()))
    except (ValueError, OverflowError):
        return 0


def _left(until: float) -> float:
    seconds = until - time.monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds


def _in_time(resolved: Callable[[], Sequence[str]], seconds: float) -> Sequence[str]:
    # The resolver takes no limit of its own, and its names are typed by anybody.
    found: list[Sequence[str]] = []

    def look() -> None:
        try:
            found.append(resolved())
        except (OSError, UnicodeError):
            found.append(())

    thread = Thread(target=look, daemon=True)
    thread.start()
    thread.join(seconds)
    return found[0] if found else ()


@cache
def _library(name: str) -> Any:
    return import_module(name)
