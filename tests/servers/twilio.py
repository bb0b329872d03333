"""A real HTTP server on loopback that speaks the carrier's API for text messages, and signs what it calls back with."""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_hex
from threading import Event, Thread
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode
from urllib.request import Request, urlopen

ACCOUNT = "AC" + "0123456789abcdef" * 2
TOKEN = "a token for tests only, known to everybody"
NUMBER = "+12025550199"
PATH = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
E164 = re.compile(r"\+[1-9]\d{6,14}")
LONGEST_BODY = 1600


class Mood(StrEnum):
    """How the carrier treats the next texts."""

    ACCEPT = "accept"
    BUSY = "busy"  # 429, too many at once
    AWAY = "away"  # 503 before anything was read
    BROKEN = "broken"  # 500 with no word about the text
    DROP = "drop"  # takes the text and closes the line without a word
    HANG = "hang"  # takes the text and never answers


@dataclass(frozen=True)
class Message:
    """A text as it came over the wire."""

    sid: str
    to: str
    sender: str
    body: str
    receipt: str


@dataclass
class Carrier:
    """The server; set `mood`, or numbers that are `refused` with a code, at any time; read `texts`."""

    mood: Mood = Mood.ACCEPT
    refused: dict[str, int] = field(default_factory=dict)
    texts: list[Message] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._released = Event()
        carrier = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                carrier.answer(self)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Return the base address for TEXTS_BASE_URL."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def stop(self) -> None:
        """Listen no more, so that connections are refused."""
        self._released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, call: BaseHTTPRequestHandler) -> None:
        """Answer one call as the carrier would."""
        raw = call.rfile.read(int(call.headers.get("Content-Length", 0))).decode()
        self.asked.append(f"{call.command} {call.path}")
        known = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        if call.headers.get("Authorization") != f"Basic {known}":
            return _say(call, 401, {"code": 20003, "message": "Authenticate", "status": 401})
        if call.path != PATH:
            return _say(call, 404, {"code": 20404, "message": "not found", "status": 404})
        if self.mood is Mood.BUSY:
            return _say(call, 429, {"code": 20429, "message": "Too Many Requests", "status": 429})
        if self.mood is Mood.AWAY:
            return _say(call, 503, {"code": 20503, "message": "Service unavailable", "status": 503})
        if self.mood is Mood.BROKEN:
            return _say(call, 500, {"code": 20500, "message": "Internal error", "status": 500})
        values = {name: found[0] for name, found in parse_qs(raw, keep_blank_values=True).items()}
        code = self._objection(values)
        if code is not None:
            # The carrier repeats the number in its sentence: nobody may keep that.
            told = f"The number {values.get('To')} is not good"
            return _say(call, 400, {"code": code, "message": told, "status": 400})
        message = self._taken(values)
        if self.mood is Mood.DROP:
            call.close_connection = True
            call.connection.close()
            return None
        if self.mood is Mood.HANG:
            self._released.wait()
            return None
        return _say(call, 201, _resource(message))

    def signature(self, url: str, values: Mapping[str, str]) -> str:
        """Return the carrier's signature of a call to us: the address, then each name with its value, by name."""
        text = url + "".join(name + values[name] for name in sorted(values))
        return base64.b64encode(hmac.new(TOKEN.encode(), text.encode(), hashlib.sha1).digest()).decode()

    def report(self, message: Message, status: str, error: str = "") -> int:
        """Call back, signed, what became of a text; returns the HTTP status of the answer."""
        values = receipt_values(message, status, error)
        return _call(message.receipt, values, self.signature(message.receipt, values))[0]

    def hear(self, url: str, number: str, body: str) -> tuple[int, str]:
        """Call, signed, with words that somebody wrote; returns the status and the answer."""
        values = inbound_values(number, body)
        return _call(url, values, self.signature(url, values))

    def _objection(self, values: Mapping[str, str]) -> int | None:
        to, body = values.get("To", ""), values.get("Body", "")
        if not E164.fullmatch(to):
            return 21211
        if to in self.refused:
            return self.refused[to]
        if not body:
            return 21602
        if len(body) > LONGEST_BODY:
            return 21617
        return None if "From" in values or "MessagingServiceSid" in values else 21603

    def _taken(self, values: Mapping[str, str]) -> Message:
        sender = values.get("From") or values["MessagingServiceSid"]
        message = Message(f"SM{token_hex(16)}", values["To"], sender, values["Body"], values.get("StatusCallback", ""))
        self.texts.append(message)
        return message


def inbound_values(number: str, body: str, sid: str = "") -> dict[str, str]:
    """Return what the carrier tells of words that somebody wrote."""
    return {
        "MessageSid": sid or f"SM{token_hex(16)}",
        "AccountSid": ACCOUNT,
        "From": number,
        "To": NUMBER,
        "Body": body,
        "NumMedia": "0",
        "NumSegments": "1",
    }


def receipt_values(message: Message, status: str, error: str = "") -> dict[str, str]:
    """Return what the carrier tells of a text on its way."""
    values = {
        "MessageSid": message.sid,
        "MessageStatus": status,
        "AccountSid": ACCOUNT,
        "From": message.sender,
        "To": message.to,
        "ApiVersion": "2010-04-01",
    }
    return values | ({"ErrorCode": error} if error else {})


def _resource(message: Message) -> dict[str, object]:
    return {
        "account_sid": ACCOUNT,
        "api_version": "2010-04-01",
        "body": message.body,
        "date_created": "Mon, 02 Mar 2026 10:00:00 +0000",
        "date_sent": None,
        "date_updated": "Mon, 02 Mar 2026 10:00:00 +0000",
        "direction": "outbound-api",
        "error_code": None,
        "error_message": None,
        "from": message.sender,
        "messaging_service_sid": None,
        "num_media": "0",
        "num_segments": "1",
        "price": None,
        "price_unit": "USD",
        "sid": message.sid,
        "status": "queued",
        "subresource_uris": {},
        "to": message.to,
        "uri": f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{message.sid}.json",
    }


def _say(call: BaseHTTPRequestHandler, status: int, value: Mapping[str, object]) -> None:
    body = json.dumps(value).encode()
    call.send_response(status)
    call.send_header("Content-Type", "application/json")
    call.send_header("Content-Length", str(len(body)))
    call.end_headers()
    call.wfile.write(body)


def _call(url: str, values: Mapping[str, str], signature: str) -> tuple[int, str]:
    asked = Request(url, urlencode(values).encode(), {"X-Twilio-Signature": signature})
    try:
        with urlopen(asked, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, ""
