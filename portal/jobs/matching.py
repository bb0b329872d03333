"""Back door of matching: shortlists for whoever waits, the next peer where one has let the time pass."""

from portal import clock
from portal.services import matching


def move_on() -> None:
    """Move on whatever waits for the portal itself."""
    now = clock.now()
    matching.lapse_due(now=now)
    matching.close_offers(now=now)
    matching.make_shortlists(now=now)
    matching.ease_seats(now=now)
    matching.remind_of_times(now=now)
    matching.end_due(now=now)
