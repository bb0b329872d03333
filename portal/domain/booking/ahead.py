"""How many chats two people may have ahead of them: one until the first coffee has been, several after it."""

from portal.domain.matching.walk import TOGETHER, State
from portal.domain.words import N_

MOST_AHEAD = 12

# A chat may be booked from here; the one that is set already stands in FIRST_COFFEE, and two who rest book none.
BOOKABLE: frozenset[State] = TOGETHER - {State.FIRST_COFFEE, State.RESTING}
BEFORE_THE_FIRST: frozenset[State] = frozenset({State.BOTH_YES, State.FIRST_COFFEE})

ONE_AT_A_TIME = N_("You two already have a chat ahead of you. Its page says how to change it.")
ENOUGH_AHEAD = N_(
    "You two have twelve chats ahead of you, as many as can be booked. The page of each says what you can change."
)


def room_ahead(state: State, ahead: int) -> int:
    """Return how many more chats may be set for a walk in this state with this many booked ahead."""
    if state not in BOOKABLE:
        return 0
    return max(0, (1 if state in BEFORE_THE_FIRST else MOST_AHEAD) - ahead)


def full_sentence(state: State) -> str:
    """Return what to say where there is no room for one more chat; marked for translation."""
    return ONE_AT_A_TIME if state in BEFORE_THE_FIRST else ENOUGH_AHEAD
