"""What pages weigh on the line, headers and all, for a browser that takes zstd, brotli and gzip."""

import re

import brotli

from bench.pages.client import Client, Received, assets_of
from bench.pages.host import Host, Page
from bench.report import Promise

FIRST_RESPONSE_KB, FIRST_VISIT_KB, FRAGMENT_KB, REPEAT_KB = 14.6, 30.0, 3.0, 6.0
YEAR_SECONDS = 365 * 24 * 3600
AGE = re.compile(r"max-age=(\d+)")
Row = dict[str, str | float | int]


def weights(running: Host) -> tuple[list[Row], list[Promise]]:
    """Weigh every page as a first and as a repeated visit, and the fragment where there is one."""
    rows, promises = [], []
    for page in running.pages:
        client = Client(running.port, page.cookie)
        first, assets = _visit(client, page.path)
        again, same = _visit(client, page.path, first.headers.get("ETag", ""))
        fragment = _fragment(client, page)
        weighed = {
            "first response": (first.weight, FIRST_RESPONSE_KB),
            "first visit": (first.weight + sum(asset.weight for asset in assets.values()), FIRST_VISIT_KB),
            "repeated visit": (
                again.weight + sum(_asked_again(same[path]) if path in assets else same[path].weight for path in same),
                REPEAT_KB,
            ),
            **({"fragment": (fragment.weight, FRAGMENT_KB)} if fragment else {}),
        }
        row: Row = {"page": page.name}
        for name in NAMES:
            row[f"{name} kB"] = round(weighed[name][0] / 1000, 1) if name in weighed else "–"
        rows.append(row)
        promises += [
            Promise(f"{name} of {page.name}, kB", limit, round(weight / 1000, 1))
            for name, (weight, limit) in weighed.items()
        ]
    return rows, promises


NAMES = ("first response", "first visit", "repeated visit", "fragment")


def _visit(client: Client, path: str, held: str = "") -> tuple[Received, dict[str, Received]]:
    """Return a page and the files that it loads, by address; what comes with these is kept for the next visit."""
    page = client.get(path, **({"If_None_Match": held} if held else {}))
    text = brotli.decompress(page.body).decode() if page.status == 200 else ""
    return page, {asset: client.get(asset) for asset in assets_of(text)}


def _fragment(client: Client, page: Page) -> Received | None:
    """What HTMX gets of the same address, where it is another answer than the page."""
    found = client.get(page.path, HX_Request="true")
    return None if b"<html" in client.get(page.path, HX_Request="true", Accept_Encoding="identity").body else found


def _asked_again(asset: Received) -> int:
    """What a file costs that the browser has already: nothing where it may be kept for a year under this address."""
    age = AGE.search(asset.headers.get("Cache-Control", ""))
    return 0 if age and int(age[1]) >= YEAR_SECONDS else asset.weight
