"""The walk: asking, shortlists, choices, approval, both yeses, reflection."""

from portal.services.matching.answering import lapse_due, not_now, say_yes
from portal.services.matching.approving import approve, hold, looked_at, release, swap
from portal.services.matching.asking import ask
from portal.services.matching.choosing import choose_again, choose_with_me, mark_shown, rank
from portal.services.matching.ending import someone_else, stop
from portal.services.matching.reflecting import reflect
from portal.services.matching.seats import ease_seats
from portal.services.matching.shortlists import make_shortlists
from portal.services.matching.weights import seed_weights

__all__ = [
    "approve",
    "ask",
    "choose_again",
    "choose_with_me",
    "ease_seats",
    "hold",
    "lapse_due",
    "looked_at",
    "make_shortlists",
    "mark_shown",
    "not_now",
    "rank",
    "reflect",
    "release",
    "say_yes",
    "seed_weights",
    "someone_else",
    "stop",
    "swap",
]
