"""What each state of the walk is called, for the member, the peer and the coordinator. A no is never shown as a no."""

from datetime import datetime

from portal.domain.matching.promises import overdue
from portal.domain.matching.walk import Actor, State
from portal.domain.words import N_

MEMBER_WORDS: dict[State, str] = {
    State.ASKED: N_("We are looking for people who have been there. You will hear from us within a day."),
    State.SHORTLISTED: N_("There are people you could walk with. Take your time; they do not know yet."),
    State.OFFERING: N_("We have asked people who have been there, without your name. Some may offer to walk with you."),
    State.CHOSEN: N_("Thank you for choosing. A coordinator looks at it next."),
    State.HELD: N_("A coordinator would like a little more time with this, and has said why."),
    State.INVITED: N_("We have asked them. An answer can take two days; there is nothing for you to do."),
    State.BOTH_YES: N_("You have both said yes. You can find a time for a first chat whenever you like."),
    State.FIRST_COFFEE: N_("Your first chat has a time. You do not owe anything after it."),
    State.REFLECTION: N_("You have met. How would you like to go on? Only you and a coordinator see your answer."),
    State.WALKING: N_("You are walking together."),
    State.RESTING: N_("You two are resting. The place is kept, and either of you can take it up again."),
    State.ENDING: N_(
        "This walk is coming to its end. Whoever brought it there can take it up again until its last day."
    ),
    State.ENDED: N_("This walk has come to its end. Its page stays here, for a few lines from each of you."),
    State.SOMEONE_ELSE: N_("This walk has come to its end, and that is all right. We look for somebody else with you."),
    State.CLOSED: N_("You are not looking for anybody now. You can ask again whenever you like."),
}

# Where only one person is left to choose.
ONE_TO_CHOOSE = N_("There is somebody you could walk with. Take your time; they do not know yet.")

# Before both are asked, a peer sees nothing of a walk; these words stand where one is opened from an old link.
_NOTHING_FOR_YOU = N_("There is nothing for you to do here.")
PEER_WORDS: dict[State, str] = {
    State.ASKED: _NOTHING_FOR_YOU,
    State.SHORTLISTED: _NOTHING_FOR_YOU,
    State.OFFERING: _NOTHING_FOR_YOU,
    State.CHOSEN: _NOTHING_FOR_YOU,
    State.HELD: _NOTHING_FOR_YOU,
    State.INVITED: N_("Somebody would like to walk with you. Yes and “not now” are both fine, and need no reason."),
    State.BOTH_YES: N_("You have both said yes. The first chat can be booked in the hours you have set."),
    State.FIRST_COFFEE: N_("Your first chat has a time. You do not owe anything after it."),
    State.REFLECTION: N_("You have met. How would you like to go on? Only you and a coordinator see your answer."),
    State.WALKING: N_("You are walking together."),
    State.RESTING: N_("You two are resting. The place is kept, and either of you can take it up again."),
    State.ENDING: N_(
        "This walk is coming to its end. Whoever brought it there can take it up again until its last day."
    ),
    State.ENDED: N_("This walk has come to its end. Its page stays here, for a few lines from each of you."),
    State.SOMEONE_ELSE: N_("This walk has come to its end. Thank you for having been there."),
    State.CLOSED: N_("This walk has come to its end. Thank you for having been there."),
}

COORDINATOR_WORDS: dict[State, str] = {
    State.ASKED: N_("Waits for a shortlist."),
    State.SHORTLISTED: N_("Has a shortlist and is choosing."),
    State.OFFERING: N_("Asks who offers."),
    State.CHOSEN: N_("Has chosen and waits for you."),
    State.HELD: N_("Held, with a reason the member can read."),
    State.INVITED: N_("The peer has been asked."),
    State.BOTH_YES: N_("Both said yes; a first chat can be booked."),
    State.FIRST_COFFEE: N_("A first chat is booked."),
    State.REFLECTION: N_("They have met and are thinking it over."),
    State.WALKING: N_("Walking together."),
    State.RESTING: N_("Resting; either can take it up again."),
    State.ENDING: N_("Coming to its end, at their own pace."),
    State.ENDED: N_("Ended well, with a keepsake."),
    State.SOMEONE_ELSE: N_("Not the right fit; the member looks for somebody else."),
    State.CLOSED: N_("The member is not looking now."),
}

STATE_WORDS: dict[Actor, dict[State, str]] = {
    Actor.MEMBER: MEMBER_WORDS,
    Actor.PEER: PEER_WORDS,
    Actor.COORDINATOR: COORDINATOR_WORDS,
}

# The one calm line a member reads when the next choice is asked; it is the same after "not now" and after silence.
NEXT_LINE = N_("We are asking the next person now. There is nothing for you to do.")
# What she reads once the days for offers are over; whoever offered stands in front.
CLOSED_LINE = N_("The days for offers are over. These are the people you could walk with. Take your time.")
# Where somebody has offered: they know that somebody asks, though not who.
OFFERED_LINE = N_("Somebody has offered to walk with you. They do not know who you are. Take your time.")
# What she reads once the promised day has gone by, and where a new shortlist came out empty.
LONGER_LINE = N_(
    "It takes longer than we said. Nobody who fits is free yet. You did nothing wrong; your place is kept, "
    "and a coordinator is looking."
)


def waiting_line(state: State, since: datetime, now: datetime, *, to_choose: int, offered: bool = False) -> str:
    """Return what a member reads instead of the state's own words where those would not be true, or nothing."""
    if offered and state in (State.SHORTLISTED, State.OFFERING):
        return OFFERED_LINE
    if state is State.SHORTLISTED and to_choose == 1:
        return ONE_TO_CHOOSE
    nobody = state is State.SHORTLISTED and not to_choose
    return LONGER_LINE if nobody or (state is State.ASKED and overdue(state, since, now)) else ""
