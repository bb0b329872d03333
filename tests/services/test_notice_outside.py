"""Somebody's own words stand on the outside of their letters, and nowhere else."""

from datetime import datetime
from email.message import EmailMessage

import pytest
from icalendar import Calendar

from portal.domain.account import Discretion
from portal.domain.notice import Kind
from portal.services import account, booking
from portal.services.account import SafeAnswers
from tests.servers.smtp import Mood, Sink
from tests.services.conftest import Chat
from tests.services.outbox import deliver_due, one

WORDS = "Books are due"


def choose(person_id: int, words: str, now: datetime, discretion: Discretion = Discretion.DISCREET) -> None:
    """Answer the questions of safe contact, each with a word that can be found again."""
    answers = SafeAnswers(may_email=True, hours="tealhours", name_to_use="tealname")
    account.set_safe_contact(person_id, answers, now=now)
    account.set_discretion(person_id, discretion, words, now=now)


def letter_to(name: str, sink: Sink) -> EmailMessage:
    (found,) = [letter.message for letter in sink.letters if letter.to == (f"{name}@example.org",)]
    return found


def entry_in(letter: EmailMessage) -> dict[str, str]:
    """Return what of the calendar entry is read at a glance."""
    (part,) = [part for part in letter.walk() if part.get_content_type() == "text/calendar"]
    event = Calendar.from_ical(part.get_content()).walk("VEVENT")[0]
    return {"summary": str(event["SUMMARY"]), "organizer": str(event["ORGANIZER"].params["CN"])}


def insides(letter: EmailMessage) -> str:
    """Return all that is written inside of a letter."""
    bodies = [part.get_content() for part in letter.walk() if part.get_content_maintype() == "text"]
    return "\n".join(str(body) for body in bodies)


def test_own_words_are_the_subject_and_the_calendar_entry(chat: Chat, smtp: Sink, now: datetime) -> None:
    choose(chat.member_id, f" {WORDS}\r\nBcc: cleo@example.org ", now)
    deliver_due(now)
    letter, line = letter_to("ana", smtp), f"{WORDS} Bcc: cleo@example.org"
    assert (letter["Subject"], letter["Bcc"]) == (line, None)
    assert entry_in(letter) == {"summary": line, "organizer": line}


def test_own_words_and_the_other_answers_are_in_nobodys_letters(chat: Chat, smtp: Sink, now: datetime) -> None:
    choose(chat.member_id, WORDS, now)
    deliver_due(now)
    ana, ben = letter_to("ana", smtp), letter_to("ben", smtp)
    plain = ana.get_body(("plain",))
    assert plain is not None
    assert (WORDS in plain.get_content(), WORDS in ben.as_string() + insides(ben)) == (False, False)
    everything = ana.as_string() + insides(ana) + ben.as_string() + insides(ben)
    assert ("tealhours" in everything, "tealname" in everything) == (False, False)
    assert (str(ben["Subject"]).startswith("Your coffee chat"), entry_in(ben)["summary"]) == (True, "Coffee")


@pytest.mark.parametrize(
    ("words", "discretion", "subject"),
    [
        (WORDS, Discretion.OPEN, "Coffee with Ben"),
        (WORDS, Discretion.DOT, "You have a note"),
        ("\u202e\u0000", Discretion.DISCREET, "Your coffee chat"),
    ],
)
def test_the_usual_words_stand_where_own_ones_do_not_fit(
    chat: Chat, smtp: Sink, now: datetime, words: str, discretion: Discretion, subject: str
) -> None:
    choose(chat.member_id, words, now, discretion)
    deliver_due(now)
    letter = letter_to("ana", smtp)
    assert (str(letter["Subject"]).startswith(subject), entry_in(letter)["summary"]) == (True, "Coffee")


def test_letters_that_wait_are_written_anew_in_the_words_chosen_meanwhile(
    chat: Chat, smtp: Sink, now: datetime
) -> None:
    smtp.mood = Mood.LATER
    deliver_due(now)
    choose(chat.member_id, WORDS, now)
    smtp.mood = Mood.ACCEPT
    deliver_due(one(Kind.INVITATION, chat.member_id).due_at)
    assert letter_to("ana", smtp)["Subject"] == WORDS


def test_the_entry_taken_from_the_page_has_own_words_too(chat: Chat, now: datetime) -> None:
    choose(chat.member_id, WORDS, now)
    event = Calendar.from_ical(booking.calendar_entry(chat.id, chat.member_id)).walk("VEVENT")[0]
    assert str(event["SUMMARY"]) == WORDS
