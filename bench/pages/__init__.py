"""Weight and speed of pages: over HTTP against two gunicorn workers on a site where 10,000 wait.

Speed is told beside the ceiling of each page, measured in turns in the same run; weight with all headers, as a browser
of today asks for it; and when the largest part of a page is drawn, in Chromium on a slow phone and a slow line.
"""

import tempfile
from pathlib import Path

from bench.pages.host import host
from bench.pages.paint import painted
from bench.pages.speed import speeds
from bench.pages.weight import weights
from bench.report import Report

__all__ = ["measure"]


def measure(quick: bool) -> Report:
    """Start a site where thousands wait and measure its pages."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, host(Path(folder)) as running:
        tables = [
            speeds(running, rounds=4 if quick else 10, times=25 if quick else 100),
            weights(running),
            painted(running, times=3 if quick else 9),
        ]
    return Report(
        "pages", [row for rows, _ in tables for row in rows], [kept for _, promises in tables for kept in promises]
    )
