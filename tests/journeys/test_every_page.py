"""Every page that links lead to, for people at several points of their way: in the dark, by axe, and 320 px wide."""

import re
from collections import deque
from urllib.parse import urljoin, urlsplit

import pytest

from tests.journeys.traveller import Traveller
from tests.servers.browser import Phones
from tests.servers.site import Site

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
FILES = (".csv", ".ics", ".svg", ".txt")
SOMEBODY = (
    "member · has asked, and waits",
    "member · has people to choose from",
    "member · both said yes",
    "member · a first chat is booked",
    "member · they have met",
    "member · walking together",
    "member · coming to its end",
    "member · has walked it to the end",
    "peer · somebody is being asked",
    "peer · a first chat is booked",
    "coordinator",
)
EVERYBODYS = {"/", "/sign-in", "/help", "/demo", "/demo/letters", "/demo/letters/…", "/account"}
MEMBERS = {
    "/experience",
    "/experience/5",
    "/match",
    "/walk/…",
    "/book/…",
    "/chat/…",
    "/chat/…/move",
    "/chat/…/cancel",
    "/match/understood",
    "/match/…/who-offers",
}
WALKERS = {"/walk/…", "/walk/…/rest", "/walk/…/end", "/walk/…/goodbye", "/walk/…/keepsake", "/walks"} | {
    *("/walk/…/thread", "/walk/…/thread/heavy", "/walk/…/thread/end", "/walk/…/check-in"),
}
PEERS = {"/asked", "/asked/…"}
HOURS = {
    *("/times", "/times/chats", "/times/dates", "/times/days/…/copy", "/times/holidays", "/times/off"),
    *("/times/places", "/times/places/…", "/times/seasons", "/times/seen", "/times/travel"),
}
COORDINATORS = {"/care", "/care/walks/…", "/care/peers", "/care/promises", "/care/measures", "/care/weights"}


def kind_of(address: str) -> str:
    """Two walks, chats or letters have one kind of page; the questions of a telling are numbered, each its own."""
    if urlsplit(address).path.startswith("/demo/letters/"):
        return "/demo/letters/…"
    if urlsplit(address).path.startswith("/experience"):
        return urlsplit(address).path
    return re.sub(r"\d+", "…", urlsplit(address).path)


def links(traveller: Traveller) -> list[str]:
    """Return the addresses of this site that the page links to."""
    found = traveller.page.eval_on_selector_all("a[href]", "all => all.map(one => one.href)")
    here = traveller.site.address
    return [urljoin(here, link) for link in found if link.startswith(here) and not urlsplit(link).path.endswith(FILES)]


def walk_everywhere(traveller: Traveller) -> set[str]:
    """Open one page of each kind, beginning at home; returns the kinds."""
    waiting, known = deque([f"{traveller.site.address}/"]), {"/"}
    while waiting:
        address = waiting.popleft()
        answer = traveller.page.goto(address)
        assert (address, answer and answer.status) == (address, 200)
        traveller.look()
        for link in links(traveller):
            if kind_of(link) not in known:
                known.add(kind_of(link))
                waiting.append(link)
    return known


def test_nobody_finds_anything_wrong_with_any_page(demo_site: Site, phones: Phones) -> None:
    somebody = Traveller(demo_site, phones, dark=True)
    known = walk_everywhere(somebody)
    for words in SOMEBODY:
        somebody.be_who(words)
        known |= walk_everywhere(somebody)
    assert known >= EVERYBODYS | MEMBERS | WALKERS | PEERS | HOURS | COORDINATORS
    assert somebody.faults == {}
