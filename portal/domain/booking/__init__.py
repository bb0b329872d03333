"""Coffee chats: their states, what may still be done with them, how two people meet, closed times in words."""

from portal.domain.booking.ahead import BOOKABLE, MOST_AHEAD, full_sentence, room_ahead
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
    BookingState,
    Felt,
    OpenHourState,
    changeable,
)

__all__ = [
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
    "PEER_SENTENCES",
    "PLACE_LENGTH",
    "BookingState",
    "Felt",
    "Meeting",
    "OpenHourState",
    "changeable",
    "check_meeting",
    "full_sentence",
    "note_of",
    "place_of",
    "room_ahead",
    "sentence_for",
    "ways_to_meet",
]
