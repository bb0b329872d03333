"""The walk: asking, shortlists, choices, approval, both yeses, reflection, resting, ending."""

from portal.services.matching.answering import lapse_due, not_now, say_yes
from portal.services.matching.approving import approve, hold, looked_at, release, swap
from portal.services.matching.asking import ask
from portal.services.matching.choosing import choose_again, choose_with_me, mark_shown, rank
from portal.services.matching.ending import end, end_due, farewell, someone_else, stop
from portal.services.matching.keeping import write_keepsake
from portal.services.matching.looking import look_again
from portal.services.matching.noting import note_written
from portal.services.matching.offering import ask_who_offers, close_offers, leave_it, offer
from portal.services.matching.reflecting import reflect
from portal.services.matching.reminding import remind_of_times
from portal.services.matching.resting import rest, walk_on
from portal.services.matching.seats import ease_seats
from portal.services.matching.shortlists import make_shortlists
from portal.services.matching.weighing import Weighed, weigh
from portal.services.matching.weights import CHANGED_MEANWHILE, seed_weights, set_weights

__all__ = [
    "CHANGED_MEANWHILE",
    "Weighed",
    "approve",
    "ask",
    "ask_who_offers",
    "choose_again",
    "choose_with_me",
    "close_offers",
    "ease_seats",
    "end",
    "end_due",
    "farewell",
    "hold",
    "lapse_due",
    "leave_it",
    "look_again",
    "looked_at",
    "make_shortlists",
    "mark_shown",
    "not_now",
    "note_written",
    "offer",
    "rank",
    "reflect",
    "release",
    "remind_of_times",
    "rest",
    "say_yes",
    "seed_weights",
    "set_weights",
    "someone_else",
    "stop",
    "swap",
    "walk_on",
    "weigh",
    "write_keepsake",
]
