"""Who may be written to: consent that was taken back and an unsafe mailbox stop letters, never the code asked for."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from portal.db import transaction
from portal.domain.account import Discretion, Purpose
from portal.domain.matching.walk import State
from portal.domain.notice import Kind, NoticeState
from portal.models import Consent, Person, SafeContact, SignInCode
from portal.services.notice.deliver import deliver
from portal.services.notice.owe import owe, void
from tests.servers.smtp import Mood, Sink
from tests.services.conftest import Chat
from tests.services.outbox import add_walk, cancel, deliver_due, one, owe_walk_letter, row

SOON = timedelta(minutes=1)


def withdraw(person_id: int, now: datetime) -> None:
    with transaction() as session:
        session.add(Consent(person_id=person_id, purpose=Purpose.LETTERS, wording=1, given_at=now, withdrawn_at=now))


def unsafe(person_id: int, now: datetime) -> None:
    with transaction() as session:
        session.add(SafeContact(person_id=person_id, may_email=False, updated_at=now))


def owe_code(now: datetime, person_id: int | None = None) -> int:
    with transaction() as session:
        code = SignInCode(
            email="ana@example.org",
            browser_hash="b" * 64,
            code_hash="c" * 64,
            created_at=now,
            expires_at=now + timedelta(minutes=10),
        )
        session.add(code)
        session.flush()
        details = {"to": "ana@example.org", "code": "204816"}
        about = f"code-{code.id}"
        return owe(session, Kind.SIGN_IN_CODE, person_id, about=about, due_at=now, now=now, details=details).id


def test_no_letter_goes_to_somebody_who_took_their_consent_back(chat: Chat, smtp: Sink, now: datetime) -> None:
    withdraw(chat.member_id, now)
    deliver_due(now)
    assert [letter.to for letter in smtp.letters] == [("ben@example.org",)]
    assert one(Kind.INVITATION, chat.member_id).state is NoticeState.VOID


def test_no_letter_goes_to_a_mailbox_that_is_not_safe(chat: Chat, smtp: Sink, now: datetime) -> None:
    unsafe(chat.member_id, now)
    deliver_due(now)
    assert [letter.to for letter in smtp.letters] == [("ben@example.org",)]


def test_a_coordinator_is_told_when_somebody_cannot_be_told_that_a_chat_is_off(
    chat: Chat, smtp: Sink, now: datetime
) -> None:
    unsafe(chat.member_id, now)
    cancel(chat.id, now, by=chat.peer_id)
    deliver_due(now + timedelta(days=1))
    theirs = one(Kind.CANCELLATION, chat.member_id)
    assert (theirs.state, theirs.error, smtp.letters) == (NoticeState.FAILED, "not-allowed", [])


def test_a_coordinator_is_told_when_somebody_cannot_be_told_of_a_chat_that_the_other_booked(
    chat: Chat, smtp: Sink, now: datetime
) -> None:
    unsafe(chat.member_id, now)
    unsafe(chat.peer_id, now)
    deliver_due(now)
    booked, theirs = one(Kind.INVITATION, chat.member_id), one(Kind.INVITATION, chat.peer_id)
    assert (booked.state, theirs.state, theirs.error) == (NoticeState.VOID, NoticeState.FAILED, "not-allowed")
    assert smtp.letters == []


def test_a_coordinator_is_told_when_somebody_cannot_be_told_that_both_said_yes(
    chat: Chat, smtp: Sink, now: datetime
) -> None:
    unsafe(chat.member_id, now)
    walk_id = add_walk(chat.member_id, chat.peer_id, State.BOTH_YES, now, open=False)
    notice_id = owe_walk_letter(Kind.BOTH_YES, chat.member_id, walk_id, now)
    deliver(notice_id, now=now)
    assert (row(notice_id).state, row(notice_id).error) == (NoticeState.FAILED, "not-allowed")


def test_nobody_is_troubled_when_that_person_cancelled_it_themselves(chat: Chat, smtp: Sink, now: datetime) -> None:
    unsafe(chat.member_id, now)
    cancel(chat.id, now, by=chat.member_id)
    deliver_due(now + timedelta(days=1))
    assert one(Kind.CANCELLATION, chat.member_id).state is NoticeState.VOID


def test_the_code_somebody_asked_for_goes_out_all_the_same_and_is_forgotten(
    chat: Chat, smtp: Sink, now: datetime
) -> None:
    unsafe(chat.member_id, now)
    withdraw(chat.member_id, now)
    notice_id = owe_code(now, chat.member_id)
    deliver(notice_id, now=now)
    (letter,) = smtp.letters
    sent = row(notice_id)
    assert "204816" in letter.message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert (sent.state, sent.details, sent.rendered) == (NoticeState.SENT, None, None)


def test_a_code_goes_to_an_address_that_nobody_is_known_by(inside: Flask, smtp: Sink, now: datetime) -> None:
    deliver(owe_code(now), now=now)
    assert [letter.to for letter in smtp.letters] == [("ana@example.org",)]


def test_a_code_that_expired_is_not_sent(inside: Flask, smtp: Sink, now: datetime) -> None:
    notice_id = owe_code(now)
    deliver(notice_id, now=now + timedelta(minutes=10))
    late = row(notice_id)
    assert (late.state, late.details, smtp.letters) == (NoticeState.VOID, None, [])


def test_a_code_that_never_left_in_time_is_shown_to_a_person(inside: Flask, smtp: Sink, now: datetime) -> None:
    notice_id = owe_code(now)
    smtp.mood = Mood.LATER
    deliver(notice_id, now=now)
    deliver(notice_id, now=now + timedelta(minutes=10))
    late = row(notice_id)
    assert (late.state, late.error, late.details) == (NoticeState.FAILED, "too-late", None)


def test_a_code_taken_back_leaves_nothing_behind(inside: Flask, now: datetime) -> None:
    notice_id = owe_code(now)
    with transaction() as session:
        void(session, row(notice_id).about, now=now)
    assert (row(notice_id).state, row(notice_id).details) == (NoticeState.VOID, None)


def test_reminders_go_only_to_who_still_wants_them(chat: Chat, smtp: Sink, now: datetime) -> None:
    deliver_due(now)
    with transaction() as session:
        session.get_one(Person, chat.member_id).reminder_leads = "120m"
    reminder = one(Kind.REMINDER_DAY, chat.member_id)
    deliver(reminder.id, now=reminder.due_at)
    assert row(reminder.id).state is NoticeState.VOID


def test_nothing_goes_to_somebody_who_is_suspended(chat: Chat, smtp: Sink, now: datetime) -> None:
    with transaction() as session:
        session.get_one(Person, chat.member_id).suspended_at = now
    deliver_due(now)
    assert [letter.to for letter in smtp.letters] == [("ben@example.org",)]


def test_an_address_that_is_none_needs_a_person(chat: Chat, smtp: Sink, now: datetime) -> None:
    with transaction() as session:
        session.get_one(Person, chat.member_id).email = "not a mailbox"
    deliver_due(now)
    assert (one(Kind.INVITATION, chat.member_id).state, one(Kind.INVITATION, chat.member_id).error) == (
        NoticeState.FAILED,
        "address",
    )


@pytest.mark.parametrize(
    ("mood", "subjects"), [(Mood.LATER, ["You have a note"]), (Mood.DROP, ["Your coffee chat, Wed 11 am"] * 2)]
)
def test_who_asks_for_more_discretion_gets_it_unless_the_letter_may_be_there_already(
    chat: Chat, smtp: Sink, now: datetime, mood: Mood, subjects: list[str]
) -> None:
    notice_id = one(Kind.INVITATION, chat.member_id).id
    smtp.mood = mood
    deliver(notice_id, now=now)
    with transaction() as session:
        session.get_one(Person, chat.member_id).discretion = Discretion.DOT
    smtp.mood = Mood.ACCEPT
    deliver(notice_id, now=now + SOON)
    assert [letter.message["Subject"] for letter in smtp.letters] == subjects


def test_what_letters_say_is_not_readable_in_the_database(chat: Chat, smtp: Sink, now: datetime) -> None:
    deliver_due(now)
    with transaction() as session:
        stored = session.connection().exec_driver_sql("SELECT rendered FROM notice WHERE rendered IS NOT NULL").all()
    assert len(stored) == 2
    assert [("coffee" in text.lower() or "ana@" in text) for (text,) in stored] == [False, False]
