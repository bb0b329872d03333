"""The life of one person's calendar entry over letters, by the rules of letters.md: asked, moved, called off."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from icalendar import Calendar, Event

from portal.queries import notice as queries
from portal.services.notice.office import office, open_office
from tests.calendars.readers import entries_in
from tests.servers.smtp import Letter, Sink
from tests.services.conftest import Chat
from tests.services.outbox import cancel, deliver_due, move

LATER = timedelta(hours=2)


def entries(sink: Sink, name: str) -> list[Event]:
    """Return the entries that somebody's letters carried, in the order they came."""
    letters = [letter for letter in sink.letters if letter.to == (f"{name}@example.org",)]
    return [Calendar.from_ical(entries_in(letter.raw)[0]).events[0] for letter in letters if entries_in(letter.raw)]


def partstats(sink: Sink, name: str) -> list[str]:
    return [entry["ATTENDEE"].params["PARTSTAT"] for entry in entries(sink, name)]


def part(letter: Letter) -> tuple[str, str]:
    """Return the method by the part's own word and by the file in it."""
    (found,) = [each for each in letter.message.walk() if each.get_content_type() == "text/calendar"]
    return str(found.get_param("method")), str(Calendar.from_ical(found.get_content())["METHOD"])


def test_who_booked_has_accepted_and_the_other_is_asked(chat: Chat, smtp: Sink, now: datetime) -> None:
    deliver_due(now)
    assert (partstats(smtp, "ana"), partstats(smtp, "ben")) == (["ACCEPTED"], ["NEEDS-ACTION"])


def test_whoever_did_not_move_it_is_asked_anew(chat: Chat, smtp: Sink, now: datetime) -> None:
    deliver_due(now)
    move(chat.id, chat.starts_at + LATER, now, by=chat.peer_id)
    deliver_due(now)
    assert (partstats(smtp, "ana")[-1], partstats(smtp, "ben")[-1]) == ("NEEDS-ACTION", "ACCEPTED")


def test_one_entry_lives_from_the_first_letter_to_the_last(chat: Chat, smtp: Sink, now: datetime) -> None:
    deliver_due(now)
    move(chat.id, chat.starts_at + LATER, now)
    deliver_due(now)
    cancel(chat.id, now, by=chat.member_id)
    deliver_due(now + timedelta(days=1))
    asked, moved, off = entries(smtp, "ana")
    assert {(entry["UID"], entry["ORGANIZER"]) for entry in (asked, moved, off)} == {(asked["UID"], asked["ORGANIZER"])}
    assert [entry["SEQUENCE"] for entry in (asked, moved, off)] == [0, 1, 2]
    assert [entry["STATUS"] for entry in (asked, moved, off)] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert [entry.start for entry in (asked, moved, off)] == [chat.starts_at, moved.start, chat.starts_at + LATER]
    carriers = [letter for letter in smtp.letters if entries_in(letter.raw)]
    assert [part(letter) for letter in carriers] == [("REQUEST",) * 2] * 4 + [("CANCEL",) * 2] * 2
    assert {entries_in(letter.raw)[0].count(b"\r\nSEQUENCE:") for letter in carriers} == {1}


def test_the_same_time_keeps_its_stamp_for_who_reads_it_again(chat: Chat, now: datetime) -> None:
    def stamps() -> set[datetime | None]:
        return {entry.changed_at for entry in queries.invitations(chat.id).values()}

    assert stamps() == {now}
    move(chat.id, chat.starts_at + LATER, now + LATER)
    assert stamps() == {now + LATER}


@pytest.fixture
def listening(inside: object) -> Callable[[bool], None]:
    """Have the post office hear what calendars answer, or not."""

    def listen(hears: bool) -> None:
        open_office(replace(office(), hears_replies=hears))

    return listen


@pytest.mark.parametrize("hears", [True, False])
def test_an_answer_is_asked_for_only_where_one_is_heard(
    chat: Chat, smtp: Sink, now: datetime, listening: Callable[[bool], None], hears: bool
) -> None:
    listening(hears)
    deliver_due(now)
    assert [entry["ATTENDEE"].params.get("RSVP") == "TRUE" for entry in entries(smtp, "ben")] == [hears]
    assert [entry["ATTENDEE"].params.get("RSVP") for entry in entries(smtp, "ana")] == [None]
