"""Back door of the outbox: what the queue and the clock call; ids in, one verb."""

from portal import clock
from portal.services.notice import deliver as delivery
from portal.services.notice import sweep as sweeping


def deliver(*notice_ids: int) -> None:
    """Send these letters."""
    delivery.deliver(*notice_ids, now=clock.now())


def sweep() -> None:
    """Post what is due and free what is held too long."""
    sweeping.sweep(now=clock.now())


def beat() -> None:
    """Show that the clock runs and ask the worker for a sign."""
    sweeping.beat(now=clock.now())


def pulse() -> None:
    """Show that the worker runs."""
    sweeping.pulse(now=clock.now())


def purge() -> None:
    """Forget what is old."""
    sweeping.purge(now=clock.now())
