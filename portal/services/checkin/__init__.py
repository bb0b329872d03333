"""Verbs of the thread between two people and of its check-in; one public function is one transaction."""

from portal.services.checkin.ending import end_thread, open_again
from portal.services.checkin.heavy import bring_in, in_touch, look_how_to_reach
from portal.services.checkin.holding import go_on, hold, write_words
from portal.services.checkin.keeping import forget_old
from portal.services.checkin.lines import answer, mark_seen, write
from portal.services.checkin.rhythm import set_check_in, stop_check_in
from portal.services.checkin.sending import send_due
from portal.services.checkin.texting import agree_to_texts, take_text

__all__ = [
    "agree_to_texts",
    "answer",
    "bring_in",
    "end_thread",
    "forget_old",
    "go_on",
    "hold",
    "in_touch",
    "look_how_to_reach",
    "mark_seen",
    "open_again",
    "send_due",
    "set_check_in",
    "stop_check_in",
    "take_text",
    "write",
    "write_words",
]
