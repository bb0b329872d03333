"""A real HTTPS server on loopback that gives signs to devices: it opens each as the device would (RFC 8291) and checks
who signed it (RFC 8292)."""

import base64
import json
import socket
import ssl
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_bytes, token_hex
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import http_ece
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from portal.channels.push import Push
from portal.services.account import Subscription
from tests.servers.calendar_home import OPEN, certificates

NAME = "push.example.org"
DAY_SECONDS = 24 * 3600


@dataclass
class Device:
    """A browser that asked for signs: its keys, how its server answers, and what it could read."""

    endpoint: str
    secret: ec.EllipticCurvePrivateKey
    auth: bytes
    status: str = "201 Created"
    signs: list[dict[str, Any]] = field(default_factory=list)

    @property
    def subscription(self) -> Subscription:
        """Return what the browser gives out."""
        point = self.secret.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        return Subscription(self.endpoint, _text(point), _text(self.auth))


@dataclass
class PushService:
    """The server; `device()` makes a device, `way(key)` a way whose every connection ends here."""

    folder: Path
    devices: dict[str, Device] = field(default_factory=dict)
    signed_by: list[str] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    gone_to: list[str] = field(default_factory=list)
    hangs: bool = False

    def __post_init__(self) -> None:
        self.trust = ssl.create_default_context(cadata=certificates(self.folder, (NAME,)))
        self._private = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._private.load_cert_chain(self.folder / "calendar-home.pem")
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._held: list[ssl.SSLSocket] = []
        self._thread = Thread(target=self._serve, daemon=True)
        self._thread.start()

    def way(self, key: str, *resolved: str, seconds: float = 10.0) -> Push:
        """Return the way by signs; names resolve to these addresses, or to one of the open internet."""
        found: Sequence[str] = resolved or (OPEN,)
        return Push(key, "hello@example.org", lambda _host: found, self._connect, self.trust, seconds)

    def device(self) -> Device:
        """Make a device that asked for signs."""
        path = f"/signs/{token_hex(8)}"
        made = Device(f"https://{NAME}{path}", ec.generate_private_key(ec.SECP256R1()), token_bytes(16))
        self.devices[path] = made
        return made

    def stop(self) -> None:
        """Listen no more."""
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join()
        for line in self._held:
            line.close()

    def _connect(self, address: str, seconds: float) -> socket.socket:
        self.gone_to.append(address)
        return socket.create_connection(self._listening.getsockname(), timeout=seconds)

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._listening.accept()
            except OSError:
                return
            Thread(target=self._answer, args=(line,), daemon=True).start()

    def _answer(self, line: socket.socket) -> None:
        try:
            private = self._private.wrap_socket(line, server_side=True)
        except OSError:
            return
        head, body = _question(private)
        self.heads.append(head)
        if self.hangs:
            self._held.append(private)
            return
        with private:
            private.sendall(f"HTTP/1.1 {self._taken(head, body)}\r\nContent-Length: 0\r\n\r\n".encode())

    def _taken(self, head: str, body: bytes) -> str:
        first, *lines = head.split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        device = self.devices.get(first.split(" ")[1])
        if device is None:
            return "404 Not Found"
        if device.status.startswith("2"):
            self.signed_by.append(_signed_by(headers["authorization"]))
            opened = http_ece.decrypt(body, private_key=device.secret, auth_secret=device.auth, version="aes128gcm")
            device.signs.append(json.loads(opened))
        return device.status


def _question(line: ssl.SSLSocket) -> tuple[str, bytes]:
    heard = b""
    while b"\r\n\r\n" not in heard:
        heard += line.recv(4096)
    head, _, body = heard.partition(b"\r\n\r\n")
    length = next(
        int(each.split(b":")[1]) for each in head.split(b"\r\n") if each.lower().startswith(b"content-length")
    )
    while len(body) < length:
        body += line.recv(4096)
    return head.decode(), body


def _signed_by(authorization: str) -> str:
    """Check the signature (ES256) and what it claims; returns the public key."""
    kind, _, rest = authorization.partition(" ")
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes(parts["k"]))
    signed, _, signature = parts["t"].rpartition(".")
    raw = _bytes(signature)
    whole = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    key.verify(whole, signed.encode(), ec.ECDSA(hashes.SHA256()))
    claims = json.loads(_bytes(signed.split(".")[1]))
    assert kind == "vapid"
    assert claims["aud"] == f"https://{NAME}"
    assert 0 < claims["exp"] - time.time() < DAY_SECONDS
    assert urlsplit(claims["sub"]).scheme == "mailto"
    return parts["k"]


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
