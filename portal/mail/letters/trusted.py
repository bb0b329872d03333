"""The letter to somebody's person of trust: who asked for it and what they said; never with whom, where, or why."""

from datetime import datetime

from portal.domain.account import Discretion
from portal.domain.booking.safe_coffee import Tell
from portal.domain.notice import Kind, one_line
from portal.mail import when
from portal.mail.letter import CrisisLine, Letter, Reader
from portal.mail.render import render


def trusted(
    name: str, to_name: str, tell: Tell, home_by: datetime, *, language: str, zone: str, lines: tuple[CrisisLine, ...]
) -> Letter:
    """Tell that `name` has arrived, is home, or has not said so by `home_by`; in the words and zone of who asked."""
    # Whoever reads this never chose how open letters may be: it is a quiet one, whatever the sender chose.
    reader = Reader(language, zone, Discretion.DISCREET, lines)
    by = f"{when.clock(home_by, zone, language)} ({when.zone_name(home_by, zone, language)})"
    return render(Kind.TRUSTED, reader, name=one_line(name), to_name=one_line(to_name), tell=tell.value, by=by)
