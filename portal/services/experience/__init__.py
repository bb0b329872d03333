"""What people tell of themselves: the catalogue of topics, a member's needs, a peer's story and limits."""

from portal.services.experience.answers import pass_by, save_answers, save_words
from portal.services.experience.application import agree, apply_as_peer, approve_peer, note_reading
from portal.services.experience.finish import finish
from portal.services.experience.room import come_back, confirm_ready, lower_capacity, rest, set_capacity
from portal.services.experience.topics import NOT_IN_ORDER, Standing, choose_topics, order_topics, set_stages
from portal.services.experience.towns import save_place
from portal.services.experience.wishes import TraitGiven, WishGiven, save_traits, save_wishes

__all__ = [
    "NOT_IN_ORDER",
    "Standing",
    "TraitGiven",
    "WishGiven",
    "agree",
    "apply_as_peer",
    "approve_peer",
    "choose_topics",
    "come_back",
    "confirm_ready",
    "finish",
    "lower_capacity",
    "note_reading",
    "order_topics",
    "pass_by",
    "rest",
    "save_answers",
    "save_place",
    "save_traits",
    "save_wishes",
    "save_words",
    "set_capacity",
    "set_stages",
]
