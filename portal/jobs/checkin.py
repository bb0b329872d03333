"""Back door of check-ins: what is due goes out, and what is long over is forgotten."""

from portal import clock
from portal.services import checkin


def send_due() -> None:
    """Send the check-ins that are due."""
    checkin.send_due(now=clock.now())


def forget_old() -> None:
    """Forget the threads of walks that ended long ago."""
    checkin.forget_old(now=clock.now())
