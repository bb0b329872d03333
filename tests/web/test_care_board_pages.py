"""The board when many wait: a page at a time by links, counted once while nothing is done, the longest wait first."""

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.db import transaction
from portal.domain.matching.walk import State
from portal.models import Walk
from portal.queries import matching as matching_queries
from portal.services import matching
from tests.matching_cast import Hill
from tests.services.outbox import add_person
from tests.web.account_steps import Watch
from tests.web.test_care import main_of, staff_browser

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
WAITING = 2 * matching_queries.ROWS + 3
NAME = re.compile(r'<th scope="row"><a href="[^"]+">([^<]+)</a>')


@pytest.fixture
def crowd(app: Flask, now: datetime) -> list[str]:
    """Names of many who wait, the longest wait first."""
    names = [f"Member {chr(65 + number % 26)}{number}" for number in range(WAITING)]
    with app.app_context():
        members = [add_person(name, now) for name in names]
        with transaction() as session:
            for number, member_id in enumerate(members):
                at = now - timedelta(hours=12) + timedelta(minutes=number)
                session.add(Walk(member_id=member_id, state=State.SHORTLISTED, asked_at=at, since=at))
    return names


@pytest.fixture
def alice(app: Flask, hill: Hill, watch: Watch) -> FlaskClient:
    """Alice's browser, the second step done."""
    return staff_browser(app, hill.coordinator, watch.time)


def names_on(page: str) -> list[str]:
    return NAME.findall(page)


def test_many_who_wait_are_read_a_page_at_a_time_by_links(crowd: list[str], alice: FlaskClient) -> None:
    page, found = main_of(alice, "/care"), []
    while True:
        found.append(names_on(page))
        following = re.search(r'rel="next" href="([^"]+)"', page)
        if following is None:
            break
        page = main_of(alice, following[1].replace("&amp;", "&"))
    assert [len(names) for names in found] == [matching_queries.ROWS, matching_queries.ROWS, 3]
    assert [name for names in found for name in names] == crowd
    assert (f"{WAITING - 2} to {WAITING} of {WAITING}" in page, 'rel="prev"' in page) == (True, True)


def test_the_pages_keep_what_is_shown_and_its_order(crowd: list[str], alice: FlaskClient) -> None:
    second = main_of(alice, "/care?show=all&sort=name&page=2")
    assert names_on(second) == sorted(crowd, key=str.casefold)[matching_queries.ROWS : 2 * matching_queries.ROWS]
    assert re.findall(r'rel="(\w+)" href="([^"]+)"', second) == [
        ("prev", "/care?show=all&amp;sort=name&amp;page=1"),
        ("next", "/care?show=all&amp;sort=name&amp;page=3"),
    ]


@pytest.mark.parametrize(("asked", "page"), [("0", 1), ("-1", 1), ("x", 1), ("²", 1), ("9" * 30, 1), ("99", 3)])
def test_a_page_that_is_not_there_becomes_the_nearest(
    crowd: list[str], alice: FlaskClient, asked: str, page: int
) -> None:
    assert main_of(alice, f"/care?show=all&page={asked}") == main_of(alice, f"/care?show=all&page={page}")


def test_few_who_wait_have_no_pages(alice: FlaskClient, hill: Hill, app: Flask, now: datetime) -> None:
    with app.app_context():
        matching.ask(hill.member, key="", now=now)
    page = main_of(alice, "/care")
    assert (len(names_on(page)), "More of this list" in page) == (1, False)


def test_the_counts_follow_what_is_done_at_once_and_time_within_a_minute(
    app: Flask, alice: FlaskClient, hill: Hill, watch: Watch
) -> None:
    def counts() -> list[str]:
        return re.findall(r"\((\d+)\)", main_of(alice, "/care?show=all"))

    assert counts() == ["0", "0", "0", "0"]
    with app.app_context():
        walk_id = matching.ask(hill.member, key="", now=watch.time)
    assert counts() == ["0", "1", "0", "0"]
    with app.app_context():
        matching.rank(walk_id, hill.member, hill.peers, revision=None, key="", now=watch.time)
    assert counts() == ["1", "1", "0", "0"]
    watch.turn(days=3, seconds=-30)
    alice = staff_browser(app, hill.coordinator, watch.time)
    assert counts() == ["1", "1", "0", "0"]
    watch.turn(seconds=59)
    assert counts() == ["1", "1", "0", "0"]
    watch.turn(seconds=1)
    assert counts() == ["1", "1", "0", "1"]


def test_more_who_have_gone_quiet_than_the_board_holds_are_a_link_away(
    app: Flask, crowd: list[str], hill: Hill, watch: Watch
) -> None:
    watch.turn(days=15)
    alice = staff_browser(app, hill.coordinator, watch.time)
    page = main_of(alice, "/care")
    assert page.count("last here on") == 10
    [link] = re.findall(rf'href="([^"]+)">All {WAITING} of them', page)
    assert names_on(main_of(alice, link)) == crowd[: matching_queries.ROWS]


def test_somebody_new_on_the_board_does_not_wait_for_the_count(app: Flask, alice: FlaskClient, now: datetime) -> None:
    main_of(alice, "/care?show=all")
    with app.app_context():
        member_id = add_person("Behind", now)
        with transaction() as session:
            session.add(Walk(member_id=member_id, state=State.ASKED, asked_at=now, since=now))
    assert names_on(main_of(alice, "/care?show=all")) == ["Behind"]
