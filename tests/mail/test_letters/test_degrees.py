"""What a letter says in each degree of discretion, and what a step of a walk never tells."""

import re
from html import unescape

import pytest

from portal.domain.account import Discretion
from portal.domain.notice import Kind
from portal.mail.specimens import LETTERS, LINK, every_letter
from tests.mail.test_letters.part import FOOT, NEVER_OPENED_UP, STEPS, Page

NEWS = "News on your page"
SUBJECTS = {
    Kind.SIGN_IN_CODE: ("Your code", "Your code"),
    Kind.INVITATION: ("Coffee with Maya <3, Tue 1:30 pm", "Your coffee chat, Tue 1:30 pm"),
    Kind.UPDATE: ("A new time for coffee with Maya <3, Tue 1:30 pm", "A new time for your coffee chat, Tue 1:30 pm"),
    Kind.CANCELLATION: (
        "Coffee with Maya <3, Tue 1:30 pm, is cancelled",
        "Your coffee chat, Tue 1:30 pm, is cancelled",
    ),
    Kind.NOT_MADE: (
        "Coffee with Maya <3, Tue 1:30 pm, couldn’t take place",
        "Your coffee chat, Tue 1:30 pm, couldn’t take place",
    ),
    Kind.REMINDER_DAY: ("Coffee with Maya <3, Tue 1:30 pm", "Your coffee chat, Tue 1:30 pm"),
    Kind.REMINDER_HOURS: ("Coffee with Maya <3, Tue 1:30 pm", "Your coffee chat, Tue 1:30 pm"),
    Kind.OTHER_TIME: (
        "Another time for coffee with Maya <3, Tue 1:30 pm?",
        "Another time for your coffee chat, Tue 1:30 pm?",
    ),
    Kind.SHORTLIST_READY: ("There are people you could meet", NEWS),
    Kind.CHOICE_APPROVED: ("Somebody is being asked for you", NEWS),
    Kind.WALK_HELD: ("Your choice needs a little more time", NEWS),
    Kind.SWAPPED: ("There is a new suggestion for you", NEWS),
    Kind.ASKED_PEER: ("Somebody would like to have coffee with you", NEWS),
    Kind.NEXT_ASKED: ("The next person is being asked", NEWS),
    Kind.BOTH_YES: ("You and Maya <3 both said yes", NEWS),
    Kind.REFLECT: ("How was coffee with Maya <3?", NEWS),
    Kind.PEER_APPROVED: ("Thank you for offering your time", NEWS),
    Kind.OFFER_ASKED: ("Somebody asks who would walk with them", NEWS),
    Kind.OFFER_MADE: ("Somebody has offered to walk with you", NEWS),
    Kind.CALENDAR_LOOK: ("One of your calendars needs a look", NEWS),
    Kind.READY_AGAIN: ("Are you still ready to be asked?", NEWS),
    Kind.FIND_A_TIME: ("A time for a first chat", NEWS),
    Kind.WALK_RESTS: ("Your walk is resting", NEWS),
    Kind.WALK_GOES_ON: ("Your walk goes on", NEWS),
    Kind.WALK_ENDING: ("Your walk is coming to its end", NEWS),
    Kind.KEEPSAKE: ("Something to keep", NEWS),
    Kind.OPEN_HOUR: ("Maya <3 has an open hour", NEWS),
    Kind.HOUR_OFF: ("Maya <3’s open hour will not be", NEWS),
    Kind.TRUSTED: ("A note from Ana <3", "A note from Ana <3"),
    Kind.TIME_ASKED: ("Maya <3 asks for a time", NEWS),
    Kind.TIME_RELEASED: ("Other times with Maya <3", NEWS),
    Kind.TIME_OFFERED: ("A time with Maya <3 has come free", NEWS),
    Kind.CHECK_IN: ("Maya <3 is thinking of you", NEWS),
    Kind.CHECK_IN_SET: ("Maya <3 would like a check-in", NEWS),
    Kind.THREAD_LINE: ("A few lines from Maya <3", NEWS),
}


@pytest.mark.parametrize("kind", sorted(LETTERS))
def test_subjects_say_as_much_as_the_reader_wishes(kind: Kind) -> None:
    openly, quietly = SUBJECTS[kind]
    dot = openly if kind in NEVER_OPENED_UP else "You have a note"
    assert [every_letter(discretion)[kind].subject for discretion in Discretion] == [openly, quietly, dot]


@pytest.mark.parametrize("kind", sorted(LETTERS - STEPS - NEVER_OPENED_UP))
def test_just_a_dot_begins_with_words_that_tell_nothing(kind: Kind) -> None:
    quiet, dot = every_letter(Discretion.DISCREET)[kind], every_letter(Discretion.DOT)[kind]
    sign = [
        "There is a note for you.",
        "You asked for letters that say nothing at first sight. What this one is about comes further down.",
    ]
    assert dot.text == "\n\n".join([*sign, quiet.text])
    assert Page(dot.html).shown == sign + Page(quiet.html).shown


@pytest.mark.parametrize("kind", sorted(LETTERS - STEPS - NEVER_OPENED_UP))
def test_under_own_words_a_letter_begins_as_quietly_as_a_dot(kind: Kind) -> None:
    dot = every_letter(Discretion.DOT)[kind]
    own = every_letter(Discretion.DISCREET, own_words="Books are due")[kind]
    assert (own.subject, own.text) == ("Books are due", dot.text)


@pytest.mark.parametrize("discretion", Discretion)
@pytest.mark.parametrize("kind", sorted(LETTERS))
def test_what_stands_beside_a_subject_is_the_texts_first_line_and_hides_what_follows(
    kind: Kind, discretion: Discretion
) -> None:
    letter = every_letter(discretion)[kind]
    hidden = re.findall(r'<div style="display:none[^>]*>(.*?)</div>', letter.html)
    assert [unescape(each).rstrip("\u034f\u200c\xa0") for each in hidden] == [letter.text.splitlines()[0]]
    assert letter.preheader == letter.text.splitlines()[0]


def test_what_stands_beside_a_subject_says_no_more_than_the_reader_wishes() -> None:
    said = [every_letter(discretion)[Kind.REMINDER_DAY].preheader for discretion in Discretion]
    assert said == [
        "A note about your coffee with Maya <3.",
        "A note about your coffee chat.",
        "There is a note for you.",
    ]


@pytest.mark.parametrize("discretion", [Discretion.DISCREET, Discretion.DOT])
def test_a_quiet_letter_says_the_same_at_every_step_and_at_most_until_when(discretion: Discretion) -> None:
    quiet = every_letter(discretion)
    begins, ends = "There is news on your page.\n\nNo reply needed.\n\n", f"Open your page:\n{LINK}\n\n{FOOT}"
    texts = {kind: quiet[kind].text for kind in STEPS}
    until = {
        Kind.ASKED_PEER: "It is open there until Tuesday, March 10.\n\n",
        # These are held for hours, not days: the day alone would be too little to go by.
        Kind.TIME_ASKED: "It is open there until Monday, March 9, 4 pm.\n\n",
        Kind.TIME_OFFERED: "It is open there until Monday, March 9, 4 pm.\n\n",
    }
    assert texts == {kind: begins + until.get(kind, "") + ends for kind in STEPS}


@pytest.mark.parametrize("discretion", [Discretion.DISCREET, Discretion.DOT])
def test_only_the_open_letter_names_the_other_person(discretion: Discretion) -> None:
    assert [kind for kind, one in every_letter(discretion).items() if "Maya" in one.subject + one.text + one.html] == []
