"""When peers are free: their hours, policy and what is in the way, as domain/slots wants them; always as of now."""

from portal.queries.slots.free import FreeTime, busy_of, free_time, hours_and_policy, open_times
from portal.queries.slots.offers import Offer, offer_of, offers_of
from portal.queries.slots.openings import common_openings, half_hours, openings_by_part, times_told_of

__all__ = [
    "FreeTime",
    "Offer",
    "busy_of",
    "common_openings",
    "free_time",
    "half_hours",
    "hours_and_policy",
    "offer_of",
    "offers_of",
    "open_times",
    "openings_by_part",
    "times_told_of",
]
