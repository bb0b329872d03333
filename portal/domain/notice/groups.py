"""Which notices somebody chooses the way of, and together with which others; all the rest have one way."""

from portal.domain.notice.channel import Group
from portal.domain.notice.kind import REMINDERS, Kind

CHATS = frozenset(
    {
        Kind.INVITATION,
        Kind.UPDATE,
        Kind.CANCELLATION,
        Kind.NOT_MADE,
        Kind.OTHER_TIME,
        Kind.TIME_ASKED,
        Kind.TIME_RELEASED,
        Kind.TIME_OFFERED,
        Kind.OPEN_HOUR,
        Kind.HOUR_OFF,
    }
)
WALKS = frozenset(
    {
        Kind.SHORTLIST_READY,
        Kind.CHOICE_APPROVED,
        Kind.WALK_HELD,
        Kind.SWAPPED,
        Kind.ASKED_PEER,
        Kind.NEXT_ASKED,
        Kind.BOTH_YES,
        Kind.REFLECT,
        Kind.PEER_APPROVED,
        Kind.OFFER_ASKED,
        Kind.OFFER_MADE,
        Kind.READY_AGAIN,
        Kind.FIND_A_TIME,
        Kind.WALK_RESTS,
        Kind.WALK_GOES_ON,
        Kind.WALK_ENDING,
        Kind.KEEPSAKE,
        Kind.CALENDAR_LOOK,
    }
)
CHECK_INS = frozenset({Kind.CHECK_IN, Kind.CHECK_IN_SET, Kind.THREAD_LINE})
# A code goes where it was asked for; a person of trust chose no ways here.
ONE_WAY = frozenset({Kind.SIGN_IN_CODE, Kind.PHONE_CODE, Kind.TRUSTED})
GROUP_OF: dict[Kind, Group] = {
    kind: group
    for group, kinds in (
        (Group.REMINDERS, REMINDERS),
        (Group.CHATS, CHATS),
        (Group.WALKS, WALKS),
        (Group.CHECK_INS, CHECK_INS),
    )
    for kind in kinds
}
