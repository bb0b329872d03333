"""Travel in words: which days go by which clock, and a time as the clock there shows it."""

from datetime import date, datetime

from flask_babel import gettext as _

from portal.domain.account import Actor
from portal.domain.slots import Hours
from portal.queries import own_hours as own_queries
from portal.web.slots.words import days_words
from portal.web.times import when_words, zone_words


def stays_words(actor: Actor, today: date) -> list[str]:
    """Return "Tuesday 3 March to Friday 6 March: Lisbon time" for each stay that is not over."""
    return [
        str(_("%(days)s: %(zone)s", days=days_words(row.first_day, row.last_day), zone=zone_words(row.zone)))
        for row in own_queries.stays_ahead(actor.id, today)
    ]


def zone_at(hours: Hours, instant: datetime, home: str) -> str:
    """Return the zone by whose clock a peer lives at an instant."""
    return next((stay.zone for stay in hours.stays if stay.covers(instant)), home)


def when_there(hours: Hours, instant: datetime, home: str) -> str:
    """Return a time by the clock of where the peer is then; the place is named where it is not home."""
    zone = zone_at(hours, instant, home)
    words = when_words(instant, zone)
    return words if zone == home else str(_("%(when)s, %(zone)s", when=words, zone=zone_words(zone)))
