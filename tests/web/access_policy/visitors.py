"""Who stands at a door, and what becomes of them."""

from enum import StrEnum


class Visitor(StrEnum):
    """Somebody at the door, by what they are to the people and walks of the cast."""

    ANONYMOUS = "anonymous"
    SUSPENDED = "suspended, with every role"
    WITHOUT_CONSENT = "signed in without consent, with every role"
    MEMBER = "member, both have said yes"
    ASKING_MEMBER = "member who waits for the peer's yes"
    PARTED_MEMBER = "member who looked for someone else"
    OTHER_MEMBER = "member whose walk has ended well"
    MATCHED_PEER = "peer, both have said yes"
    ASKED_PEER = "peer who is asked"
    FORMER_PEER = "peer of a walk that has ended"
    NOT_NOW_PEER = "peer who said not now"
    UNMATCHED_PEER = "peer of nobody"
    HALF_COORDINATOR = "coordinator before the second step"
    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"


class Outcome(StrEnum):
    """What became of a request."""

    IN = "in"
    SIGN_IN = "sent to sign in"
    WELCOME = "sent to agree first"
    SECOND_STEP = "sent to the second step"
    REFUSED = "403"
    HIDDEN = "404"


LED_ON = frozenset({Outcome.SIGN_IN, Outcome.WELCOME, Outcome.SECOND_STEP})
V = Visitor
Who = frozenset[Visitor]
STRANGERS: Who = frozenset({V.ANONYMOUS, V.SUSPENDED})
MEMBERS: Who = frozenset({V.MEMBER, V.ASKING_MEMBER, V.PARTED_MEMBER, V.OTHER_MEMBER})
PEERS: Who = frozenset({V.MATCHED_PEER, V.ASKED_PEER, V.FORMER_PEER, V.NOT_NOW_PEER, V.UNMATCHED_PEER})
WALKERS: Who = MEMBERS | PEERS
STAFF: Who = frozenset({V.COORDINATOR, V.ADMINISTRATOR})
STAFF_IN_HALF: Who = STAFF | {V.HALF_COORDINATOR}
SIGNED_IN: Who = WALKERS | STAFF_IN_HALF
HERE: Who = SIGNED_IN | {V.WITHOUT_CONSENT}
ANYBODY: Who = frozenset(Visitor)
NOBODY: Who = frozenset()
NOWHERE = "nowhere"
