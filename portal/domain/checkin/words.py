"""The words of a check-in where its peer wrote none of their own: each day others, all of them kind."""

from datetime import date

from portal.domain.words import N_

LONGEST_WORDS = 300
# Six, so that a check-in of every week comes round to each of them: seven days are one step.
USUAL_WORDS: tuple[str, ...] = (
    N_("Thinking of you. No reply needed."),
    N_("A small hello from me. Whatever kind of day it is."),
    N_("I have you in mind today. No reply needed."),
    N_("Just a wave from over here. Nothing to do."),
    N_("I am glad you are there. That is all."),
    N_("However today goes, you are not alone with it. No reply needed."),
)


def usual_words(day: date) -> str:
    """Return the usual words of a day, marked for translation."""
    return USUAL_WORDS[day.toordinal() % len(USUAL_WORDS)]
