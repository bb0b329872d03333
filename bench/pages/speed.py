"""How fast pages are answered, beside their ceilings: one client, both in turns, so that a disturbance hits both.

A page's rate is requests per second of the processor time that its server worked; two gunicorn workers have two cores.
"""

import statistics
from dataclasses import dataclass, field

from bench.pages.client import Client
from bench.pages.host import CEILING, Host, Page
from bench.report import Promise
from bench.work import seconds_worked

SHARE_OF_CEILING = 70.0
P99_MS = 5.0
WARM = 12
Row = dict[str, str | float | int]


@dataclass
class Measured:
    """One server and one page: what each request took in milliseconds, and what the server worked, in seconds."""

    client: Client
    path: str
    process: int
    times: list[float] = field(default_factory=list)
    worked: float = 0.0

    def go_on(self, times: int) -> None:
        """Ask so many times more."""
        before = seconds_worked(self.process)
        self.times += self.client.timed(self.path, times)
        self.worked += seconds_worked(self.process) - before

    @property
    def per_core(self) -> float:
        """Requests per second of processor time."""
        return len(self.times) / max(self.worked, 0.01)

    @property
    def p99(self) -> float:
        """The 99th percentile, in milliseconds."""
        return sorted(self.times)[int(len(self.times) * 0.99) - 1]


def speeds(running: Host, rounds: int, times: int) -> tuple[list[Row], list[Promise]]:
    """Measure every page beside its ceiling."""
    rows, promises = [], []
    for number, page in enumerate(running.pages):
        ours = Measured(Client(running.port, page.cookie), page.path, running.process)
        ceiling = Measured(Client(running.ceiling_port, page.cookie), CEILING.format(number), running.ceiling_process)
        for each in (ours, ceiling):
            each.client.timed(each.path, WARM)
        for _ in range(rounds):
            ours.go_on(times)
            ceiling.go_on(times)
        rows.append(_row(page, ours, ceiling))
        if page.promised:
            share = 100 * ours.per_core / ceiling.per_core
            promises.append(Promise(f"{page.name}, % of the ceiling", SHARE_OF_CEILING, round(share, 1), at_least=True))
            promises.append(Promise(f"{page.name}, p99 of one client in ms", P99_MS, round(ours.p99, 2)))
    return rows, promises


def _row(page: Page, ours: Measured, ceiling: Measured) -> Row:
    return {
        "page": page.name,
        "a second and core": round(ours.per_core),
        "ceiling, a second and core": round(ceiling.per_core),
        "of the ceiling %": round(100 * ours.per_core / ceiling.per_core, 1),
        "median ms": round(statistics.median(ours.times), 2),
        "p99 ms": round(ours.p99, 2),
        "ceiling median ms": round(statistics.median(ceiling.times), 2),
        "ceiling p99 ms": round(ceiling.p99, 2),
    }
