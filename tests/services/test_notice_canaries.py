"""Canaries: whatever was chosen, no header, calendar or MIME name tells of a topic, a place like this, another."""

import re
from collections.abc import Iterator
from datetime import datetime
from email.message import EmailMessage

import pytest

from portal.data.topics import catalogue
from portal.db import transaction
from portal.domain.account import Discretion
from portal.domain.notice import CALENDAR_KINDS, Kind, NoticeState
from portal.models import Person
from portal.services import account
from tests.servers.smtp import Sink
from tests.services.conftest import Chat
from tests.services.outbox import cancel, deliver_due, move, owe_walk_letter, rows

TOPICS = [*(topic.name for topic in catalogue().topics), *(group.name for group in catalogue().groups)]
PLACE = ["hillside", "someone who gets it", "peer", "member", "coordinator", "support", "recovery", "crisis", "portal"]
TELLING = re.compile(rf"\b({'|'.join(re.escape(word) for word in [*TOPICS, *PLACE])})\b", re.IGNORECASE)
OTHER = "Kakapo"
CHAT_KINDS = [Kind.INVITATION, Kind.UPDATE, Kind.REMINDER_DAY, Kind.REMINDER_HOURS, Kind.CANCELLATION]


@pytest.fixture
def letters(chat: Chat, smtp: Sink, now: datetime, discretion: Discretion, words: str) -> dict[Kind, EmailMessage]:
    """Ana's letters about a chat with Kakapo that was set, moved, reminded of and called off, and about their walk."""
    with transaction() as session:
        session.get_one(Person, chat.peer_id).name = OTHER
    account.set_discretion(chat.member_id, discretion, words, now=now)
    found: dict[Kind, EmailMessage] = {}

    def post(kind: Kind) -> None:
        due = [row for row in rows([kind]) if row.person_id == chat.member_id and row.state is NoticeState.DUE]
        deliver_due(due[0].due_at)
        mine = [letter.message for letter in smtp.letters if letter.to == ("ana@example.org",)]
        found[kind] = mine[-1]
        smtp.letters.clear()

    post(Kind.INVITATION)
    move(chat.id, chat.starts_at, now)
    for kind in (Kind.UPDATE, Kind.REMINDER_DAY, Kind.REMINDER_HOURS):
        post(kind)
    cancel(chat.id, chat.starts_at, by=chat.member_id)
    post(Kind.CANCELLATION)
    owe_walk_letter(Kind.BOTH_YES, chat.member_id, chat.walk_id, now)
    post(Kind.BOTH_YES)
    return found


EVERY_CHOICE = pytest.mark.parametrize(
    ("discretion", "words"),
    [(Discretion.OPEN, ""), (Discretion.DISCREET, ""), (Discretion.DISCREET, "Books are due"), (Discretion.DOT, "")],
)


def technical(letter: EmailMessage) -> Iterator[str]:
    """Yield every header but the addresses and the subject, of the letter and of its parts, with what they name."""
    for part in letter.walk():
        for name, value in part.items():
            if name not in ("From", "To", "Subject"):
                yield f"{name}: {value}"


def calendars(letter: EmailMessage) -> list[str]:
    return [
        part.get_payload(decode=True).decode()  # type: ignore[union-attr]
        for part in letter.walk()
        if part.get_content_type() in ("text/calendar", "application/ics")
    ]


@EVERY_CHOICE
def test_no_header_and_no_name_of_a_part_tells_anything(letters: dict[Kind, EmailMessage]) -> None:
    told = "\n".join(line for letter in letters.values() for line in technical(letter))
    address = re.compile(r"@portal\.example|//localhost[^>]*")
    assert (TELLING.findall(address.sub("", told)), OTHER in told, "Juniper" in told) == ([], False, False)
    assert {part.get_filename() for letter in letters.values() for part in letter.walk()} == {None, "invite.ics"}


@EVERY_CHOICE
def test_no_subject_names_a_topic_and_only_an_open_one_names_somebody(
    letters: dict[Kind, EmailMessage], discretion: Discretion, words: str
) -> None:
    subjects = [str(letter["Subject"]) for letter in letters.values()]
    assert [subject for subject in subjects if TELLING.search(subject)] == []
    assert {OTHER in subject for subject in subjects} == {discretion is Discretion.OPEN}
    assert not words or set(subjects) == {words}


@EVERY_CHOICE
def test_no_calendar_names_anybody_or_a_topic(
    letters: dict[Kind, EmailMessage], discretion: Discretion, words: str
) -> None:
    assert {kind for kind, letter in letters.items() if calendars(letter)} == CALENDAR_KINDS
    entries = "\n".join(entry for letter in letters.values() for entry in calendars(letter))
    said = entries.replace("portal.example", "")
    assert (TELLING.findall(said), OTHER in said) == ([], False)
    assert f"SUMMARY:{words or 'Coffee'}\r\n" in entries
