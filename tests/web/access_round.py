"""The round of all doors: every address, visitor and object, with and without HTMX, each on fresh data."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from portal import clock
from portal.app import create_app
from portal.db import db
from portal.services.account import begin_sign_in
from portal.settings import load
from portal.web.limits import limiter
from tests.servers.settings import environ_for
from tests.web.access_canaries import Canary, hide
from tests.web.access_cast import Cast, Values, gather, suspend
from tests.web.access_policy import POLICIES, Outcome, Policy, Visitor

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
# A page's own address is in it twice: as the way back from the door, and as where its form stands.
CHANGING = re.compile(
    r'csrf_token" value="[^"]+"|request_key" value="[^"]+"|href="/sign-in\?back=[^"]*"|data-page="[^"]*"'
)
SENT = {"/sign-in": Outcome.SIGN_IN, "/welcome": Outcome.WELCOME, "/second-step": Outcome.SECOND_STEP}
# What a form needs so that the view gets as far as the object; all others are sent empty.
FIELDS = {
    "account.take_role": {"role": "member"},
    "account.change_device": {"discretion": "dot"},
    "booking.book": {"starts_at": "2040-01-01T10:00:00+00:00"},
    "booking.set_rhythm": {"starts_at": "2040-01-01T10:00:00+00:00"},
    "experience.felt": {"felt": "light"},
    "booking.move": {"starts_at": "2040-01-01T10:00:00+00:00"},
}


@dataclass(frozen=True)
class Pass:
    """What a browser holds: its cookie, and the token of the forms on its pages."""

    cookie: str
    token: str


@dataclass(frozen=True)
class Ask:
    """One request of the round."""

    endpoint: str
    method: str
    path: str
    scene: str
    visitor: Visitor
    htmx: bool

    def __str__(self) -> str:
        return f"{self.method} {self.endpoint} [{self.scene}] as {self.visitor}{' by htmx' * self.htmx}"


@dataclass(frozen=True)
class Answer:
    """What came back, and whether anything in the database is different afterwards."""

    ask: Ask
    status: int
    headers: Mapping[str, str]
    body: str
    changed: bool

    @property
    def location(self) -> str:
        """Return where the visitor is sent."""
        return self.headers.get("Location") or self.headers.get("HX-Redirect") or ""

    @property
    def outcome(self) -> Outcome:
        """Return what became of it."""
        sent_to, came_from = urlsplit(self.location).path, urlsplit(self.ask.path).path
        if self.status in (403, 404):
            return Outcome.REFUSED if self.status == 403 else Outcome.HIDDEN
        own_way = sent_to == came_from or (sent_to == "/second-step" and came_from.startswith(sent_to))
        return Outcome.IN if own_way else SENT.get(sent_to, Outcome.IN)

    @property
    def page(self) -> str:
        """Return the body without what is new on each page."""
        return CHANGING.sub("", self.body)


class Copy:
    """A SQLite file that can be put back as it was."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.path = Path(app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///"))
        self._let_go()
        self.first = self.path.read_bytes()

    def put_back(self) -> bool:
        """Put the file back if anything is different; returns whether it was."""
        beside = Path(f"{self.path}-wal")
        if self.path.read_bytes() == self.first and not (beside.exists() and beside.stat().st_size):
            return False
        self._let_go()
        self.path.write_bytes(self.first)
        return True

    def _let_go(self) -> None:
        with self.app.app_context():
            db.engine.dispose()


class House:
    """The site with its cast, and a pass for every visitor."""

    def __init__(self, app: Flask, mailbox: Path, now: datetime) -> None:
        self.app = app
        app.config["DEMO_MAILBOX"] = mailbox
        app.config["CRISIS_LINES"] = ()  # the same on every page, and half of the time it takes to draw one
        self.cast: Cast = gather(app, mailbox, now)
        self.canaries: list[Canary] = hide(app, self.cast.people, now)
        self.passes = {visitor: self._sign_in(visitor, now) for visitor in Visitor}
        suspend(app, self.cast.people[Visitor.SUSPENDED], now)
        self.client: FlaskClient = app.test_client(use_cookies=False)

    def _sign_in(self, visitor: Visitor, now: datetime) -> Pass:
        client = self.app.test_client()
        if visitor is not Visitor.ANONYMOUS:
            with self.app.app_context():
                half = visitor is Visitor.HALF_COORDINATOR
                token = begin_sign_in(self.cast.people[visitor], now=now, second_factor=not half)
            with client.session_transaction() as cookie:
                cookie["_user_id"], cookie["_fresh"] = token, True
        found = TOKEN.search(client.get("/help").text) or TOKEN.search(client.get("/sign-in").text)
        name = self.app.config["SESSION_COOKIE_NAME"]
        kept = client.get_cookie(name)
        assert found is not None
        assert kept is not None
        return Pass(f"{name}={kept.value}", found.group(1))

    def send(self, ask: Ask) -> tuple[int, Mapping[str, str], str]:
        """Send one request as a browser would; a form is empty but for its token."""
        held = self.passes[ask.visitor]
        headers = {"Cookie": held.cookie} | ({"HX-Request": "true"} if ask.htmx else {})
        form = (
            {"csrf_token": held.token, "request_key": "access", **FIELDS.get(ask.endpoint, {})}
            if ask.method == "POST"
            else None
        )
        answer = self.client.open(ask.path, method=ask.method, headers=headers, data=form)
        text = answer.get_data(as_text=True)
        answer.close()
        return answer.status_code, dict(answer.headers), text

    def close(self) -> None:
        """Let the database go."""
        with self.app.app_context():
            db.engine.dispose()

    def asks(self, policies: Mapping[str, Policy] = POLICIES) -> Iterator[Ask]:
        """Return every request of the round; a route that the table does not know is left to its own test."""
        for rule in sorted(self.app.url_map.iter_rules(), key=lambda rule: (rule.endpoint, rule.rule)):
            policy = policies.get(rule.endpoint)
            if policy is None:
                continue
            for scene, values in self._objects(policy).items():
                for method in methods_of(rule):
                    path = self._path(rule, values)
                    for visitor in Visitor:
                        for htmx in (False, True):
                            yield Ask(rule.endpoint, method, path, scene, visitor, htmx)

    def _objects(self, policy: Policy) -> dict[str, Values]:
        return self.cast.objects[policy.objects] if policy.objects else {"": {}}

    def _path(self, rule: Rule, values: Values) -> str:
        with self.app.test_request_context():
            built = self.app.url_map.bind("localhost").build(rule.endpoint, values)
        return str(built)


def methods_of(rule: Rule) -> list[str]:
    """Return the methods a route answers by its view."""
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


@contextmanager
def stillness() -> Iterator[datetime]:
    """Let one instant last, with no limit on how often one may ask; the demo community is made for today."""
    now = datetime.now(UTC)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: now)
        patch.setattr(limiter, "enabled", False)
        yield now


def house_on(url: str, folder: Path, now: datetime) -> House:
    """Open a site on a database with the demo community."""
    app = create_app(load(environ_for(url, folder)))
    app.testing = True
    return House(app, folder / "mailbox", now)


@dataclass(frozen=True)
class Round:
    """A house, and all it answered."""

    house: House
    answers: list[Answer]


def go_round(house: House) -> list[Answer]:
    """Ask everything, putting the data back after whatever changed them."""
    copy = Copy(house.app)
    answers = []
    for ask in house.asks():
        status, headers, body = house.send(ask)
        answers.append(Answer(ask, status, headers, body, copy.put_back()))
    return answers
