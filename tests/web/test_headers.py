"""What the browser is told to load, keep and tell; forms of other sites; leaving; faults without anybody's words."""

import logging
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from werkzeug.routing import IntegerConverter

from portal.app import create_app
from portal.db import read, transaction
from portal.domain.account import (
    SIGN_IN_ABSOLUTE,
    SIGN_IN_IDLE,
    STAFF_SIGN_IN_ABSOLUTE,
    STAFF_SIGN_IN_IDLE,
    Role,
)
from portal.models import Person, SignIn, Topic
from portal.queries import account as account_queries
from portal.services import account as account_services
from portal.settings import load
from portal.web.doors import Door, door_of
from tests.servers.databases import Databases, SqliteDatabases
from tests.servers.settings import environ_for
from tests.web.access_canaries import WORD
from tests.web.access_policy import STRANGERS, Outcome, Visitor
from tests.web.access_round import Answer, Round, methods_of
from tests.web.account_steps import TOKEN, Watch, add, come_in, send

MAIL = "robin@example.org"
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
ALWAYS = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
SECRET = "what somebody typed about her night"
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
# Other addresses hold numbers only. A purpose and what shows a letter are words of ours; a key and a token are random.
WORDS_IN_ADDRESSES = {"purpose", "token", "key", "filename", "kind", "degree", "light"}
# Of the gallery of letters test_demo_gallery.py tells what its frames may.
FRAMES = {"demo.specimen", "demo.drawn"}


@pytest.fixture
def databases(sqlite_databases: SqliteDatabases) -> Databases:
    """What is asked here does not touch the database; one engine is enough."""
    return sqlite_databases


@pytest.fixture(scope="module")
def answers(round_of_doors: Round) -> list[Answer]:
    """Every page of the round that a reader gets."""
    return round_of_doors.answers


@pytest.fixture
def robin(app: Flask, client: FlaskClient, watch: Watch) -> int:
    """A member, signed in."""
    person_id = add(app, MAIL, Role.MEMBER, now=watch.time)
    come_in(app, client, MAIL)
    return person_id


@pytest.fixture
def away(robin: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database goes away once Robin is signed in; what its driver says holds what was asked of it."""

    def gone(*_asked: object) -> None:
        raise OperationalError(f"SELECT '{SECRET}'", None, Exception("server closed the connection"))

    monkeypatch.setattr(account_queries, "actor_by_token", gone)


@pytest.fixture
def make_app(sqlite_databases: SqliteDatabases, tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    """make_app(mode=…, base_url=…): a site with these settings, on a fresh database."""
    urls: list[str] = []

    def make(**settings: str) -> Flask:
        urls.append(sqlite_databases.fresh())
        made = create_app(load(environ_for(urls[-1], tmp_path, **settings)))
        made.testing = True
        return made

    yield make
    for url in urls:
        sqlite_databases.drop(url)


def policy_of(answer: Answer) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in answer.headers["Content-Security-Policy"].split(";"))
    return {name: value for name, _, value in parts}


def said(answers: list[Answer], header: str) -> set[str | None]:
    return {answer.headers.get(header) for answer in answers}


def loaded(answer: Answer) -> bool:
    """A style or a script: it is no page, and what a page may do is told by the page that loads it."""
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    return answer.ask.endpoint == "static" and kind in ("text/css", "text/javascript")


def test_every_answer_lets_the_browser_load_from_here_only(round_of_doors: Round, answers: list[Answer]) -> None:
    policy = POLICY | {"style-src": f"'self' {round_of_doors.house.app.extensions['styles'].source}"}
    asked = [answer for answer in answers if answer.ask.endpoint not in FRAMES and not loaded(answer)]
    assert {tuple(sorted(policy_of(answer).items())) for answer in asked} == {tuple(sorted(policy.items()))}


@pytest.mark.parametrize(("header", "value"), ALWAYS.items())
def test_every_answer_has_the_closing_headers(answers: list[Answer], header: str, value: str) -> None:
    assert said([answer for answer in answers if not loaded(answer)], header) == {value}


def test_a_style_or_a_script_is_only_what_it_says_and_only_for_this_site(answers: list[Answer]) -> None:
    files = [answer for answer in answers if loaded(answer)]
    assert said(files, "X-Content-Type-Options") == {"nosniff"}
    assert said(files, "Cross-Origin-Resource-Policy") == {"same-origin"}


def test_whatever_somebody_signed_in_gets_is_kept_nowhere(answers: list[Answer]) -> None:
    # A feed is read by a calendar under its key, whoever is signed in: that calendar may keep it, and asks each time.
    # What shows signs is one script, the same for everybody.
    others = {"static", "booking.feed", "account.signs"}
    theirs = [answer for answer in answers if answer.ask.visitor not in STRANGERS and answer.ask.endpoint not in others]
    ended = {"account.sign_out", "account.sign_out_everywhere", "home.leave"}
    assert said([answer for answer in theirs if answer.ask.endpoint not in ended], "Cache-Control") == {"no-store"}


def test_a_shared_cache_never_mixes_people_or_fragments(answers: list[Answer]) -> None:
    pages = [answer for answer in answers if answer.ask.endpoint != "static"]
    varied = {frozenset(part.strip().lower() for part in answer.headers["Vary"].split(",")) for answer in pages}
    assert all(names >= {"hx-request", "cookie"} for names in varied)


def test_a_fragment_is_no_page_and_a_page_no_fragment(answers: list[Answer]) -> None:
    week = [answer for answer in answers if answer.ask.endpoint == "slots.week" and answer.status == 200]
    assert {(answer.ask.htmx, "<!doctype html>" in answer.body) for answer in week} == {(False, True), (True, False)}


class Inline(HTMLParser):
    """Finds what a page would run, draw or load against the policy."""

    def __init__(self, styles: str) -> None:
        super().__init__()
        self.styles = styles
        self.found: list[str] = []
        self.in_style = False

    def handle_data(self, data: str) -> None:
        """Look at what a style holds: only our own are named by the policy."""
        if self.in_style and data != self.styles:
            self.found.append("<style>")
        self.in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one tag."""
        given = {name: value or "" for name, value in attrs}
        self.in_style = tag == "style"
        if tag == "script" and not given.get("src"):
            self.found.append(f"<{tag}>")
        for name, value in given.items():
            runs = name.startswith(("on", "hx-on")) or name == "style"
            loads = name in ("src", "action", "formaction") or (name == "href" and tag in ("link", "use", "image"))
            away = loads and not value.startswith(("/", "#", "?")) and value != ""
            if runs or away or value.strip().lower().startswith(("javascript:", "data:")) or value.startswith("//"):
                self.found.append(f"{tag} {name}={value}")


def inline(body: str, styles: str = "") -> list[str]:
    parser = Inline(styles)
    parser.feed(body)
    return parser.found


def pages(answers: list[Answer]) -> dict[str, Answer]:
    """Return one answer for each different body of HTML."""
    return {answer.page: answer for answer in answers if answer.headers.get("Content-Type", "").startswith("text/html")}


def test_no_page_runs_draws_or_loads_anything_that_the_policy_forbids(
    round_of_doors: Round, answers: list[Answer]
) -> None:
    styles = round_of_doors.house.app.extensions["styles"].text
    assert {
        (answer.ask.endpoint, found)
        for answer in pages(answers).values()
        if answer.ask.endpoint != "demo.drawn"
        for found in inline(answer.body, styles)
    } == set()


@pytest.mark.parametrize(
    "body",
    [
        "<script>1</script>",
        "<style>a{}</style>",
        '<p style="color:red">',
        '<a onclick="x()">',
        '<a href="javascript:x()">',
        '<img src="https://tracker.example/1">',
        '<link href="//fonts.example/a.css">',
    ],
)
def test_the_reader_of_pages_sees_what_is_forbidden(body: str) -> None:
    assert len(inline(body)) == 1


def test_titles_are_neutral(round_of_doors: Round, answers: list[Answer]) -> None:
    """No person, no topic: a title stands in the tab, in the history and on the lock screen."""
    titles = {title for answer in answers for title in TITLE.findall(answer.body)}
    with round_of_doors.house.app.app_context():
        topics = {name.lower() for name in read().scalars(select(Topic.name))}
    assert len(titles) > 20
    assert {title for title in titles if WORD.search(title)} == set()
    assert {title for title in titles if any(topic in title.lower() for topic in topics)} == set()


def test_addresses_hold_numbers_and_no_words_of_people(round_of_doors: Round, answers: list[Answer]) -> None:
    rules = round_of_doors.house.app.url_map.iter_rules()
    words = {
        name for rule in rules for name in rule.arguments if not isinstance(rule._converters[name], IntegerConverter)
    }
    assert words == WORDS_IN_ADDRESSES
    linked = {
        link for answer in answers for link in re.findall(r'(?:href|action|hx-get|hx-post)="([^"]*)"', answer.body)
    }
    linked |= {answer.location for answer in answers}
    # The demo's gallery names the kinds of letters, which say nothing about anybody.
    linked -= {link for link in linked if link.startswith("/demo/letters/")}
    with round_of_doors.house.app.app_context():
        slugs = set(read().scalars(select(Topic.slug)))
    assert len(linked) > 100
    assert {link for link in linked if WORD.search(link) or any(f"/{slug}" in link for slug in slugs)} == {
        link for link in linked if link.startswith("mailto:")
    }


def test_a_link_never_acts(round_of_doors: Round) -> None:
    """Whatever has only a form behind it answers a link with 405, in words."""
    house = round_of_doors.house
    rules = [rule for rule in house.app.url_map.iter_rules() if "GET" not in methods_of(rule)]
    alone = [
        rule
        for rule in rules
        if not any(other.rule == rule.rule and "GET" in methods_of(other) for other in house.app.url_map.iter_rules())
    ]
    held = house.passes[Visitor.ADMINISTRATOR]
    assert len(alone) > 20
    for rule in alone:
        path = re.sub(r"<int:\w+>", "1", rule.rule).replace("<purpose>", "letters")
        answer = house.client.get(path, headers={"Cookie": held.cookie})
        assert (path, answer.status_code, "This page does not open here" in answer.text) == (path, 405, True)


@pytest.mark.parametrize(
    ("base_url", "name", "secure"),
    [("https://hill.example", "__Host-portal", True), ("http://localhost", "portal", False)],
)
def test_the_cookie_is_closed_to_scripts_and_other_sites(
    make_app: Callable[..., Flask], base_url: str, name: str, secure: bool
) -> None:
    mode = "production" if secure else "demo"
    client = make_app(base_url=base_url, mode=mode).test_client()
    client.get("/sign-in", base_url=base_url)
    cookie = client.get_cookie(name, domain=base_url.partition("//")[2])
    assert cookie is not None
    assert (cookie.secure, cookie.http_only, cookie.same_site, cookie.path, cookie.origin_only) == (
        secure,
        True,
        "Lax",
        "/",
        True,
    )


def test_tls_is_asked_for_where_there_is_tls(make_app: Callable[..., Flask]) -> None:
    client = make_app(base_url="https://hill.example", mode="production").test_client()
    found = [
        client.get("/", base_url=url).headers.get("Strict-Transport-Security")
        for url in ("https://hill.example", "http://localhost")
    ]
    assert found == ["max-age=31536000", None]


def test_a_form_without_its_token_changes_nothing_and_says_so(app: Flask, client: FlaskClient, robin: int) -> None:
    for token in ({}, {"csrf_token": "made-up"}):
        answer = client.post("/account/name", data={"name": "Changed", **token})
        assert (answer.status_code, "was open for a long time" in answer.text) == (400, True)
    assert name_of(app, robin) == "Robin"


def test_every_form_but_these_needs_the_token(round_of_doors: Round) -> None:
    """Leaving must always work, unsubscribing comes from a mail program, and the carrier of texts signs its calls."""
    house = round_of_doors.house
    held = house.passes[Visitor.ADMINISTRATOR]
    let_through = set()
    for ask in house.asks():
        if ask.method == "POST" and ask.visitor is Visitor.ADMINISTRATOR and not ask.htmx:
            answer = house.client.post(ask.path, headers={"Cookie": held.cookie})
            if answer.status_code != 400:
                let_through.add(ask.endpoint)
    assert let_through == {"home.leave", "notice.unsubscribe", "notice.text_heard", "notice.text_receipt"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Sec-Fetch-Site": "none"}, 303),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, 403),
        ({"Origin": "http://localhost"}, 303),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "https://localhost"}, 403),
        ({"Origin": "http://localhost.evil.example"}, 403),
        ({"Origin": "null"}, 303),
        ({}, 303),
    ],
)
def test_a_form_of_another_site_is_refused(
    app: Flask, client: FlaskClient, robin: int, headers: dict[str, str], status: int
) -> None:
    token = TOKEN.search(client.get("/account/name").text)
    assert token is not None
    data = {"csrf_token": token.group(1), "name": "Changed"}
    answer = client.post("/account/name", data=data, headers=headers)
    assert answer.status_code == status
    assert name_of(app, robin) == ("Changed" if status == 303 else "Robin")


@pytest.mark.parametrize("path", ["/sign-out", "/leave", "/account/sign-out-everywhere"])
def test_going_empties_the_browser_and_ends_the_cookie_here_too(
    app: Flask, client: FlaskClient, robin: int, path: str
) -> None:
    kept = client.get_cookie("portal")
    assert kept is not None
    assert client.get("/account").status_code == 200
    answer = send(client, path)
    assert (answer.status_code < 400, answer.headers["Clear-Site-Data"]) == (True, '"cache", "cookies", "storage"')
    copied = app.test_client()
    copied.set_cookie("portal", kept.value)
    assert copied.get("/account").headers["Location"].startswith("/sign-in")
    with app.app_context():
        assert list(read().scalars(select(SignIn.ended_at).where(SignIn.person_id == robin))) != [None]


def test_leaving_works_without_a_token_and_leads_away(client: FlaskClient, robin: int) -> None:
    answer = client.post("/leave")
    assert (answer.status_code, answer.headers["Refresh"]) == (200, "0; url=https://www.wikipedia.org/")
    assert client.get("/account").headers["Location"].startswith("/sign-in")


def test_leaving_works_while_the_database_is_away(client: FlaskClient, robin: int, away: None) -> None:
    answer = client.post("/leave")
    assert (answer.status_code, answer.headers["Refresh"]) == (200, "0; url=https://www.wikipedia.org/")
    assert client.get_cookie("portal") is None


LIMITS = [
    (Role.MEMBER, SIGN_IN_IDLE, SIGN_IN_ABSOLUTE),
    (Role.COORDINATOR, STAFF_SIGN_IN_IDLE, STAFF_SIGN_IN_ABSOLUTE),
]


@pytest.mark.parametrize(("role", "idle", "absolute"), LIMITS)
def test_a_sign_in_ends_by_itself(app: Flask, now: datetime, role: Role, idle: timedelta, absolute: timedelta) -> None:
    second = timedelta(seconds=1)
    person_id = add(app, MAIL, role, now=now)
    with app.app_context():
        token = account_services.begin_sign_in(person_id, now=now)

        def lives(at: datetime, seen_at: datetime) -> bool:
            with transaction() as session:
                session.scalars(select(SignIn)).one().seen_at = seen_at
            return account_queries.actor_by_token(token, at) is not None

        assert [lives(now + idle, now), lives(now + idle + second, now)] == [True, False]
        end = now + absolute
        assert [lives(end, end), lives(end + second, end)] == [True, False]


def test_the_doors_of_the_demonstration_are_shut_in_production(make_app: Callable[..., Flask]) -> None:
    app = make_app(mode="production", base_url="https://hill.example")
    client = app.test_client()
    shut = [rule for rule in app.url_map.iter_rules() if door_of(app, rule.endpoint) is Door.DEMO]
    assert len(shut) == 9
    app.config["WTF_CSRF_ENABLED"] = False
    for rule in shut:
        path = rule.rule.replace("<int:person_id>", "1").replace("<key>", "1")
        answer = client.open(path, method=methods_of(rule)[0], base_url="https://hill.example")
        assert (path, answer.status_code) == (path, 404)


def test_a_fault_is_calm_and_its_log_holds_nobodys_words(
    app: Flask, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    def falls() -> str:
        raise ValueError(SECRET)

    app.view_functions["crisis.lines"] = falls
    falls.door = Door.PUBLIC  # type: ignore[attr-defined]
    with caplog.at_level(logging.DEBUG):
        answer = client.get("/help")
    reference = re.search(r"find it: (\w{8})", answer.text)
    assert (answer.status_code, SECRET in answer.text, "Traceback" in answer.text) == (500, False, False)
    assert reference is not None
    told = "\n".join([caplog.text, *(str(record.exc_info) for record in caplog.records if record.exc_info)])
    assert (SECRET in told, f"fault {reference.group(1)}: ValueError" in told) == (False, True)


def test_a_database_that_is_away_gives_the_calm_page(
    client: FlaskClient, robin: int, away: None, caplog: pytest.LogCaptureFixture
) -> None:
    for path in ("/", "/account"):
        answer = client.get(path)
        assert (answer.status_code, "did not work" in answer.text) == (500, True)
        assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS
        assert answer.headers["Cache-Control"] == "no-store"
    assert (SECRET in caplog.text, "OperationalError" in caplog.text) == (False, True)


def test_the_way_out_of_a_sent_away_visitor_is_neutral(answers: list[Answer]) -> None:
    """Who is sent to sign in learns no more than the address they typed themselves."""
    sent = [answer for answer in answers if answer.outcome is Outcome.SIGN_IN and not answer.ask.htmx]
    assert len(sent) > 100
    assert {answer.ask.endpoint for answer in sent if WORD.search(answer.body + answer.location)} == set()


def name_of(app: Flask, person_id: int) -> str:
    with app.app_context():
        return read().get_one(Person, person_id).name
