"""How long before a chat reminders come: each person's plan is a few leads, kept as "1d,120m"."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from portal.domain.notice.kind import Kind
from portal.domain.notice.wall_clock import at_wall

MOST_LEADS = 6
_CODE = re.compile(r"([1-9]\d{0,3})([dm])", re.ASCII)


@dataclass(frozen=True)
class Lead:
    """Days before at the same wall-clock time, or minutes before by the stopwatch: exactly one of them is not 0."""

    days: int = 0
    minutes: int = 0

    def __post_init__(self) -> None:
        if min(self.days, self.minutes) != 0 or max(self.days, self.minutes) < 1:
            raise ValueError("a lead is a number of days or a number of minutes")

    @property
    def code(self) -> str:
        """The lead as the outbox and a plan keep it: "1d", "120m"."""
        return f"{self.days}d" if self.days else f"{self.minutes}m"

    @property
    def kind(self) -> Kind:
        """The letter that tells of it."""
        return Kind.REMINDER_DAY if self.days else Kind.REMINDER_HOURS

    def before(self, starts_at: datetime, zone: str) -> datetime:
        """Return the instant (UTC) this long before a start, read on the clocks of the zone."""
        if self.minutes:
            return starts_at.astimezone(UTC) - timedelta(minutes=self.minutes)
        local = starts_at.astimezone(ZoneInfo(zone))
        return at_wall(local.date() - timedelta(days=self.days), local.time(), zone)


# The longest first: what a page offers to choose from.
OFFERED = (
    Lead(days=7),
    Lead(days=3),
    Lead(days=2),
    Lead(days=1),
    Lead(minutes=240),
    Lead(minutes=120),
    Lead(minutes=60),
    Lead(minutes=30),
    Lead(minutes=15),
)
USUAL_PLAN = (Lead(days=1), Lead(minutes=120))


@lru_cache(maxsize=512)
def plan_of(text: str) -> tuple[Lead, ...]:
    """Read a plan, the longest lead first and each once; ValueError for what is none, or has more than MOST_LEADS."""
    leads = {lead_of(code) for code in text.split(",") if code}
    if len(leads) > MOST_LEADS:
        raise ValueError("too many reminders")
    return tuple(sorted(leads, key=lambda lead: (-lead.days, -lead.minutes)))


def lead_of(code: str) -> Lead:
    """Read one lead; ValueError for what is none."""
    found = _CODE.fullmatch(code)
    if found is None:
        raise ValueError("not a lead")
    number, unit = int(found[1]), found[2]
    return Lead(days=number) if unit == "d" else Lead(minutes=number)


def plan_text(leads: Iterable[Lead]) -> str:
    """Return a plan as it is kept; empty for none."""
    return ",".join(lead.code for lead in leads)
