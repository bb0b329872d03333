"""What a coordinator should look at: promises that run out, people who wait long, people who have gone quiet."""

from datetime import datetime, timedelta
from enum import StrEnum

from portal.domain.matching.score import Part
from portal.domain.matching.walk import Step
from portal.domain.words import N_

QUIET_AFTER = timedelta(days=14)
SOON = timedelta(hours=12)


class Concern(StrEnum):
    """Why a walk wants somebody's eyes, the most pressing first."""

    TOO_LONG = "too_long"
    LATE = "late"
    SOON = "soon"
    NOTE = "note"
    QUIET = "quiet"


CONCERN_WORDS: dict[Concern, str] = {
    Concern.TOO_LONG: N_("Has waited longer than two weeks"),
    Concern.LATE: N_("Our promise is overdue"),
    Concern.SOON: N_("Our promise runs out soon"),
    Concern.NOTE: N_("A few lines from you would be kind"),
    Concern.QUIET: N_("Not heard of for two weeks"),
}
AT_RISK: frozenset[Concern] = frozenset({Concern.TOO_LONG, Concern.LATE, Concern.SOON})

WHY_NOT_WORDS: dict[Part, str] = {
    Part.HILL: N_("Less of the same hill."),
    Part.ASKED: N_("Less of what was asked for."),
    Part.STYLE: N_("They like to talk in less similar ways."),
    Part.IDENTITY: N_("Less of everyday life in common."),
    Part.TOGETHER: N_("Meeting is harder: later, or further away."),
    Part.ROOM: N_("Less room at the moment."),
}
# What has happened, told to a coordinator; the buttons have words of their own.
DONE_WORDS: dict[Step, str] = {
    Step.SHORTLIST: N_("A shortlist was made"),
    Step.RANK: N_("Chose, in an order"),
    Step.CHOOSE_WITH_ME: N_("Asked a coordinator to choose together"),
    Step.ASK_WHO_OFFERS: N_("Asked who offers"),
    Step.OFFERS_CLOSE: N_("The time for offers ended"),
    Step.CHOOSE_AGAIN: N_("Took the choice back, to choose again"),
    Step.APPROVE: N_("Approved"),
    Step.HOLD: N_("Held"),
    Step.RELEASE: N_("Taken up again"),
    Step.SWAP: N_("Somebody else was offered"),
    Step.YES: N_("The peer said yes"),
    Step.NOT_NOW: N_("The peer said “not now”"),
    Step.LAPSE: N_("Two days passed without an answer"),
    Step.LET_GO: N_("The question was taken back"),
    Step.ASK_NEXT: N_("The next person was asked"),
    Step.NONE_LEFT: N_("Nobody was left to ask; we look again"),
    Step.BOOK: N_("A chat was booked"),
    Step.UNBOOK: N_("The chat was cancelled"),
    Step.HAPPENED: N_("The chat has been"),
    Step.KEEP_GOING: N_("Would like to keep going"),
    Step.UNSURE: N_("Is not sure yet"),
    Step.REST: N_("They rest"),
    Step.WALK_ON: N_("They walk on"),
    Step.END: N_("Began to end it"),
    Step.FAREWELL: N_("Ended, with a keepsake"),
    Step.SOMEONE_ELSE: N_("Not the right fit"),
    Step.STOP: N_("Stopped looking"),
}
AS_CLOSE = N_("Just as close as the first.")


def quiet(last_sign: datetime | None, now: datetime) -> bool:
    """Say whether somebody has shown no sign for two weeks; silence is never held against them."""
    return last_sign is not None and now - last_sign >= QUIET_AFTER


def concerns(
    *, due: datetime | None, late: bool, too_long: bool, wants_note: bool, is_quiet: bool, now: datetime
) -> tuple[Concern, ...]:
    """Return why somebody should look at a walk, the most pressing first."""
    found = {
        Concern.TOO_LONG: too_long,
        Concern.LATE: late,
        Concern.SOON: due is not None and not late and due - now <= SOON,
        Concern.NOTE: wants_note and not too_long,
        Concern.QUIET: is_quiet,
    }
    return tuple(concern for concern in Concern if found[concern])


def why_not(first: dict[Part, float], other: dict[Part, float]) -> str:
    """Return in one sentence where the runner-up gives least beside the first; both as points by part."""
    part = max(first, key=lambda part: first[part] - other.get(part, 0.0))
    return WHY_NOT_WORDS[part] if first[part] > other.get(part, 0.0) else AS_CLOSE
