"""Takes the pictures of the README from a running demo site: `.venv/bin/python -m docs.pictures`."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page

from portal.launch import machine
from tests.journeys.test_whole_way import sign_up
from tests.journeys.traveller import Traveller
from tests.servers.browser import Phones, chromium_browser
from tests.servers.databases import DEMO, SqliteDatabases
from tests.servers.site import Site

PICTURES = Path(__file__).parent / "pictures"
LARGEST = 120_000
STRIP = 80  # the help lines stay at the top and would cover what is scrolled under them
PHONE, DESK = (360, 740), (1280, 720)


class Photographer:
    """Takes pictures of a site, each on a device of its own."""

    def __init__(self, site: Site, browser: Browser) -> None:
        self.site = site
        self.browser = browser
        self.too_large: list[str] = []

    def open(self, size: tuple[int, int] = PHONE, *, dark: bool = False) -> Page:
        """Return a page on a new device."""
        width, height = size
        context = self.browser.new_context(
            base_url=self.site.address,
            viewport={"width": width, "height": height},
            device_scale_factor=1.4 if size is PHONE else 1,
            color_scheme="dark" if dark else "light",
            timezone_id="America/New_York",
            locale="en-US",
        )
        return context.new_page()

    def as_somebody(self, words: str, size: tuple[int, int] = PHONE, *, dark: bool = False) -> Page:
        """Be the first of the invented people whose line holds these words."""
        page = self.open(size, dark=dark)
        page.goto("/demo")
        page.get_by_text("Everybody else").click()
        page.locator("details li").filter(has_text=words).first.get_by_role("button").click()
        page.wait_for_url("**/")
        return page

    def take(self, page: Page, name: str, begin: str = "body") -> None:
        """Keep what the device shows from this element on, without a ring of focus or a cursor."""
        page.evaluate("() => document.activeElement?.blur()")
        below = f"element => scrollTo(0, element.getBoundingClientRect().top + scrollY - {STRIP})"
        page.locator(begin).first.evaluate(below)
        path = PICTURES / f"{name}.png"
        page.screenshot(path=path, animations="disabled")
        if path.stat().st_size > LARGEST:
            self.too_large.append(f"{name}.png is larger than {LARGEST // 1000} kB")


def front(camera: Photographer) -> None:
    """The front page, in both lights."""
    for name, dark in (("front", False), ("front-dark", True)):
        page = camera.open(dark=dark)
        page.goto("/")
        camera.take(page, name)


def question(camera: Photographer, phones: Phones) -> None:
    """One question of a telling, as somebody new comes to it."""
    wren = Traveller(camera.site, phones)
    sign_up(wren)
    page = camera.open()
    page.context.add_cookies(wren.page.context.cookies())  # type: ignore[arg-type]
    page.goto("/experience/2")
    page.get_by_label("Look for a word").fill("hopeless")
    page.get_by_role("button", name="Look", exact=True).click()
    page.get_by_role("group", name="Found").wait_for()
    camera.take(page, "question", "main h1")


def member(camera: Photographer) -> None:
    """People to choose from, times, and a chat that is booked."""
    page = camera.as_somebody("has people to choose from")
    page.goto("/match")
    camera.take(page, "cards", "article.person")
    page = camera.as_somebody("member · both said yes")
    page.get_by_role("link", name="See times").first.click()
    page.get_by_role("heading", name="When shall we meet?").wait_for()
    camera.take(page, "times")
    page = camera.as_somebody("member · a first chat is booked", dark=True)
    page.get_by_role("link", name="Look at it").first.click()
    page.get_by_role("heading", name="Your coffee chat").wait_for()
    camera.take(page, "chat-dark")


def peer(camera: Photographer) -> None:
    """What a peer reads before saying yes."""
    page = camera.as_somebody("peer · somebody is being asked")
    page.goto("/asked")
    page.get_by_role("link", name="Read about it").first.click()
    page.get_by_role("heading", name="Somebody would like to walk with you").wait_for()
    camera.take(page, "asked", "main h1")


def peers_time(camera: Photographer) -> None:
    """A peer's week, and what members see of it with why a time is closed."""
    page = camera.as_somebody("Marisol")
    page.goto("/times")
    camera.take(page, "week", "main h1")
    page = camera.as_somebody("Luis")
    page.goto("/times/seen")
    camera.take(page, "seen", "main h2")


def rhythm(camera: Photographer) -> None:
    """A rhythm as it is looked at before it is set."""
    page = camera.as_somebody("Sylvie")
    page.locator("main a[href*='/walk/']").first.click()
    page.get_by_role("heading", level=1).wait_for()
    walk_id = page.url.partition("/walk/")[2].partition("/")[0]
    page.goto(f"/book/{walk_id}")
    page.locator("button[name=starts_at]").first.click()
    page.get_by_role("heading", name="Meet then?").wait_for()
    page.get_by_role("button", name="Book").click()
    page.get_by_role("heading", name="Your coffee chat").wait_for()
    page.get_by_role("link", name="Every week at this time?").first.click()
    page.get_by_role("heading", level=1).wait_for()
    camera.take(page, "rhythm", "main fieldset")


def check_in(camera: Photographer) -> None:
    """A check-in that waits for a tap, or for none, and what its peer sees of it."""
    page = camera.as_somebody("Agnes")
    page.get_by_role("link", name="Open: Ruth is thinking of you").click()
    page.get_by_role("heading", name="Between you and Ruth").wait_for()
    camera.take(page, "check-in", "#new")
    address = page.url.partition("/thread")[0]
    page = camera.as_somebody("Ruth", dark=True)
    page.goto(f"{address}/check-in")
    camera.take(page, "check-in-peer-dark", "main h1")


def letters(camera: Photographer) -> None:
    """What reminders come to for the next chat, and what letters show on a locked phone."""
    page = camera.as_somebody("member · a first chat is booked")
    page.goto("/account/reminders")
    page.get_by_label("3 days before").check()
    page.locator("#ahead dt").filter(has_text="3 days before").wait_for()
    camera.take(page, "reminders", "#what-comes")
    page = camera.as_somebody("member · a first chat is booked", dark=True)
    page.goto("/account/discretion")
    page.get_by_label("Words of your own").fill("Books are due")
    page.locator("#outside b").filter(has_text="Books are due").first.wait_for()
    camera.take(page, "outside-dark", "#outside")


def coordinator(camera: Photographer) -> None:
    """Who waits, why these two, and everybody together, on a desk."""
    page = camera.as_somebody("coordinator", DESK)
    page.goto("/care")
    camera.take(page, "board")
    page.locator("tbody a").first.click()
    page.get_by_text("Why these two").first.wait_for()
    camera.take(page, "why", "main .split")
    page.goto("/care/proposal")
    page.get_by_role("button", name="Propose for all who wait").click()
    page.get_by_role("heading", name="What was found").wait_for()
    camera.take(page, "everyone", "main h1")


def ending(camera: Photographer) -> None:
    """What two keep of a walk."""
    page = camera.as_somebody("Delphine", dark=True)
    page.get_by_role("link", name="Something to keep").first.click()
    page.get_by_role("heading", level=1).wait_for()
    camera.take(page, "keepsake-dark", "main h1")


def main() -> int:
    """Start a site, take all pictures, and say which are too large."""
    program = machine.chromium()
    if program is None:
        sys.stderr.write(machine.how_to_install("chromium", "--cask chromium") + "\n")
        return 1
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, chromium_browser(program) as browser:
        site = Site(SqliteDatabases(Path(folder)).fresh(DEMO), Path(folder) / "site")
        try:
            site.start()
            camera = Photographer(site, browser)
            front(camera)
            question(camera, Phones(browser))
            member(camera)
            peer(camera)
            peers_time(camera)
            rhythm(camera)
            check_in(camera)
            letters(camera)
            coordinator(camera)
            ending(camera)
        finally:
            site.stop()
    sys.stderr.writelines(f"{sentence}\n" for sentence in camera.too_large)
    return 1 if camera.too_large else 0


if __name__ == "__main__":
    sys.exit(main())
