"""Back door of the account: sealing the record of deeds."""

from portal.services import audit


def seal() -> None:
    """Chain what was recorded since the last time."""
    audit.seal()
