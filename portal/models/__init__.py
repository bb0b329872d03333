"""Tables, no behaviour."""

from portal.models.account import (
    AuditEntry,
    Consent,
    Passkey,
    PasskeyChallenge,
    Person,
    PersonRole,
    RequestKey,
    SafeContact,
    SignIn,
    SignInCode,
)
from portal.models.base import Base
from portal.models.booking import Booking, ChatFelt, Hold, Invitation
from portal.models.experience import (
    Apart,
    LooksAfter,
    MemberProfile,
    MemberTopic,
    PeerProfile,
    PeerTopic,
    TalkWish,
    Topic,
    TopicGroup,
    Town,
    Trait,
    Wish,
)
from portal.models.matching import Keepsake, Offer, Reflection, Seat, Suggestion, Walk, WalkStep, Weights
from portal.models.notice import Heartbeat, Notice, Unsubscribe
from portal.models.proposal import PairMark, Proposal, ProposedPair
from portal.models.slots import OtherHours, TimeOff, WeeklyHours
from portal.models.types import keyring

__all__ = [
    "Apart",
    "AuditEntry",
    "Base",
    "Booking",
    "ChatFelt",
    "Consent",
    "Heartbeat",
    "Hold",
    "Invitation",
    "Keepsake",
    "LooksAfter",
    "MemberProfile",
    "MemberTopic",
    "Notice",
    "Offer",
    "OtherHours",
    "PairMark",
    "Passkey",
    "PasskeyChallenge",
    "PeerProfile",
    "PeerTopic",
    "Person",
    "PersonRole",
    "Proposal",
    "ProposedPair",
    "Reflection",
    "RequestKey",
    "SafeContact",
    "Seat",
    "SignIn",
    "SignInCode",
    "Suggestion",
    "TalkWish",
    "TimeOff",
    "Topic",
    "TopicGroup",
    "Town",
    "Trait",
    "Unsubscribe",
    "Walk",
    "WalkStep",
    "WeeklyHours",
    "Weights",
    "Wish",
    "keyring",
]
