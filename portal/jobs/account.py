"""Back door of the account: sealing the record of deeds, letting go of what is of no more use."""

from portal import clock
from portal.services import account, audit


def seal() -> None:
    """Chain what was recorded since the last time."""
    audit.seal()


def clear_out() -> None:
    """Let go of old codes, sign-ins and form keys."""
    account.clear_out(now=clock.now())
