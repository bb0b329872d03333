"""Who somebody is to the portal: roles, what they agreed to, how they may safely be reached."""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from portal.domain.words import N_


class Role(StrEnum):
    """What a person may do here; one person may hold several."""

    MEMBER = "member"
    PEER = "peer"
    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"


STAFF = frozenset({Role.COORDINATOR, Role.ADMINISTRATOR})


class Discretion(StrEnum):
    """How much a subject line or a calendar entry may say."""

    OPEN = "open"
    DISCREET = "discreet"
    DOT = "dot"


DISCRETION_WORDS = {
    Discretion.OPEN: N_("Say who it is with: “Coffee with Maya, Tuesday 4 pm”"),
    Discretion.DISCREET: N_("Keep it quiet: “Your coffee chat, Tuesday 4 pm”"),
    Discretion.DOT: N_("Just a sign: “You have a note”"),
}


class Purpose(StrEnum):
    """What a person agrees to, one by one; each can be taken back."""

    TERMS = "terms"
    MATCHING = "matching"
    LETTERS = "letters"


# Goes up when the words on the consent page change their meaning, so that it is known what somebody agreed to.
CONSENT_WORDING = 1


class CodeAnswer(StrEnum):
    """What became of a typed code: right, wrong with tries left, of no more use, or right for somebody suspended."""

    RIGHT = "right"
    WRONG = "wrong"
    SPENT = "spent"
    SUSPENDED = "suspended"


class PeerState(StrEnum):
    """Where a peer's application stands."""

    APPLIED = "applied"
    APPROVED = "approved"
    PAUSED = "paused"


CODE_LIFE = timedelta(minutes=10)
CODE_TRIES = 5
CODE_DIGITS = 6
CHALLENGE_LIFE = timedelta(minutes=5)
SIGN_IN_IDLE = timedelta(hours=2)
SIGN_IN_ABSOLUTE = timedelta(days=14)
STAFF_SIGN_IN_IDLE = timedelta(minutes=30)
STAFF_SIGN_IN_ABSOLUTE = timedelta(hours=12)


def sign_in_lives(*, staff: bool) -> tuple[timedelta, timedelta]:
    """Return how long a sign-in lives without a sign of the person, and at the most."""
    return (STAFF_SIGN_IN_IDLE, STAFF_SIGN_IN_ABSOLUTE) if staff else (SIGN_IN_IDLE, SIGN_IN_ABSOLUTE)


def tidy_email(typed: str) -> str:
    """Return an address as it is stored and compared: trimmed, lower case."""
    return typed.strip().lower()


EMAIL_SHAPE = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\.]+(\.[^\s@<>,;:\"()\[\]\\.]+)+")
EMAIL_LENGTH = 254


def looks_like_email(address: str) -> bool:
    """Say whether a tidy address could be one; only a letter that arrives proves that it is."""
    # What cannot be seen is a fault or a trick: marks that turn the direction of writing, NUL (PostgreSQL stores none).
    return len(address) <= EMAIL_LENGTH and address.isprintable() and EMAIL_SHAPE.fullmatch(address) is not None


@dataclass(frozen=True)
class Actor:
    """Somebody signed in, as far as doors need to know: who, in which roles, and how surely."""

    id: int
    sign_in_id: int
    roles: frozenset[Role]
    name: str
    zone: str
    language: str
    second_factor: bool
    consented: bool
    rests: bool = False  # not seen for a while, so that it is time to write down that they are here

    @property
    def staff(self) -> bool:
        """Say whether this person may see what coordinators see, once the second step is done."""
        return bool(self.roles & STAFF)

    def has(self, *roles: Role) -> bool:
        """Say whether this person holds any of these roles; a staff role counts only after the second step."""
        held = self.roles if self.second_factor else self.roles - STAFF
        return bool(held & set(roles))
