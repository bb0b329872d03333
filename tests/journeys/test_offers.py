"""A member asks who offers, a peer offers, the member picks, a coordinator agrees: on phones, also without scripts."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.traveller import Traveller
from tests.servers.browser import Phones
from tests.servers.site import Site

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
ASKS = "Somebody asks who would walk with them"


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_an_offer_leads_to_both_names(demo_site: Site, phones: Phones, javascript: bool) -> None:
    ravi, hana, alice = (Traveller(demo_site, phones, javascript=javascript) for _person in range(3))
    ravi.be("Ravi")
    ravi.go("/match", "People you could walk with")
    ravi.tap("See what they would read", "Ask who offers?", role="link")
    expect(ravi.page.get_by_text("They do not read your name")).to_be_visible()
    walk_id = re.findall(r"\d+", ravi.page.url.rpartition("/match/")[2])[0]
    ravi.tap("Ask who offers", "We have asked who offers")

    hana.be("Hana")
    expect(hana.page.get_by_role("heading", name=ASKS).first).to_be_visible()
    hana.go(f"/offers/{walk_id}", ASKS)
    assert "Ravi" not in hana.page.content()
    hana.tap("I would like to walk with them", "Asked of you")
    hana.go(f"/offers/{walk_id}", "You have offered to walk with somebody")

    ravi.go("/match", "Somebody has offered to walk with you")
    expect(ravi.page.get_by_role("button", name="Start with ")).to_have_count(1)
    ravi.tap("Something here is not right? Hana", "What we went by", role="link")
    ravi.go("/match", "Somebody has offered to walk with you")
    ravi.tap("Start with Hana", "You have chosen")

    alice.be("Alice")
    alice.go(f"/care/walks/{walk_id}", "Ravi")
    expect(alice.page.get_by_text("Hana has offered already.")).to_be_visible()
    alice.page.get_by_role("button", name="Approve Hana").first.click()
    alice.arrive(re.compile("Who waits|Ravi"))

    ravi.go("/match", "You and Hana")
    hana.go(f"/walk/{walk_id}", "You and Ravi")
    hana.go(f"/offers/{walk_id}", "This is settled")
    assert ravi.faults | hana.faults | alice.faults == {}
