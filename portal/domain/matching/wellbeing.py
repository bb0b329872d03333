"""A peer's own well-being: when a rest and a talk are offered, and how many peers one coordinator should look after."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from portal.domain.booking import Felt
from portal.domain.matching.capacity import UNITS, Phase
from portal.domain.words import N_

LATELY = timedelta(days=60)
LAST_CHATS = 3
HEAVY_CHATS = 2
NEARLY_FULL_PERCENT = 80
FINE_FOR = timedelta(days=14)
FELT_ASKED_FOR = timedelta(days=7)
# North Carolina's standard: at most 8 peers a supervisor.
PEERS_A_COORDINATOR = 8

NOT_YET = N_("This chat has not been yet. Afterwards you can say how it was for you, if you like.")
# How long the page somebody comes back to offers to change what was just said about a chat.
CHANGE_OFFERED_FOR = timedelta(hours=1)

FELT_SINCE = N_(
    "You have said something else about this chat since then. It stays as you said; you can change it here."
)
FELT_NOT_OFFERED = N_("Please choose light, in between or heavy.")


class Strain(StrEnum):
    """Why a rest and a talk are offered to a peer, what weighs most first."""

    HEAVY = "heavy"
    FULL = "full"


OFFER_WORDS = N_("Would a rest or a talk be good?")
STRAIN_WORDS: Mapping[Strain, str] = {
    Strain.HEAVY: N_("The last chats were heavy for you, as you said."),
    Strain.FULL: N_("You walk with as many people as you have room for."),
}
STRAIN_FOR_COORDINATOR: Mapping[Strain, str] = {
    Strain.HEAVY: N_("The last chats were heavy for them."),
    Strain.FULL: N_("They walk with as many people as they have room for."),
}


class KindWord(StrEnum):
    """What would be good for a peer before anything new is asked of them."""

    TALK = "talk"
    WORD = "word"


KIND_WORDS: Mapping[KindWord, str] = {
    KindWord.TALK: N_("Would like a talk"),
    KindWord.WORD: N_("A kind word would be good"),
}


class Load(StrEnum):
    """How much one coordinator carries, by the peers they look after."""

    WELL = "well"
    FULL = "full"
    OVER = "over"


def near_limit(capacity_halves: int, carried_halves: int, walks: int) -> bool:
    """Say whether a peer who walks with somebody has no room for one more, or carries four fifths of what they can.

    Counted in half units, over the walks both said yes to: who is only asked carries nobody yet.
    """
    if not walks:
        return False
    no_room = capacity_halves - carried_halves < UNITS[Phase.NEW]
    return no_room or carried_halves * 100 >= capacity_halves * NEARLY_FULL_PERCENT


def heavy_lately(felt: Sequence[Felt]) -> bool:
    """Say whether two or more of the last three chats were heavy, by the peer's own word, the newest first."""
    return felt[:LAST_CHATS].count(Felt.HEAVY) >= HEAVY_CHATS


def strains(
    capacity_halves: int, carried_halves: int, walks: int, felt: Sequence[Felt], *, resting: bool
) -> tuple[Strain, ...]:
    """Return why a kind word, a rest or a talk would be good; somebody who rests has no limit to be near."""
    found = {
        Strain.HEAVY: heavy_lately(felt),
        Strain.FULL: not resting and near_limit(capacity_halves, carried_halves, walks),
    }
    return tuple(strain for strain in Strain if found[strain])


def offers_rest(
    found: Collection[Strain], *, resting: bool, talk_open: bool, fine_at: datetime | None, now: datetime
) -> bool:
    """Say whether to offer a rest and a talk: not to who rests, waits for a talk, or said lately that all is well."""
    said_fine = fine_at is not None and now - fine_at < FINE_FOR
    return bool(found) and not (resting or talk_open or said_fine)


def load_of(peers: int) -> Load:
    """Return how much a coordinator carries who looks after this many peers."""
    if peers < PEERS_A_COORDINATOR:
        return Load.WELL
    return Load.FULL if peers == PEERS_A_COORDINATOR else Load.OVER
