"""What every answer tells the browser to load, keep and tell: the round of all doors is read."""

import re
from html.parser import HTMLParser

import pytest
from sqlalchemy import select
from werkzeug.routing import IntegerConverter

from portal.db import read
from portal.models import Topic
from tests.web.access_canaries import WORD
from tests.web.access_policy import STRANGERS, Outcome, Visitor
from tests.web.access_round import Answer, Round, methods_of
from tests.web.test_headers.part import ALWAYS

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
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
# Other addresses hold numbers only. A purpose and what shows a letter are words of ours; a key and a token are random.
WORDS_IN_ADDRESSES = {"purpose", "token", "key", "filename", "kind", "degree", "light"}
# Of the gallery of letters test_demo_gallery.py tells what its frames may.
FRAMES = {"demo.specimen", "demo.drawn"}


@pytest.fixture(scope="module")
def answers(round_of_doors: Round) -> list[Answer]:
    """Every page of the round that a reader gets."""
    return round_of_doors.answers


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


def test_the_way_out_of_a_sent_away_visitor_is_neutral(answers: list[Answer]) -> None:
    """Who is sent to sign in learns no more than the address they typed themselves."""
    sent = [answer for answer in answers if answer.outcome is Outcome.SIGN_IN and not answer.ask.htmx]
    assert len(sent) > 100
    assert {answer.ask.endpoint for answer in sent if WORD.search(answer.body + answer.location)} == set()
