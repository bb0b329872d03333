"""Coffee chats and the two people of a walk, fetched for one of the two; a walk that has ended gives nothing."""

from portal.queries.booking.chats import Chat, chat_for, chats_ahead
from portal.queries.booking.pairs import Offer, Pair, offer_of, pair_for
from portal.queries.booking.rows import (
    booking_to_change,
    holds_of,
    invitation_of,
    live_of_walk,
    lock_everybody,
    lock_people,
    lock_walkers,
    over,
    states_kept,
    waiting_of_walk,
    walk_of,
)
from portal.queries.booking.standing import Standing, standing_of
from portal.queries.booking.terms import Place, Terms, terms_of
from portal.queries.booking.two import Two, formats_of, same_two, times_of, times_until, two_of_chat, two_of_walk

__all__ = [
    "Chat",
    "Offer",
    "Pair",
    "Place",
    "Standing",
    "Terms",
    "Two",
    "booking_to_change",
    "chat_for",
    "chats_ahead",
    "formats_of",
    "holds_of",
    "invitation_of",
    "live_of_walk",
    "lock_everybody",
    "lock_people",
    "lock_walkers",
    "offer_of",
    "over",
    "pair_for",
    "same_two",
    "standing_of",
    "states_kept",
    "terms_of",
    "times_of",
    "times_until",
    "two_of_chat",
    "two_of_walk",
    "waiting_of_walk",
    "walk_of",
]
