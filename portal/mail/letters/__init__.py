"""One function per letter: plain values in, a Letter out. Each has the name of its Kind."""

from portal.mail.letters.chat import ONLINE, Chat, cancellation, invitation, reminder_day, reminder_hours, update
from portal.mail.letters.sign_in import sign_in_code
from portal.mail.letters.trusted import trusted
from portal.mail.letters.walk import (
    asked_peer,
    both_yes,
    choice_approved,
    find_a_time,
    keepsake,
    next_asked,
    offer_asked,
    offer_made,
    peer_approved,
    ready_again,
    reflect,
    shortlist_ready,
    swapped,
    walk_ending,
    walk_goes_on,
    walk_held,
    walk_rests,
)

__all__ = [
    "ONLINE",
    "Chat",
    "asked_peer",
    "both_yes",
    "cancellation",
    "choice_approved",
    "find_a_time",
    "invitation",
    "keepsake",
    "next_asked",
    "offer_asked",
    "offer_made",
    "peer_approved",
    "ready_again",
    "reflect",
    "reminder_day",
    "reminder_hours",
    "shortlist_ready",
    "sign_in_code",
    "swapped",
    "trusted",
    "update",
    "walk_ending",
    "walk_goes_on",
    "walk_held",
    "walk_rests",
]
