"""Somebody with a phone: goes from page to page as a person does, and looks at every new page with the eyes of axe."""

import re
import time
from collections.abc import Mapping
from urllib.parse import urlsplit

from playwright.sync_api import Page, ViewportSize, expect

from tests.servers.browser import Phones, axe_violations
from tests.servers.site import Site

NARROW: ViewportSize = {"width": 320, "height": 740}
PHONE: ViewportSize = {"width": 360, "height": 740}
CODE = re.compile(r"\b\d{3}\s?\d{3}\b")
LONGEST_WAIT = 30.0


class Traveller:
    """One person's phone; `seen` holds what was wrong with each page of the way, by the page's address."""

    def __init__(self, site: Site, phones: Phones, *, javascript: bool = True, dark: bool = False) -> None:
        self.site = site
        self.javascript = javascript
        self.page: Page = phones.open(site.address, javascript=javascript, dark=dark)
        self.seen: dict[str, list[str]] = {}

    @property
    def faults(self) -> dict[str, list[str]]:
        """Return what was wrong, by page."""
        return {where: wrong for where, wrong in self.seen.items() if wrong}

    @property
    def here(self) -> str:
        """Return where this is: two walks or two chats are one kind of page."""
        return re.sub(r"\d+", "…", urlsplit(self.page.url).path)

    def go(self, path: str, heading: str | re.Pattern[str]) -> None:
        """Open a page by its address."""
        self.page.goto(path)
        self.arrive(heading)

    def arrive(self, heading: str | re.Pattern[str]) -> None:
        """Wait for the page with this heading, then look at it if it is new."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)
        self.look()

    def look(self) -> None:
        """Look at the page once for each address and heading."""
        heading = self.page.get_by_role("heading", level=1).inner_text()
        where = f"{self.here} | {heading}"
        if where not in self.seen:
            self.seen[where] = [*self._frame(), *self._sideways(), *self._axe()]

    def tap(self, name: str | re.Pattern[str], heading: str | re.Pattern[str], *, role: str = "button") -> None:
        """Tap a button or link, and wait for the page it leads to."""
        self.page.get_by_role(role, name=name, exact=True).first.click()  # type: ignore[arg-type]
        self.arrive(heading)

    def tick(self, *labels: str) -> None:
        """Tick boxes or choose, by their labels."""
        for label in labels:
            self.page.get_by_label(re.compile(rf"^\s*{re.escape(label)}")).first.check()

    def wait_for(self, heading: str | re.Pattern[str]) -> None:
        """Open the same page again until somebody else's work is seen on it."""
        deadline = time.monotonic() + LONGEST_WAIT
        while not re.search(heading, self.page.get_by_role("heading", level=1).inner_text()):
            assert time.monotonic() < deadline, f"{self.page.url} does not become {heading}"
            self.page.reload()
        self.look()

    def sign_in(self, address: str, heading: str | re.Pattern[str], letters: int = 1) -> None:
        """Ask for a code, take it out of the real mailbox and type it."""
        self.page.get_by_label("Your e-mail address").fill(address)
        self.tap("Send me a code", "Look in your mail")
        self.page.get_by_label("Your code").fill(self.code_for(address, letters))
        self.tap("Go on", heading)

    def code_for(self, address: str, letters: int = 1) -> str:
        """Return the code in a letter."""
        body = self.site.wait_for_letter(address, letters).get_body(("plain",))
        assert body is not None
        found = CODE.search(body.get_content())
        assert found is not None
        return found.group()

    def agree(self, name: str) -> None:
        """Read what stays between us, agree, and give a name."""
        self.tick("I am 18 or older", "I have read this", "You may use what I tell you", "You may write to me")
        self.tap("Go on", "Your name and your clock")
        self.page.get_by_label("What shall we call you?").fill(name)
        self.page.get_by_label("Which clock do you live by?").select_option("Europe/Berlin")

    def be(self, name: str) -> None:
        """Be one of the invented people."""
        self.go("/demo", "Be one of them for a while")
        button = self.page.get_by_role("button", name=f"Be {name}", exact=True).first
        if not button.is_visible():
            self.page.get_by_text("Everybody else").click()
        button.click()
        self.arrive(f"Hello, {name}")

    def be_who(self, words: str) -> None:
        """Be the first of the invented people whose line says this."""
        self.go("/demo", "Be one of them for a while")
        self.page.get_by_text("Everybody else").click()
        self.page.locator("details li").filter(has_text=words).first.get_by_role("button").click()
        self.arrive(re.compile("^Hello, "))

    def _frame(self) -> list[str]:
        """Help lines and the way out stand on every page."""
        wrong = []
        call = self.page.locator(".strip a[href^='tel:']").first
        if not call.is_visible():
            wrong.append("no help line in sight")
        if not self.page.locator("form.leave button").is_visible():
            wrong.append("no way to leave")
        return wrong

    def _sideways(self) -> list[str]:
        self.page.set_viewport_size(NARROW)
        size: Mapping[str, int] = self.page.evaluate(
            "() => ({page: document.scrollingElement.scrollWidth, phone: innerWidth})"
        )
        self.page.set_viewport_size(PHONE)
        return [f"{size['page']} px wide on a phone of {size['phone']}"] if size["page"] > NARROW["width"] else []

    def _axe(self) -> list[str]:
        return axe_violations(self.page) if self.javascript else []
