"""By text message: Twilio's own client, whose base address is a setting; what goes wrong leaves as a code only.

The client is large (half a second once it has been asked), so it is loaded when a text is first sent or heard.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from types import TracebackType
from typing import Any, Self
from xml.sax.saxutils import escape

from portal.domain.notice import Channel
from portal.mail.errors import Doubtful, Refused, SendingError, Unreachable

WHOLE_SECONDS = 10.0
# Whoever hears the answer to a question that is asked too often, or with a wrong token, has not read the text.
NOT_NOW = frozenset({401, 403, 429})
AWAY = 503
SERVICE = "MG"


@dataclass(frozen=True)
class Text:
    """One account at the carrier, and the number (or messaging service) that texts come from."""

    account: str
    token: str = field(repr=False)
    sender: str
    base: str
    seconds: float = WHOLE_SECONDS
    channel: Channel = Channel.TEXT

    def line(self) -> "TextLine":
        """Return a line for one text after the other."""
        return TextLine(self)

    def signed(self, url: str, values: Mapping[str, str], signature: str) -> bool:
        """Say whether the carrier signed this call to us; `url` is the address as the carrier knows it."""
        validator = import_module("twilio.request_validator").RequestValidator(self.token)
        return bool(validator.validate(url, dict(values), signature))


class TextLine:
    """A line to the carrier; a text is made by `wrapped`."""

    def __init__(self, way: Text) -> None:
        self._way = way
        self._client: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._client is not None:
            self._client.http_client.session.close()
            self._client = None

    def send(self, to: str, raw: bytes) -> str | None:
        """Hand over one text to a number in E.164; returns the carrier's name for it."""
        letter = json.loads(raw)
        sender = "messaging_service_sid" if self._way.sender.startswith(SERVICE) else "from_"
        values = {"to": to, sender: self._way.sender, "body": letter["text"]}
        if letter["receipt"]:
            values["status_callback"] = letter["receipt"]
        trouble: SendingError
        try:
            return str(self._messages().create(**values).sid)
        except _library("twilio.base.exceptions").TwilioRestException as refusal:
            trouble = _refusal(int(refusal.status), int(refusal.code or refusal.status))
        except (
            OSError,
            _library("twilio.base.exceptions").TwilioException,
        ) as error:  # also all that `requests` raises
            trouble = Unreachable() if _never_left(error) else Doubtful()
        raise trouble

    def _messages(self) -> Any:
        if self._client is None:
            http = _library("twilio.http.http_client").TwilioHttpClient(timeout=self._way.seconds, logger=_silent())
            self._client = _library("twilio.rest").Client(self._way.account, self._way.token, http_client=http)
            self._client.api.base_url = self._way.base
        return self._client.messages


def wrapped(text: str, receipt: str) -> bytes:
    """Return a text as it is kept for every repeat; `receipt` is where the carrier tells what became of it."""
    return json.dumps({"text": text, "receipt": receipt}).encode()


def text_in(raw: bytes) -> str:
    """Return the text of what was wrapped."""
    return str(json.loads(raw)["text"])


def answer(text: str) -> str:
    """Return what the carrier wants to hear when somebody wrote: a text to send back, or nothing."""
    inside = f"<Message>{escape(text)}</Message>" if text else ""
    return f'<?xml version="1.0" encoding="UTF-8"?><Response>{inside}</Response>'


def _refusal(status: int, code: int) -> SendingError:
    if status == AWAY:
        return Unreachable()
    if status >= 500:  # it broke while it read the text
        return Doubtful()
    return Refused(code, permanent=status not in NOT_NOW)


def _never_left(error: Exception) -> bool:
    found = _library("requests.exceptions")
    if isinstance(error, found.ConnectTimeout | found.SSLError):
        return True
    # Only what failed to connect is counted as a try; a line that broke later ends in another error.
    tried = error.args[0] if isinstance(error, found.ConnectionError) and error.args else None
    return isinstance(tried, _library("urllib3.exceptions").MaxRetryError)


def _silent() -> logging.Logger:
    # The client would tell each address it asks.
    logger = logging.getLogger(f"{__name__}.client")
    logger.disabled = True
    return logger


@cache
def _library(name: str) -> Any:
    return import_module(name)
