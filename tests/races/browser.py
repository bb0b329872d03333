"""A browser in its smallest form for races: a cookie, pages fetched, forms sent, all at the same instant."""

import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from email.message import Message
from threading import Barrier
from typing import IO, NamedTuple, TypeVar

from flask.testing import FlaskClient

T = TypeVar("T")


class Answer(NamedTuple):
    """What came back."""

    status: int
    text: str
    location: str


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        """Follow nothing: the answer itself is what is looked at."""


class Browser:
    """One person's browser at a running site, with the cookie of a client in which they are signed in."""

    def __init__(self, address: str, signed_in: FlaskClient) -> None:
        cookie = signed_in.get_cookie("portal")
        if cookie is None:
            raise ValueError("nobody is signed in there")
        self.address, self.cookie = address, cookie.value
        self.opener = urllib.request.build_opener(_Stay)

    def get(self, path: str) -> Answer:
        """Fetch a page."""
        return self._open(path, None)

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        """Send a form."""
        return self._open(path, urllib.parse.urlencode(fields).encode())

    def hidden_fields(self, path: str) -> dict[str, str]:
        """Return the hidden fields of a page's last form: its tokens and keys."""
        form = self.get(path).text.rpartition('<form class="form"')[2].partition("</form>")[0]
        return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))

    def _open(self, path: str, body: bytes | None) -> Answer:
        request = urllib.request.Request(self.address + path, body, {"Cookie": f"portal={self.cookie}"})
        try:
            answer = self.opener.open(request, timeout=60)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            for header in answer.headers.get_all("Set-Cookie") or []:
                if header.startswith("portal="):
                    self.cookie = header.partition("=")[2].partition(";")[0]
            return Answer(answer.status, answer.read().decode(), answer.headers.get("Location") or "")


def all_at_once(deeds: Sequence[Callable[[], T]]) -> list[T]:
    """Do all of these at the same instant, each in a thread of its own."""
    barrier = Barrier(len(deeds))

    def do(deed: Callable[[], T]) -> T:
        barrier.wait()
        return deed()

    with ThreadPoolExecutor(len(deeds)) as threads:
        return list(threads.map(do, deeds))
