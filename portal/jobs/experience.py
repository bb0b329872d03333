"""Back door of experience: a peer's word that they are ready grows old."""

from portal import clock
from portal.services import experience


def ask_ready_again() -> None:
    """Ask peers again whether they are ready."""
    experience.ask_ready_again(now=clock.now())
