"""The kinds of letter; each has a folder of its name in templates/mail and a function in portal.mail.letters."""

from enum import StrEnum


class Kind(StrEnum):
    """What a letter is about. The value never reaches a subject or a header."""

    SIGN_IN_CODE = "sign_in_code"
    INVITATION = "invitation"
    UPDATE = "update"
    CANCELLATION = "cancellation"
    NOT_MADE = "not_made"
    REMINDER_DAY = "reminder_day"
    REMINDER_HOURS = "reminder_hours"
    SHORTLIST_READY = "shortlist_ready"
    CHOICE_APPROVED = "choice_approved"
    WALK_HELD = "walk_held"
    SWAPPED = "swapped"
    ASKED_PEER = "asked_peer"
    NEXT_ASKED = "next_asked"
    BOTH_YES = "both_yes"
    REFLECT = "reflect"
    PEER_APPROVED = "peer_approved"
    OFFER_ASKED = "offer_asked"
    OFFER_MADE = "offer_made"
    READY_AGAIN = "ready_again"
    FIND_A_TIME = "find_a_time"
    WALK_RESTS = "walk_rests"
    WALK_GOES_ON = "walk_goes_on"
    WALK_ENDING = "walk_ending"
    KEEPSAKE = "keepsake"
    TRUSTED = "trusted"
    OPEN_HOUR = "open_hour"
    HOUR_OFF = "hour_off"
    OTHER_TIME = "other_time"
    TIME_ASKED = "time_asked"
    TIME_RELEASED = "time_released"
    TIME_OFFERED = "time_offered"
    CALENDAR_LOOK = "calendar_look"
    CHECK_IN = "check_in"
    CHECK_IN_SET = "check_in_set"
    THREAD_LINE = "thread_line"
    PHONE_CODE = "phone_code"


REMINDERS = frozenset({Kind.REMINDER_DAY, Kind.REMINDER_HOURS})
CALENDAR_KINDS = frozenset({Kind.INVITATION, Kind.UPDATE, Kind.CANCELLATION})
