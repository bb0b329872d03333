"""The demo community moves into an empty database: invented people, their walks and chats, and how they are."""

from datetime import datetime

from portal.cli.demo.calendars import add_calendars
from portal.cli.demo.notes import add_notes
from portal.cli.demo.open_hours import add_open_hours
from portal.cli.demo.people import add_people
from portal.cli.demo.threads import add_threads
from portal.cli.demo.waiting import add_waiting
from portal.cli.demo.walks import add_walks
from portal.cli.demo.wellbeing import add_wellbeing
from portal.data import community
from portal.db import transaction
from portal.queries import account as account_queries

__all__ = ["fill"]


def fill(*, now: datetime) -> bool:
    """Write the community, in time from now; returns False and does nothing where people live already."""
    if not account_queries.nobody_yet():
        return False
    everybody = community()
    with transaction() as session:
        ids = add_people(session, everybody.people, now)
        add_calendars(session, everybody.people, ids, now)
        add_open_hours(session, everybody.people, ids, now)
        add_walks(session, everybody, ids, now)
        add_waiting(session, ids, now)
        add_threads(session, now)
        add_notes(session, ids["alice"], now)
        add_wellbeing(session, everybody, ids, now)
    return True
