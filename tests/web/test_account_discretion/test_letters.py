"""The page of letters: what would arrive is shown for each degree, and it is what arrives."""

import re
from datetime import datetime
from email.message import EmailMessage
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar

from portal.domain.account import Discretion
from portal.queries import account as account_queries
from portal.services import account as account_services
from portal.services.account import SafeAnswers, set_safe_contact
from tests.booking_cast import signed_in
from tests.servers.smtp import Sink
from tests.services.outbox import deliver_due
from tests.web.account_steps import TOKEN, send

HERE = "/account/discretion"
pytestmark = pytest.mark.usefixtures("watch")
LOCKED = re.compile(
    r'<div class="lock"><p class="small soft">(.*?)</p><p><b>(.*?)</b></p><p class="small">(.*?)</p></div>'
)


@pytest.fixture
def browser(app: Flask, ana: int, now: datetime) -> FlaskClient:
    return signed_in(app, ana, now)


def look(browser: FlaskClient, words: str = "", discretion: str = "discreet") -> str:
    """Return the fragment that typing brings."""
    token = TOKEN.search(browser.get("/help").text)
    assert token is not None
    fields = {"csrf_token": token[1], "look": "1", "discretion": discretion, "subject_words": words}
    return browser.post(HERE, data=fields, headers={"HX-Request": "true", "HX-Target": "div#outside"}).text


def locked(html: str) -> list[tuple[str, ...]]:
    """Return what the locked phones show: sender, subject, and what stands beside it."""
    return [tuple(unescape(part) for part in found) for found in LOCKED.findall(html)]


def titles(html: str) -> list[str]:
    return re.findall("In your calendar: “(.*?)”", html)


def test_each_degree_shows_a_reminder_and_news(browser: FlaskClient) -> None:
    page, sender = browser.get(HERE).text, "hello@portal.example"
    assert locked(page) == [
        (sender, "Coffee with Maya, Thu 3 pm", "A note about your coffee with Maya."),
        (sender, "Your walk goes on", "Your walk together goes on."),
        (sender, "Your coffee chat, Thu 3 pm", "A note about your coffee chat."),
        (sender, "News on your page", "There is news on your page."),
        (sender, "You have a note", "There is a note for you."),
        (sender, "You have a note", "There is news on your page."),
    ]
    assert titles(page) == ["Coffee"] * 3


def test_words_of_ones_own_are_shown_as_they_are_typed_and_only_where_they_count(browser: FlaskClient) -> None:
    shown = look(browser, "Books are <due>")
    assert [subject for _sender, subject, _beside in locked(shown)][2:4] == ["Books are <due>"] * 2
    assert (locked(shown)[2][2], locked(shown)[4][1]) == ("There is a note for you.", "You have a note")
    assert titles(shown) == ["Coffee", "Books are &lt;due&gt;", "Coffee"]


def test_looking_keeps_nothing_and_works_without_a_script(app: Flask, ana: int, browser: FlaskClient) -> None:
    page = send(browser, HERE, discretion="dot", subject_words="Tea", look="1").text
    assert (locked(page)[2][1], 'value="Tea"' in page, "<h1>" in page) == ("Tea", True, True)
    with app.app_context():
        assert account_queries.own_choices(ana).discretion is Discretion.DISCREET
        assert account_queries.safe_contact(ana) is None


def test_words_are_kept_and_safe_contact_leaves_them(app: Flask, ana: int, browser: FlaskClient, now: datetime) -> None:
    assert send(browser, HERE, discretion="discreet", subject_words="Tea").status_code == 303
    with app.app_context():
        set_safe_contact(ana, SafeAnswers(may_email=True), now=now)
    assert 'value="Tea"' in browser.get(HERE).text


@pytest.mark.parametrize("discretion", Discretion)
@pytest.mark.parametrize("words", ["", "Books are due"])
def test_what_is_shown_is_what_arrives(
    app: Flask, ana: int, browser: FlaskClient, smtp: Sink, now: datetime, discretion: Discretion, words: str
) -> None:
    with app.app_context():
        account_services.set_discretion(ana, discretion, words, now=now)
    place, page = list(Discretion).index(discretion), browser.get(HERE).text
    with app.app_context():
        deliver_due(now)
        mine = [letter.message for letter in smtp.letters if letter.to == ("ana@example.org",)]
        smtp.letters.clear()
        deliver_due(now.replace(day=4, hour=14))
    assert entry_title(mine[0]) == titles(page)[place]
    (reminder,) = [letter.message for letter in smtp.letters if letter.to == ("ana@example.org",)]
    assert (str(reminder["From"]), str(reminder["Subject"]), beside(reminder)) == locked(page)[2 * place]


def beside(letter: EmailMessage) -> str:
    html = letter.get_body(("html",))
    assert html is not None
    found = re.search(r'<div style="display:none[^>]*>(.*?)&#847;', str(html.get_content()))
    assert found is not None
    return unescape(found[1])


def entry_title(letter: EmailMessage) -> str:
    part = next(part for part in letter.walk() if part.get_content_type() == "text/calendar")
    return str(Calendar.from_ical(part.get_content()).walk("VEVENT")[0]["SUMMARY"])


def test_who_may_not_be_written_to_is_told_that_only_a_code_comes(
    app: Flask, ana: int, browser: FlaskClient, now: datetime
) -> None:
    with app.app_context():
        set_safe_contact(ana, SafeAnswers(may_email=False), now=now)
    assert "You said that we must not write to you by e-mail." in look(browser)


def test_too_many_letters_are_said_at_once(browser: FlaskClient) -> None:
    assert "Please use at most 60 characters." in look(browser, "x" * 61)


def test_a_stranger_is_asked_to_sign_in(client: FlaskClient) -> None:
    assert "/sign-in" in client.get(HERE).location


def test_the_account_says_the_words_that_stand_on_the_outside(browser: FlaskClient) -> None:
    assert "Keep it quiet: “Your coffee chat, Tuesday 4 pm”" in browser.get("/account").text
    send(browser, HERE, discretion="discreet", subject_words="Books are due")
    assert "Keep it quiet: “Books are due”" in browser.get("/account").text
    send(browser, HERE, discretion="dot", subject_words="Books are due")
    assert "Just a sign: “You have a note”" in browser.get("/account").text
