"""Coffee chats: their states, what may still be done with them, how two people meet, closed times in words."""

from portal.domain.booking.ahead import BEFORE_THE_FIRST, BOOKABLE, MOST_AHEAD, full_sentence, room_ahead
from portal.domain.booking.closed import PEER_SENTENCES, sentence_for
from portal.domain.booking.meeting import (
    LENGTHS_OFFERED,
    NOT_OFFERED,
    NOTE_LENGTH,
    PLACE_LENGTH,
    Meeting,
    check_meeting,
    note_of,
    place_of,
    ways_to_meet,
)
from portal.domain.booking.states import (
    BEGUN,
    CHANGED,
    FELT_WORDS,
    HAS_BEEN,
    LIVE,
    NOT_THE_TIME,
    BookingState,
    Felt,
    OpenHourState,
    changeable,
    may_say_not_made,
)
from portal.domain.booking.undo import TIME_GONE, UNDO_OVER, stands_free, undone_until

__all__ = [
    "BEFORE_THE_FIRST",
    "BEGUN",
    "BOOKABLE",
    "CHANGED",
    "FELT_WORDS",
    "HAS_BEEN",
    "LENGTHS_OFFERED",
    "LIVE",
    "MOST_AHEAD",
    "NOTE_LENGTH",
    "NOT_OFFERED",
    "NOT_THE_TIME",
    "PEER_SENTENCES",
    "PLACE_LENGTH",
    "TIME_GONE",
    "UNDO_OVER",
    "BookingState",
    "Felt",
    "Meeting",
    "OpenHourState",
    "changeable",
    "check_meeting",
    "full_sentence",
    "may_say_not_made",
    "note_of",
    "place_of",
    "room_ahead",
    "sentence_for",
    "stands_free",
    "undone_until",
    "ways_to_meet",
]
