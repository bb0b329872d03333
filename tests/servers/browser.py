"""A real Chromium, phone-sized."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from portal.launch.places import ROOT

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
OpenPhone = Callable[..., Page]


@contextmanager
def chromium_browser(program: str) -> Iterator[Browser]:
    """Run this Chromium until the block ends."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=QUIET)
        yield browser
        browser.close()


class Phones:
    """Opens phones, each with cookies of its own, and closes them all in the end."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.contexts: list[BrowserContext] = []

    def open(
        self,
        base_url: str,
        *,
        javascript: bool = True,
        width: int = 360,
        height: int = 740,
        dark: bool = False,
        zone: str = "Europe/Berlin",
    ) -> Page:
        """Return a page on a new phone in this time zone."""
        context = self.browser.new_context(
            base_url=base_url,
            viewport={"width": width, "height": height},
            java_script_enabled=javascript,
            color_scheme="dark" if dark else "light",
            timezone_id=zone,
            locale="en-GB",
            has_touch=True,
        )
        context.set_default_timeout(15_000)
        self.contexts.append(context)
        return context.new_page()

    def close(self) -> None:
        """Close every phone."""
        for context in self.contexts:
            context.close()


def axe_violations(page: Page) -> list[str]:
    """Return what axe finds on the page as it is now, one line each."""
    page.evaluate((ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("async () => (await axe.run()).violations")
    return [f"{one['id']}: {node['target']} {node['failureSummary']}" for one in found for node in one["nodes"]]


def read_by_ical_js(page: Page, invitation: str) -> dict[str, object]:
    """Return what ical.js reads in an invitation; start and end are ISO instants."""
    page.evaluate((ROOT / "node_modules" / "ical.js" / "dist" / "ical.es5.min.cjs").read_text(encoding="utf-8"))
    read: dict[str, object] = page.evaluate(
        """text => {
            const calendar = new ICAL.Component(ICAL.parse(text));
            const component = calendar.getFirstSubcomponent("vevent");
            const event = new ICAL.Event(component);
            return {
                method: calendar.getFirstPropertyValue("method"),
                uid: event.uid,
                sequence: event.sequence,
                status: component.getFirstPropertyValue("status"),
                summary: event.summary,
                start: event.startDate.toJSDate().toISOString(),
                end: event.endDate.toJSDate().toISOString(),
            };
        }""",
        invitation,
    )
    return read
