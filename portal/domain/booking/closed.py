"""Why a time is closed, said to the member or to the peer themselves."""

from collections.abc import Mapping

from portal.domain.matching.walk import Actor
from portal.domain.slots import Closed
from portal.domain.words import N_


def sentence_for(closed: Closed, reader: Actor) -> str:
    """Return why a time is closed, said to the member or to the peer themselves; marked for translation."""
    return PEER_SENTENCES[closed] if reader is Actor.PEER else closed.sentence


PEER_SENTENCES: Mapping[Closed, str] = {
    Closed.OUTSIDE_HOURS: N_("That time is outside your hours. Other times are open."),
    Closed.OFF_GRID: N_("Your chats start at set times, and that is not one of them. Please pick another time."),
    Closed.TIME_OFF: N_("You are taking time off then. Other times are open."),
    Closed.OTHER_WAY: N_("You offered other ways to meet for that time. Another way or another time may be open."),
    Closed.TAKEN: N_("That time is no longer free. Please pick another time."),
    Closed.CALENDAR: N_("Something stands in your own calendar then. Please pick another time."),
    Closed.OPEN_HOUR: N_("You keep an open hour then. Please pick another time."),
    Closed.MEMBER_TAKEN: N_("The person you meet is not free then. Please pick another time."),
    Closed.REST: N_("That time is very close to another chat. We keep some rest between chats."),
    Closed.TOO_SOON: N_("That is sooner than the notice you asked for. Later times are open."),
    Closed.TOO_FAR: N_("That is further ahead than your chats can be booked. Earlier times are open."),
    Closed.CAP_DAY: N_("You have as many chats that day as you wished for. Another day may be open."),
    Closed.CAP_WEEK: N_("You have as many chats that week as you wished for. Another week may be open."),
    Closed.PAST: N_("That time has gone by. Please pick a later one."),
}
