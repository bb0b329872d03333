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
from portal.models.booking import Booking, Hold, Invitation
from portal.models.experience import (
    Apart,
    MemberProfile,
    MemberTopic,
    PeerProfile,
    PeerTopic,
    Topic,
    TopicGroup,
    Town,
    Trait,
    Wish,
)
from portal.models.matching import Reflection, Seat, Suggestion, Walk, WalkStep, Weights
from portal.models.notice import Heartbeat, Notice, Unsubscribe
from portal.models.slots import OtherHours, TimeOff, WeeklyHours
from portal.models.types import keyring

__all__ = [
    "Apart",
    "AuditEntry",
    "Base",
    "Booking",
    "Consent",
    "Heartbeat",
    "Hold",
    "Invitation",
    "MemberProfile",
    "MemberTopic",
    "Notice",
    "OtherHours",
    "Passkey",
    "PasskeyChallenge",
    "PeerProfile",
    "PeerTopic",
    "Person",
    "PersonRole",
    "Reflection",
    "RequestKey",
    "SafeContact",
    "Seat",
    "SignIn",
    "SignInCode",
    "Suggestion",
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
