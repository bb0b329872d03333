"""The gallery of letters: all of them, as they are written, drawn in a frame that lets them do nothing."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.domain.account import Discretion
from portal.domain.notice import Group, Kind
from portal.mail.specimens import LETTERS, every_letter
from portal.services.notice.office import office

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    return app.test_client()


def test_every_kind_of_letter_is_there(browser: FlaskClient) -> None:
    """By groups of which the first is open: forty letters in a row are a long way on a phone."""
    page = browser.get("/demo/letters").text
    assert [kind for kind in LETTERS if f'href="/demo/letters/{kind.value}"' not in page] == []
    assert [page.count('<details name="kinds" open><summary>'), page.count("</table>\n</details>")] == [
        1,
        len(Group) + 1,
    ]


@pytest.mark.parametrize("kind", sorted(LETTERS))
def test_each_has_a_page_with_its_three_degrees(browser: FlaskClient, kind: Kind) -> None:
    page = browser.get(f"/demo/letters/{kind.value}")
    assert (page.status_code, page.text.count("<iframe sandbox "), page.text.count("<pre ")) == (200, 6, 3)


@pytest.mark.parametrize("discretion", Discretion)
@pytest.mark.parametrize(("light", "query"), [("light", "@media not all"), ("dark", "@media all")])
def test_a_drawn_letter_is_the_letter_in_one_light_and_may_do_nothing(
    browser: FlaskClient, discretion: Discretion, light: str, query: str
) -> None:
    answer = browser.get(f"/demo/letters/invitation/{discretion.value}/{light}")
    written = every_letter(discretion, office().lines)[Kind.INVITATION].html
    assert answer.text == written.replace("@media (prefers-color-scheme: dark)", query)
    policy = set(answer.headers["Content-Security-Policy"].split("; "))
    assert {"default-src 'none'", "form-action 'none'", "frame-ancestors 'self'", "sandbox"} <= policy


def test_only_the_page_with_frames_may_have_any(browser: FlaskClient) -> None:
    policies = [
        browser.get(path).headers["Content-Security-Policy"] for path in ("/demo/letters/update", "/demo/letters")
    ]
    assert ["frame-src 'self'" in policy for policy in policies] == [True, False]
    assert all("frame-ancestors 'none'" in policy for policy in policies)


@pytest.mark.parametrize("path", ["/none", "/phone_code", "/update/loud/dark", "/update/dot/dusk", "/none/dot/dark"])
def test_what_is_no_letter_is_nowhere(browser: FlaskClient, path: str) -> None:
    assert browser.get(f"/demo/letters{path}").status_code == 404
