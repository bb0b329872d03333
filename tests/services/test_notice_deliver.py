"""Delivering: once, in order, the same bytes again where one may have come, and never for a state that has passed."""

from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from icalendar import Calendar

from portal.db import transaction
from portal.domain.account import Discretion
from portal.domain.matching.walk import State
from portal.domain.notice import Kind, NoticeState
from portal.mail.errors import Unreachable
from portal.models import Notice, Person
from portal.queries import notice as queries
from portal.queries.notice import standing
from portal.services.notice.claim import claim
from portal.services.notice.deliver import deliver
from portal.services.notice.parcel import Outcome
from portal.services.notice.prepare import keep, prepare
from portal.services.notice.settle import settle
from tests.servers.smtp import Letter, Mood, Sink
from tests.services.conftest import Chat
from tests.services.outbox import add_walk, cancel, deliver_due, move, one, owe_walk_letter, row, rows

SOON = timedelta(minutes=1)


def to(sink: Sink, name: str) -> list[Letter]:
    return [letter for letter in sink.letters if letter.to == (f"{name}@example.org",)]


def entry(letter: Letter) -> tuple[str, int, str, str]:
    """Return UID, SEQUENCE, METHOD and STATUS of a letter's calendar part."""
    (part,) = [part for part in letter.message.walk() if part.get_content_type() == "text/calendar"]
    calendar = Calendar.from_ical(part.get_content())
    event = calendar.events[0]
    return str(event["UID"]), event.sequence, str(calendar["METHOD"]), str(event["STATUS"])


def test_a_booked_chat_invites_both_each_with_an_entry_of_their_own(chat: Chat, smtp: Sink, now: datetime) -> None:
    deliver_due(now)
    (anas,), (bens,) = to(smtp, "ana"), to(smtp, "ben")
    assert entry(anas)[1:] == entry(bens)[1:] == (0, "REQUEST", "CONFIRMED")
    assert entry(anas)[0] != entry(bens)[0]
    assert {notice.state for notice in rows([Kind.INVITATION])} == {NoticeState.SENT}
    assert {invitation.invited_at for invitation in queries.invitations(chat.id).values()} == {now}


def test_a_letter_names_neither_the_other_person_nor_their_address(chat: Chat, smtp: Sink, now: datetime) -> None:
    deliver_due(now)
    (anas,) = to(smtp, "ana")
    told = "".join(str(part.get_content()) for part in anas.message.walk() if not part.is_multipart())
    assert ("Ben" in told, "ben@example.org" in told, "988" in told) == (False, False, True)
    assert anas.message["Subject"] == "Your coffee chat, Wed 11 am"


def test_reminders_are_owed_by_each_ones_own_clock(chat: Chat) -> None:
    day, hours = (one(kind, chat.member_id) for kind in (Kind.REMINDER_DAY, Kind.REMINDER_HOURS))
    assert (chat.starts_at - day.due_at, chat.starts_at - hours.due_at) == (timedelta(days=1), timedelta(hours=2))


def test_two_workers_at_once_send_a_letter_once(inside: Flask, chat: Chat, smtp: Sink, now: datetime) -> None:
    notice_id = one(Kind.INVITATION, chat.member_id).id
    start = Barrier(4)

    def work() -> None:
        with inside.app_context():
            start.wait()
            deliver(notice_id, now=now)

    workers = [Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(smtp.letters) == 1
    assert (row(notice_id).state, row(notice_id).attempts) == (NoticeState.SENT, 1)


def test_what_is_not_due_yet_is_left_alone(chat: Chat, smtp: Sink, now: datetime) -> None:
    notice = one(Kind.REMINDER_DAY, chat.member_id)
    deliver(notice.id, now=now)
    assert (row(notice.id).state, smtp.letters) == (NoticeState.DUE, [])


def test_a_server_that_says_later_is_asked_again_after_growing_pauses(chat: Chat, smtp: Sink, now: datetime) -> None:
    smtp.mood = Mood.LATER
    notice_id, at, waits = one(Kind.INVITATION, chat.member_id).id, now, []
    while row(notice_id).state is NoticeState.DUE:
        deliver(notice_id, now=at)
        waits.append(int((row(notice_id).due_at - at).total_seconds()))
        at = row(notice_id).due_at
    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3840, 7200, 0]
    assert (row(notice_id).state, row(notice_id).error) == (NoticeState.FAILED, "refused-450")


def test_a_retry_has_the_same_message_id_and_says_what_its_reader_wants_by_then(
    chat: Chat, smtp: Sink, now: datetime
) -> None:
    notice_id = one(Kind.INVITATION, chat.member_id).id
    with transaction():
        prepared = prepare(claim([notice_id], now=now), now=now)
    with transaction():
        (parcel,) = keep(prepared, now=now)
    name = row(notice_id).message_id
    with transaction() as session:
        session.get_one(Person, chat.member_id).discretion = Discretion.DOT
    with transaction() as session:
        settle(session, [Outcome(parcel, Unreachable())], now=now)
    assert (row(notice_id).error, row(notice_id).doubts) == ("unreachable", 0)
    deliver(notice_id, now=now + SOON)
    (letter,) = smtp.letters
    assert (letter.message["Message-ID"], letter.message["Subject"]) == (name, "You have a note")


def test_a_doubtful_letter_is_repeated_once_to_the_byte_and_then_shown_to_a_person(
    chat: Chat, smtp: Sink, now: datetime
) -> None:
    smtp.mood = Mood.DROP
    notice_id = one(Kind.INVITATION, chat.member_id).id
    for minute in range(5):
        deliver(notice_id, now=now + minute * SOON)
    assert len(smtp.letters) == 2
    assert smtp.letters[0].raw == smtp.letters[1].raw
    assert (row(notice_id).state, row(notice_id).error) == (NoticeState.FAILED, "doubtful")


def test_a_hard_refusal_needs_a_person_at_once(chat: Chat, smtp: Sink, now: datetime) -> None:
    smtp.mood = Mood.NEVER
    notice = one(Kind.INVITATION, chat.member_id)
    deliver(notice.id, now=now)
    assert [(trouble.id, trouble.kind, trouble.error) for trouble in standing.troubles()] == [
        (notice.id, Kind.INVITATION, "refused-550")
    ]


def test_a_newer_letter_waits_for_an_older_one_that_is_doubtful(chat: Chat, smtp: Sink, now: datetime) -> None:
    invitation, reminder = (one(kind, chat.member_id).id for kind in (Kind.INVITATION, Kind.REMINDER_DAY))
    later = row(reminder).due_at
    smtp.mood = Mood.DROP
    deliver(invitation, now=later)
    smtp.mood = Mood.ACCEPT
    deliver(reminder, now=later)
    assert row(reminder).state is NoticeState.DUE
    deliver(invitation, now=later + SOON)
    deliver(reminder, now=later + SOON)
    assert [letter.message["Message-ID"] for letter in to(smtp, "ana")] == [
        row(invitation).message_id,
        row(invitation).message_id,
        row(reminder).message_id,
    ]


def test_an_older_letter_never_follows_a_newer_one(chat: Chat, smtp: Sink, now: datetime) -> None:
    invitation, reminder = (one(kind, chat.member_id).id for kind in (Kind.INVITATION, Kind.REMINDER_DAY))
    smtp.mood = Mood.NEVER
    deliver(invitation, now=now)
    smtp.mood = Mood.ACCEPT
    deliver(reminder, now=row(reminder).due_at)
    with transaction() as session:
        session.get_one(Notice, invitation).state = NoticeState.DUE
    deliver(invitation, now=row(reminder).due_at)
    assert (row(reminder).state, row(invitation).state) == (NoticeState.SENT, NoticeState.VOID)


def test_a_chat_cancelled_before_its_invitation_left_sends_nothing_at_all(
    chat: Chat, smtp: Sink, now: datetime
) -> None:
    cancel(chat.id, now + SOON, by=chat.member_id)
    deliver_due(now + timedelta(days=1))
    assert smtp.letters == []
    assert {notice.state for notice in rows()} == {NoticeState.VOID}


def test_a_cancellation_takes_the_same_entry_out(chat: Chat, smtp: Sink, now: datetime) -> None:
    deliver_due(now)
    cancel(chat.id, now + SOON, by=chat.member_id)
    deliver_due(now + SOON)
    first, last = to(smtp, "ana")
    assert entry(last) == (entry(first)[0], 1, "CANCEL", "CANCELLED")


def test_a_cancellation_far_ahead_waits_for_the_end_of_the_others_quiet_hours(
    chat: Chat, smtp: Sink, now: datetime
) -> None:
    night = now + timedelta(hours=13)
    cancel(chat.id, night, by=chat.member_id)
    assert one(Kind.CANCELLATION, chat.member_id).due_at == night
    assert one(Kind.CANCELLATION, chat.peer_id).due_at == now + timedelta(hours=23)


def test_a_moved_chat_moves_the_same_entry_and_its_reminders(chat: Chat, smtp: Sink, now: datetime) -> None:
    deliver_due(now)
    move(chat.id, chat.starts_at + timedelta(hours=1), now + SOON)
    deliver_due(now + SOON)
    first, last = to(smtp, "ana")
    assert entry(last) == (entry(first)[0], 1, "REQUEST", "CONFIRMED")
    voided = [notice.revision for notice in rows([Kind.REMINDER_DAY]) if notice.state is NoticeState.VOID]
    owed = one(Kind.REMINDER_DAY, chat.member_id, NoticeState.DUE)
    assert (voided, owed.revision, owed.due_at) == ([0, 0], 1, chat.starts_at - timedelta(hours=23))


def test_a_chat_moved_before_the_invitation_left_is_simply_an_invitation(chat: Chat, smtp: Sink, now: datetime) -> None:
    move(chat.id, chat.starts_at + timedelta(hours=1), now + SOON)
    deliver_due(now + SOON)
    (letter,) = to(smtp, "ana")
    assert entry(letter)[1:] == (1, "REQUEST", "CONFIRMED")
    assert "is set" in letter.message.get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_a_doubtful_invitation_is_taken_out_again_when_the_chat_is_cancelled(
    chat: Chat, smtp: Sink, now: datetime
) -> None:
    smtp.mood = Mood.DROP
    deliver(one(Kind.INVITATION, chat.peer_id).id, now=now)
    smtp.mood = Mood.ACCEPT
    cancel(chat.id, now + SOON, by=chat.peer_id)
    deliver_due(now + SOON)
    assert [entry(letter)[2] for letter in to(smtp, "ben")] == ["REQUEST", "CANCEL"]


def test_reminders_carry_a_way_to_end_them_and_invitations_do_not(chat: Chat, smtp: Sink, now: datetime) -> None:
    deliver_due(now)
    deliver_due(one(Kind.REMINDER_DAY, chat.member_id).due_at)
    invitation, reminder = (letter.message for letter in to(smtp, "ana"))
    assert (invitation["List-Unsubscribe"], reminder["List-Unsubscribe-Post"]) == (None, "List-Unsubscribe=One-Click")
    assert reminder["List-Unsubscribe"].startswith("<http://localhost/unsubscribe/")


@pytest.mark.parametrize(
    ("kind", "state", "holds"),
    [
        (Kind.SHORTLIST_READY, State.SHORTLISTED, True),
        (Kind.SHORTLIST_READY, State.CHOSEN, False),
        (Kind.CHOICE_APPROVED, State.INVITED, True),
        (Kind.WALK_HELD, State.HELD, True),
        (Kind.WALK_HELD, State.CHOSEN, False),
        (Kind.SWAPPED, State.SHORTLISTED, True),
        (Kind.NEXT_ASKED, State.INVITED, True),
        (Kind.BOTH_YES, State.FIRST_COFFEE, True),
        (Kind.BOTH_YES, State.CLOSED, False),
        (Kind.REFLECT, State.REFLECTION, True),
        (Kind.REFLECT, State.WALKING, False),
    ],
)
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_letter_of_the_walk_goes_out_only_while_the_walk_is_there(
    chat: Chat, smtp: Sink, now: datetime, kind: Kind, state: State, holds: bool
) -> None:
    walk_id = add_walk(chat.member_id, chat.peer_id, state, now, open=False)
    notice_id = owe_walk_letter(kind, chat.member_id, walk_id, now)
    deliver(notice_id, now=now)
    assert row(notice_id).state is (NoticeState.SENT if holds else NoticeState.VOID)
    assert len(smtp.letters) == int(holds)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_peer_is_asked_only_while_they_are_the_one_asked(chat: Chat, smtp: Sink, now: datetime) -> None:
    until = now + timedelta(hours=48)
    theirs = add_walk(chat.member_id, chat.peer_id, State.INVITED, now, open=False, answer_by=until)
    others = add_walk(chat.peer_id, chat.member_id, State.INVITED, now, open=False, answer_by=until)
    asked, not_asked = (owe_walk_letter(Kind.ASKED_PEER, chat.peer_id, walk_id, now) for walk_id in (theirs, others))
    for notice_id in (asked, not_asked):
        deliver(notice_id, now=now)
    assert [row(notice_id).state for notice_id in (asked, not_asked)] == [NoticeState.SENT, NoticeState.VOID]


def test_a_letter_that_cannot_be_written_is_given_up_after_its_tries_and_holds_nothing_up(
    chat: Chat, smtp: Sink, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    deliver_due(now)
    move(chat.id, chat.starts_at + timedelta(hours=1), now + SOON)
    broken = one(Kind.UPDATE, chat.member_id).id
    with transaction() as session:
        session.get_one(Notice, broken).details = None
    at = now + SOON
    while row(broken).state is NoticeState.DUE:
        deliver(broken, now=at)
        at = row(broken).due_at
    deliver(one(Kind.UPDATE, chat.peer_id).id, now=at)
    assert (row(broken).error, row(broken).attempts) == ("fault", 10)
    assert len(to(smtp, "ben")) == 2
    assert "KeyError" in caplog.text
