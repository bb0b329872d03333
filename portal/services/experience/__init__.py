"""What people tell of themselves: the catalogue of topics, a member's needs, a peer's story and limits."""

from portal.services.experience.answers import pass_by, save_answers, save_words
from portal.services.experience.application import agree, apply_as_peer, approve_peer, note_reading
from portal.services.experience.finish import finish
from portal.services.experience.looking_after import look_after
from portal.services.experience.readiness import ask_ready_again, confirm_ready, keep_readiness
from portal.services.experience.room import come_back, lower_capacity, rest, set_capacity, take_lowering_back
from portal.services.experience.topics import NOT_IN_ORDER, Standing, choose_topics, order_topics, set_stages
from portal.services.experience.towns import save_place
from portal.services.experience.wellbeing import (
    note_felt_read,
    say_felt,
    say_fine,
    settle_talk,
    take_talk_back,
    wish_talk,
)
from portal.services.experience.wishes import TraitGiven, WishGiven, save_traits, save_wishes

__all__ = [
    "NOT_IN_ORDER",
    "Standing",
    "TraitGiven",
    "WishGiven",
    "agree",
    "apply_as_peer",
    "approve_peer",
    "ask_ready_again",
    "choose_topics",
    "come_back",
    "confirm_ready",
    "finish",
    "keep_readiness",
    "look_after",
    "lower_capacity",
    "note_felt_read",
    "note_reading",
    "order_topics",
    "pass_by",
    "rest",
    "save_answers",
    "save_place",
    "save_traits",
    "save_wishes",
    "save_words",
    "say_felt",
    "say_fine",
    "set_capacity",
    "set_stages",
    "settle_talk",
    "take_lowering_back",
    "take_talk_back",
    "wish_talk",
]
