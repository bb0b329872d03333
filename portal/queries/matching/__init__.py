"""Walks, suggestions and the weights they were made with."""

from portal.queries.matching.asked import Asking, Revealed, asked_of, asking, revealed
from portal.queries.matching.board import Waiting, waiting_board
from portal.queries.matching.cards import Card, cards
from portal.queries.matching.choice import Choice, Happened, Reflected, WishTold, choice, history
from portal.queries.matching.due import asked_walks, heavy_seats, lapsed_walks, questions_of, questions_of_suspended
from portal.queries.matching.fitting import (
    fitting,
    held_back,
    may_meet,
    nobody_fits,
    not_again,
    one,
    still_fits,
    worn_out,
)
from portal.queries.matching.reflected import Wrote, unread_reflections
from portal.queries.matching.topics import AskedTopic
from portal.queries.matching.values import member_value, member_values, peer_values, took_back, units_used
from portal.queries.matching.walks import (
    WalkView,
    cards_of,
    chosen_of,
    is_staff,
    latest_walk_of,
    live,
    open_walk_of,
    reflections_of,
    suggestions_of,
    walk_for,
    walk_to_change,
    walks_of_peer,
)
from portal.queries.matching.weights import domain_weights, newest_weights
from portal.queries.matching.why import Bar, Why, WhyTopic

__all__ = [
    "AskedTopic",
    "Asking",
    "Bar",
    "Card",
    "Choice",
    "Happened",
    "Reflected",
    "Revealed",
    "Waiting",
    "WalkView",
    "Why",
    "WhyTopic",
    "WishTold",
    "Wrote",
    "asked_of",
    "asked_walks",
    "asking",
    "cards",
    "cards_of",
    "choice",
    "chosen_of",
    "domain_weights",
    "fitting",
    "heavy_seats",
    "held_back",
    "history",
    "is_staff",
    "lapsed_walks",
    "latest_walk_of",
    "live",
    "may_meet",
    "member_value",
    "member_values",
    "newest_weights",
    "nobody_fits",
    "not_again",
    "one",
    "open_walk_of",
    "peer_values",
    "questions_of",
    "questions_of_suspended",
    "reflections_of",
    "revealed",
    "still_fits",
    "suggestions_of",
    "took_back",
    "units_used",
    "unread_reflections",
    "waiting_board",
    "walk_for",
    "walk_to_change",
    "walks_of_peer",
    "worn_out",
]
