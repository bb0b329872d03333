"""When somebody is told of what is new in their thread: several lines within a while make one notice."""

from datetime import datetime, timedelta

from portal.domain.notice.wall_clock import QuietHours
from portal.domain.words import N_

# So long a notice waits for further lines, or for its reader to have seen them on the page.
GATHERED = timedelta(minutes=5)
APART = timedelta(hours=1)
WHILE = timedelta(minutes=10)
MOST_IN_A_WHILE = 30
TOO_MANY = N_("That was a lot in a short time. Please wait a few minutes; what you wrote is still here.")


def notice_due(now: datetime, last_due: datetime | None, zone: str, quiet: QuietHours) -> datetime:
    """When the notice of a new line is due; the last one of this thread was due then. Quiet hours put it off."""
    earliest = now + GATHERED
    if last_due is not None:
        earliest = max(earliest, last_due + APART)
    return quiet.over(earliest, zone)
