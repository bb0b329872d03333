"""What kinds of letter and what stands in their way are called, for a coordinator."""

from portal.domain.notice import Channel, Group, Kind
from portal.domain.words import N_

GROUP_WORDS: dict[Group, str] = {
    Group.CHATS: N_("News of chats: booked, moved, off"),
    Group.REMINDERS: N_("Reminders of chats"),
    Group.CHECK_INS: N_("Check-ins and your thread"),
    Group.WALKS: N_("News of who walks with you"),
}
KIND_WORDS: dict[Kind, str] = {
    Kind.SIGN_IN_CODE: N_("Code for signing in"),
    Kind.INVITATION: N_("Invitation to a chat"),
    Kind.UPDATE: N_("New time of a chat"),
    Kind.CANCELLATION: N_("A chat is cancelled"),
    Kind.NOT_MADE: N_("A chat couldn’t take place"),
    Kind.REMINDER_DAY: N_("Reminder, days before"),
    Kind.REMINDER_HOURS: N_("Reminder, hours before"),
    Kind.SHORTLIST_READY: N_("People to choose from"),
    Kind.CHOICE_APPROVED: N_("The person they chose is being asked"),
    Kind.WALK_HELD: N_("A little more time"),
    Kind.SWAPPED: N_("Somebody else is offered"),
    Kind.ASKED_PEER: N_("A question to a peer"),
    Kind.NEXT_ASKED: N_("The next person is being asked"),
    Kind.BOTH_YES: N_("Both said yes"),
    Kind.REFLECT: N_("How was it"),
    Kind.PEER_APPROVED: N_("A peer's page is ready"),
    Kind.OFFER_ASKED: N_("Somebody asks who offers"),
    Kind.OFFER_MADE: N_("Somebody has offered"),
    Kind.READY_AGAIN: N_("Still ready?"),
    Kind.PHONE_CODE: N_("Code for a phone"),
    Kind.CALENDAR_LOOK: N_("A calendar needs a look"),
    Kind.FIND_A_TIME: N_("A time for a first chat"),
    Kind.WALK_RESTS: N_("The walk rests"),
    Kind.WALK_GOES_ON: N_("The walk goes on"),
    Kind.WALK_ENDING: N_("The walk is ending"),
    Kind.KEEPSAKE: N_("The walk has ended"),
    Kind.OPEN_HOUR: N_("An open hour"),
    Kind.HOUR_OFF: N_("An open hour that was called off"),
    Kind.OTHER_TIME: N_("Another time for a chat"),
    Kind.TRUSTED: N_("A word to a person of trust"),
    Kind.TIME_ASKED: N_("A time is asked for"),
    Kind.TIME_RELEASED: N_("A time that was asked for is free again"),
    Kind.TIME_OFFERED: N_("A time has come free"),
    Kind.CHECK_IN: N_("A check-in"),
    Kind.CHECK_IN_SET: N_("A check-in begins"),
    Kind.THREAD_LINE: N_("New lines in a thread"),
}

CODE_WORDS: dict[str, str] = {
    "unreachable": N_("The mail server could not be reached."),
    "doubtful": N_("It was handed over twice and no answer came. It may have arrived."),
    "not-allowed": N_("They may not be written to by e-mail: reach them in the way they said is safe."),
    "address": N_("The e-mail address cannot be used."),
    "too-late": N_("The code was no longer of use when the mail server answered."),
    "fault": N_("The letter could not be written. Whoever looks after the program finds more in its log."),
}
REFUSED_FOR_GOOD = N_("The mail server says that this mailbox does not take letters.")
REFUSED_FOR_NOW = N_("The mail server did not take it, each time we tried.")
UNKNOWN = N_("We do not know why.")
WAY_WORDS: dict[Channel, str] = {
    Channel.EMAIL: N_("By letter"),
    Channel.TEXT: N_("By text"),
    Channel.PUSH: N_("As a sign on a device"),
}
OTHER_WAYS: dict[Channel, dict[str, str]] = {
    Channel.TEXT: {
        "unreachable": N_("The carrier of texts could not be reached."),
        "not-allowed": N_("They do not want to be told any more, or not this way."),
        "not-arrived": N_("The carrier says that the text did not arrive, and no letter may go instead."),
        "fault": N_("The text could not be written. Whoever looks after the program finds more in its log."),
        "refused-20003": N_("The carrier does not know us: the account’s settings need a look."),
    },
    Channel.PUSH: {
        "unreachable": N_("What brings signs to their devices could not be reached."),
        "not-allowed": N_("They do not want to be told any more, or not this way."),
        "fault": N_("The sign could not be written. Whoever looks after the program finds more in its log."),
        "refused-401": N_("What brings signs does not know this site’s key: the settings need a look."),
        "refused-403": N_("What brings signs does not know this site’s key: the settings need a look."),
        "refused-410": N_("Their devices take no signs any more, and no letter may go instead."),
    },
}
NOT_TAKEN: dict[Channel, str] = {
    Channel.TEXT: N_("The carrier does not take texts to this number."),
    Channel.PUSH: N_("What brings signs to their devices did not take it."),
}


def why(code: str, way: Channel = Channel.EMAIL) -> str:
    """Return the sentence of a notice's error code, by the way it took."""
    if way is not Channel.EMAIL:
        own = OTHER_WAYS[way].get(code)
        return own or (NOT_TAKEN[way] if code.startswith("refused-") else CODE_WORDS.get(code, UNKNOWN))
    if code.startswith("refused-5"):
        return REFUSED_FOR_GOOD
    if code.startswith("refused-"):
        return REFUSED_FOR_NOW
    return CODE_WORDS.get(code, UNKNOWN)
