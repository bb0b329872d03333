"""One function per letter: plain values in, a Letter out. Each has the name of its Kind."""

from portal.mail.letters.chat import ONLINE, Chat, cancellation, invitation, reminder_day, reminder_hours, update
from portal.mail.letters.sign_in import sign_in_code
from portal.mail.letters.walk import (
    asked_peer,
    both_yes,
    choice_approved,
    next_asked,
    peer_approved,
    reflect,
    shortlist_ready,
    swapped,
    walk_held,
)

__all__ = [
    "ONLINE",
    "Chat",
    "asked_peer",
    "both_yes",
    "cancellation",
    "choice_approved",
    "invitation",
    "next_asked",
    "peer_approved",
    "reflect",
    "reminder_day",
    "reminder_hours",
    "shortlist_ready",
    "sign_in_code",
    "swapped",
    "update",
    "walk_held",
]
