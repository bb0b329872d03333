"""A check-in comes by itself and is answered with one tap, lines go to and fro, somebody is asked in, and the thread is
closed: on phones, also without scripts and in the dark."""

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import create_engine, text

from tests.journeys.traveller import LONGEST_WAIT, Traveller
from tests.servers.browser import Phones
from tests.servers.site import Site

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
OF_RUTH, OF_AGNES = "Between you and Ruth", "Between you and Agnes"


def make_due(url: str, walk_id: str) -> None:
    """Let a check-in have been due a minute ago."""
    engine = create_engine(url)
    at = (datetime.now(UTC) - timedelta(minutes=1)).replace(tzinfo=None)
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE check_in SET next_at = :at WHERE walk_id = :walk"),
            {"at": at.isoformat(" ", "microseconds"), "walk": walk_id},
        )
    engine.dispose()


def wait_for_one_more(page: Page, before: int) -> None:
    """Open the thread again until one more check-in stands in it."""
    deadline = time.monotonic() + LONGEST_WAIT
    while page.get_by_text("· check-in").count() <= before:
        assert time.monotonic() < deadline, "the check-in does not come"
        page.reload()


@pytest.mark.parametrize(
    ("javascript", "dark"),
    [(True, False), (True, True), (False, False)],
    ids=["in the light", "in the dark", "without JavaScript"],
)
def test_a_check_in_is_answered_and_lines_go_to_and_fro(
    demo_url: str, start_site: Callable[..., Site], phones: Phones, javascript: bool, dark: bool
) -> None:
    site = start_site(demo_url)
    agnes, ruth, alice = (Traveller(site, phones, javascript=javascript, dark=dark) for _person in range(3))
    agnes.be("Agnes")
    agnes.tap("Open: Ruth is thinking of you", OF_RUTH, role="link")
    here = re.sub(r"[#?].*", "", agnes.page.url)
    walk_id = re.findall(r"/walk/(\d+)", here)[0]
    before = agnes.page.get_by_text("· check-in").count()

    agnes.go(f"/walk/{walk_id}/check-in", "A steady check-in")
    agnes.tick("Sunday")
    agnes.tap("Change it", "A steady check-in")
    expect(agnes.page.get_by_role("heading", name=re.compile("Monday, Thursday,? and Sunday"))).to_be_visible()

    site.kill("clock")
    make_due(demo_url, walk_id)
    site.start_one("clock")
    agnes.go(here, OF_RUTH)
    wait_for_one_more(agnes.page, before)
    agnes.tap("It is steep today", OF_RUTH)
    agnes.page.get_by_label("A few lines for Ruth").fill("I slept, at least.")
    agnes.tap("Send", OF_RUTH)
    expect(agnes.page.get_by_text("I slept, at least.")).to_be_visible()

    ruth.be("Ruth")
    ruth.tap("Open: A few lines from Agnes", OF_AGNES, role="link")
    expect(ruth.page.get_by_text("It is steep today").last).to_be_visible()
    if javascript:  # what was on the screen for two seconds counts as seen
        with ruth.page.expect_response("**/thread/seen"):
            ruth.page.reload()
        ruth.page.reload()
    else:
        expect(ruth.page.get_by_text("New for you")).to_be_visible()
        ruth.tap("I have seen these", OF_AGNES)
    expect(ruth.page.get_by_text("New for you")).to_have_count(0)
    ruth.go(f"/walk/{walk_id}/check-in", "Agnes’s check-in")
    ruth.page.get_by_label("In your own words").fill("Thinking of you, and of your roses.")
    ruth.tap("Keep these words", "Agnes’s check-in")
    ruth.tap("Let it rest", "Agnes’s check-in")
    expect(ruth.page.get_by_text("You let it rest.")).to_be_visible()
    ruth.tap("Let it go on now", "Agnes’s check-in")

    agnes.page.get_by_label("A few lines for Ruth").fill("Some nights I do not want to wake up.")
    agnes.tap("Send", OF_RUTH)
    expect(agnes.page.get_by_text("Somebody is there right now, if you would like")).to_be_visible()
    assert (agnes._sideways(), agnes._axe()) == ([], [])
    agnes.tap("This is getting heavy", "It need not rest on you two alone", role="link")
    agnes.tap("Ask a coordinator in", OF_RUTH)

    alice.be("Alice")
    alice.go("/care", "Who waits")
    alice.tap("How to reach Agnes", "How to reach Agnes")
    assert "wake up" not in alice.page.content()
    alice.tap("I have been in touch", "Who waits")

    ruth.go(f"/walk/{walk_id}/thread/end", "Close this thread?")
    ruth.tap("Close it", OF_AGNES)
    agnes.go(here, OF_RUTH)
    expect(agnes.page.get_by_text("Ruth has closed this thread, which needs no reason.")).to_be_visible()
    expect(agnes.page.get_by_label("A few lines for Ruth")).to_have_count(0)
    ruth.tap("Open it again", OF_AGNES)
    assert agnes.faults | ruth.faults | alice.faults == {}
