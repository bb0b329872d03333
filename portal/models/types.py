"""Column types: instants in UTC, and text that the database only ever sees encrypted."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from os import urandom
from typing import Any, ClassVar

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator

NONCE_BYTES = 12
MOST_INSTANTS = 256


class KeyRing:
    """AES-256-GCM keys by id (NIST SP 800-38D); the first writes, all of them read."""

    def __init__(self) -> None:
        self._ciphers: dict[str, AESGCM] = {}
        self.writes_with = ""

    def load(self, keys: Mapping[str, bytes]) -> None:
        """Take these keys, 32 bytes each, in their order, instead of any held so far."""
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self.writes_with = next(iter(self._ciphers))

    def seal(self, plain: bytes, place: str) -> str:
        """Return `key-id:base64`, readable only in the column it was written for."""
        nonce = urandom(NONCE_BYTES)
        sealed = self._ciphers[self.writes_with].encrypt(nonce, plain, place.encode())
        return f"{self.writes_with}:{urlsafe_b64encode(nonce + sealed).decode()}"

    def open(self, sealed: str, place: str) -> bytes:
        """Return what was sealed; a KeyError or InvalidTag says the ring or the text is not the right one."""
        key_id, _, rest = sealed.partition(":")
        raw = urlsafe_b64decode(rest)
        return self._ciphers[key_id].decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], place.encode())


keyring = KeyRing()


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware going in, UTC coming out, on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True
    _writers: ClassVar[dict[str, Callable[[datetime | None], Any]]] = {}

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any] | None:
        """Return what writes an instant, and remembers it for all columns: a verb writes the same few into many."""
        write = super().bind_processor(dialect)
        return write and self._writers.setdefault(dialect.name, lru_cache(MOST_INSTANTS)(write))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class EncryptedBytes(TypeDecorator[bytes]):
    """Bytes sealed for one named place, so that a value copied into another column does not open."""

    impl = Text
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else keyring.seal(self.to_bytes(value), self.place)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else self.from_bytes(keyring.open(value, self.place))

    def to_bytes(self, value: Any) -> bytes:
        return bytes(value)

    def from_bytes(self, raw: bytes) -> Any:
        return raw


class EncryptedText(EncryptedBytes):
    """Free text: a story, a note, an answer."""

    cache_ok = True

    def to_bytes(self, value: Any) -> bytes:
        return str(value).encode()

    def from_bytes(self, raw: bytes) -> Any:
        return raw.decode()


class EncryptedJson(EncryptedBytes):
    """A plain JSON value that tells too much to stand open."""

    cache_ok = True

    def to_bytes(self, value: Any) -> bytes:
        return json.dumps(value, separators=(",", ":"), sort_keys=True).encode()

    def from_bytes(self, raw: bytes) -> Any:
        return json.loads(raw)
