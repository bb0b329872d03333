"""News by the ways somebody chose: real texts and signs, the letter where they come to nothing, and quiet hours."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import pytest
from flask import Flask

from portal.domain.account import Discretion
from portal.domain.notice import REMINDERS, Channel, Group, Kind, NoticeState, segments
from portal.services import account
from portal.services.account import SafeAnswers
from portal.settings import Settings
from tests.servers.push_service import PushService
from tests.servers.smtp import Mood as MailMood
from tests.servers.smtp import Sink
from tests.servers.twilio import Carrier, Mood
from tests.services.conftest import Chat
from tests.services.outbox import cancel, deliver_due, move, owe_walk_letter, rows
from tests.texting import ANAS, add_phone, choose, devices, have_signs, phone, signs_end_here, texts, with_texts

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def settings(settings: Settings, carrier: Carrier) -> Settings:
    return with_texts(settings, carrier)


@pytest.fixture
def ana(chat: Chat, now: datetime) -> int:
    """Ana, whose phone takes texts, and whose chat is to be told of."""
    add_phone(chat.member_id, ANAS, now)
    return chat.member_id


@pytest.fixture
def late(now: datetime) -> datetime:
    """Three in the afternoon for Ana, so that nothing waits for the morning."""
    return now + 10 * HOUR


def told(person_id: int, *kinds: Kind) -> list[tuple[Kind, Channel, NoticeState]]:
    return [(row.kind, row.channel, row.state) for row in rows(kinds or None) if row.person_id == person_id]


def mails_to(smtp: Sink, name: str) -> list[str]:
    return [str(letter.message["Subject"]) for letter in smtp.accepted if letter.to == (f"{name}@example.org",)]


def test_whoever_chose_nothing_gets_letters(ana: int, late: datetime, carrier: Carrier, smtp: Sink) -> None:
    deliver_due(late)
    assert (carrier.texts, len(mails_to(smtp, "ana"))) == ([], 1)


def test_news_of_a_chat_comes_by_text_and_its_entry_by_letter(
    ana: int, late: datetime, carrier: Carrier, smtp: Sink
) -> None:
    choose(ana, late, Channel.TEXT)
    for _ in range(2):
        deliver_due(late)
    (text,) = carrier.texts
    assert text.to == ANAS
    assert text.body.startswith("Your coffee chat")
    assert "http://localhost/n/" in text.body
    assert segments(text.body) == 1
    assert told(ana, Kind.INVITATION) == [
        (Kind.INVITATION, Channel.EMAIL, NoticeState.SENT),
        (Kind.INVITATION, Channel.TEXT, NoticeState.SENT),
    ]
    assert len(mails_to(smtp, "ana")) == 1
    assert [(row.sid, row.status, row.segments) for row in texts()] == [(text.sid, "accepted", 1)]


def test_what_has_no_entry_comes_by_the_chosen_way_alone(
    ana: int, chat: Chat, late: datetime, carrier: Carrier, smtp: Sink
) -> None:
    deliver_due(late)
    smtp.reset()
    choose(ana, late, Channel.TEXT)
    owe_walk_letter(Kind.BOTH_YES, ana, chat.walk_id, late)
    deliver_due(late)
    assert told(ana, Kind.BOTH_YES) == [(Kind.BOTH_YES, Channel.TEXT, NoticeState.SENT)]
    assert (len(carrier.texts), mails_to(smtp, "ana")) == (1, [])


def test_each_group_has_ways_of_its_own(ana: int, late: datetime, carrier: Carrier) -> None:
    choose(ana, late, Channel.TEXT, groups=[Group.REMINDERS])
    deliver_due(late)
    assert carrier.texts == []
    deliver_due(late + DAY + 12 * HOUR)
    reminders = [row for row in rows(REMINDERS) if row.person_id == ana]
    assert {row.channel for row in reminders if row.state is NoticeState.SENT} == {Channel.TEXT}
    assert len(carrier.texts) == sum(row.state is NoticeState.SENT for row in reminders)


def test_a_mind_that_changed_reaches_what_is_owed_already(ana: int, late: datetime, carrier: Carrier) -> None:
    choose(ana, late, Channel.TEXT)
    choose(ana, late, Channel.EMAIL)
    deliver_due(late)
    assert carrier.texts == []


def test_at_night_no_text_is_sent_and_the_letter_is(chat: Chat, now: datetime, carrier: Carrier, smtp: Sink) -> None:
    add_phone(chat.peer_id, ANAS, now)
    choose(chat.peer_id, now, Channel.TEXT)
    account.set_zone(chat.peer_id, "America/Los_Angeles", now=now)  # two in the morning, and somebody else has booked
    deliver_due(now)
    assert (carrier.texts, len(mails_to(smtp, "ben"))) == ([], 1)
    (waits,) = [row for row in rows([Kind.INVITATION]) if row.channel is Channel.TEXT]
    assert waits.due_at == now + 7 * HOUR
    deliver_due(now + 7 * HOUR)
    assert len(carrier.texts) == 1


def test_what_somebody_did_themselves_is_told_at_once(ana: int, now: datetime, carrier: Carrier) -> None:
    choose(ana, now, Channel.TEXT)
    deliver_due(now)
    deliver_due(now)
    assert len(carrier.texts) == 1  # five in the morning, and she has just booked


def fails_for_good(carrier: Carrier) -> None:
    carrier.refused[ANAS] = 21614


def stopped_there(carrier: Carrier) -> None:
    carrier.refused[ANAS] = 21610


@pytest.mark.parametrize("trouble", [fails_for_good, stopped_there])
def test_a_text_that_is_refused_is_followed_by_the_letter(
    ana: int, chat: Chat, late: datetime, carrier: Carrier, smtp: Sink, trouble: Callable[[Carrier], None]
) -> None:
    deliver_due(late)
    smtp.reset()
    trouble(carrier)
    choose(ana, late, Channel.TEXT)
    owe_walk_letter(Kind.BOTH_YES, ana, chat.walk_id, late)
    for _ in range(2):
        deliver_due(late)
    assert told(ana, Kind.BOTH_YES) == [
        (Kind.BOTH_YES, Channel.TEXT, NoticeState.VOID),
        (Kind.BOTH_YES, Channel.EMAIL, NoticeState.SENT),
    ]
    assert len(mails_to(smtp, "ana")) == 1
    found = phone(ana)
    assert found is not None
    assert (found.stopped_at is not None) is (trouble is stopped_there)


def test_a_text_that_may_have_been_taken_goes_out_once_more_and_then_the_letter(
    ana: int, late: datetime, carrier: Carrier
) -> None:
    carrier.mood = Mood.DROP
    choose(ana, late, Channel.TEXT)
    for minutes in range(6):
        deliver_due(late + timedelta(minutes=minutes))
    (text,) = [row for row in rows([Kind.INVITATION]) if row.channel is Channel.TEXT]
    assert len(carrier.texts) == 2
    assert carrier.texts[0].body == carrier.texts[1].body
    assert (text.state, text.error) == (NoticeState.VOID, "doubtful")


def test_a_carrier_that_is_away_keeps_no_letter_waiting_and_is_asked_again(
    ana: int, late: datetime, carrier: Carrier, smtp: Sink
) -> None:
    carrier.mood = Mood.AWAY
    choose(ana, late, Channel.TEXT)
    for _ in range(2):
        deliver_due(late)
    assert len(mails_to(smtp, "ana")) == 1
    carrier.mood = Mood.ACCEPT
    deliver_due(late + timedelta(minutes=1))
    assert len(carrier.texts) == 1


def test_a_mail_server_that_is_away_keeps_no_text_waiting(
    ana: int, late: datetime, carrier: Carrier, smtp: Sink
) -> None:
    smtp.mood = MailMood.LATER
    choose(ana, late, Channel.TEXT)
    for _ in range(2):
        deliver_due(late)
    assert (len(carrier.texts), smtp.accepted) == (1, [])


def by_taking_it_out(person_id: int, now: datetime) -> None:
    account.remove_phone(person_id, now=now)


def by_saying_texts_are_unsafe(person_id: int, now: datetime) -> None:
    account.set_safe_contact(person_id, SafeAnswers(may_text=False), now=now)


@pytest.mark.parametrize("closed", [by_taking_it_out, by_saying_texts_are_unsafe])
def test_a_phone_that_was_closed_gets_no_text_that_waits(
    ana: int,
    chat: Chat,
    late: datetime,
    carrier: Carrier,
    closed: Callable[[int, datetime], None],
) -> None:
    deliver_due(late)
    carrier.mood = Mood.AWAY
    choose(ana, late, Channel.TEXT)
    owe_walk_letter(Kind.BOTH_YES, ana, chat.walk_id, late)
    deliver_due(late)
    carrier.mood = Mood.ACCEPT
    closed(ana, late)
    deliver_due(late + timedelta(minutes=1))
    assert carrier.texts == []
    assert told(ana, Kind.BOTH_YES) == [(Kind.BOTH_YES, Channel.EMAIL, NoticeState.SENT)]


def test_where_letters_are_unsafe_the_text_is_enough(
    ana: int, chat: Chat, late: datetime, carrier: Carrier, smtp: Sink
) -> None:
    account.set_safe_contact(ana, SafeAnswers(may_email=False), now=late)
    choose(ana, late, Channel.TEXT)
    deliver_due(late)
    cancel(chat.id, late, by=chat.peer_id)
    deliver_due(late)
    assert mails_to(smtp, "ana") == []
    assert told(ana, Kind.INVITATION, Kind.CANCELLATION) == [
        (Kind.INVITATION, Channel.TEXT, NoticeState.SENT),
        (Kind.CANCELLATION, Channel.TEXT, NoticeState.SENT),
    ]
    assert len(carrier.texts) == 2


def test_a_text_of_a_time_that_has_passed_is_taken_back(ana: int, chat: Chat, late: datetime, carrier: Carrier) -> None:
    carrier.mood = Mood.AWAY
    choose(ana, late, Channel.TEXT)
    for _ in range(2):
        deliver_due(late)
    carrier.mood = Mood.ACCEPT
    move(chat.id, chat.starts_at + DAY, late, by=chat.peer_id)
    for _ in range(2):
        deliver_due(late + timedelta(minutes=1))
    assert [text.body.partition(" http")[0] for text in carrier.texts] == ["A new time for your coffee chat, Thu 11 am"]


@pytest.mark.parametrize(
    ("seen", "discretion", "own", "words"),
    [
        (None, Discretion.OPEN, "", "Ben"),
        (None, Discretion.DOT, "", "You have a note"),
        (None, Discretion.DISCREET, "Books are due", "Books are due"),
        (True, Discretion.OPEN, "", "You have a note"),
        (True, Discretion.DISCREET, "", "You have a note"),
        (True, Discretion.DISCREET, "Books are due", "Books are due"),
    ],
)
def test_a_text_says_no_more_than_it_may(
    ana: int, late: datetime, carrier: Carrier, seen: bool | None, discretion: Discretion, own: str, words: str
) -> None:
    account.set_safe_contact(ana, SafeAnswers(phone_is_seen=seen), now=late)
    account.set_discretion(ana, discretion, own, now=late)
    choose(ana, late, Channel.TEXT)
    for _ in range(2):
        deliver_due(late)
    (text,) = carrier.texts
    assert words in text.body
    if words != "Ben":
        assert "Ben" not in text.body


def test_a_sign_reaches_each_device_as_quietly_as_it_was_wished(
    ana: int, inside: Flask, late: datetime, push_service: PushService, smtp: Sink
) -> None:
    signs_end_here(push_service)
    (_, quiet), (_, open_) = (have_signs(ana, push_service, late, level) for level in (Discretion.DOT, Discretion.OPEN))
    choose(ana, late, Channel.PUSH)
    for _ in range(2):
        deliver_due(late)
    ((dot,), (said,)) = quiet.signs, open_.signs
    assert (dot["title"], dot["body"]) == ("You have a note", "")
    assert "Ben" in said["title"]
    assert said["url"] == dot["url"]
    assert {device.worked_at for device in devices(ana)} == {late}
    assert len(mails_to(smtp, "ana")) == 1


def test_where_the_phone_is_seen_every_sign_is_a_dot(
    ana: int, inside: Flask, late: datetime, push_service: PushService
) -> None:
    signs_end_here(push_service)
    _, device = have_signs(ana, push_service, late, Discretion.OPEN)
    account.set_safe_contact(ana, SafeAnswers(phone_is_seen=True), now=late)
    choose(ana, late, Channel.PUSH)
    for _ in range(2):
        deliver_due(late)
    assert [sign["title"] for sign in device.signs] == ["You have a note"]


def test_a_device_that_is_gone_is_dropped_and_the_letter_goes_instead(
    ana: int, chat: Chat, late: datetime, push_service: PushService, smtp: Sink
) -> None:
    deliver_due(late)
    smtp.reset()
    signs_end_here(push_service)
    _, device = have_signs(ana, push_service, late)
    device.status = "410 Gone"
    choose(ana, late, Channel.PUSH)
    owe_walk_letter(Kind.BOTH_YES, ana, chat.walk_id, late)
    for _ in range(2):
        deliver_due(late)
    assert devices(ana) == []
    assert told(ana, Kind.BOTH_YES) == [
        (Kind.BOTH_YES, Channel.PUSH, NoticeState.VOID),
        (Kind.BOTH_YES, Channel.EMAIL, NoticeState.SENT),
    ]
    assert len(mails_to(smtp, "ana")) == 1


def test_a_device_is_kept_where_its_server_does_not_know_our_key_and_the_letter_goes_instead(
    ana: int, chat: Chat, late: datetime, push_service: PushService, smtp: Sink
) -> None:
    deliver_due(late)
    smtp.reset()
    signs_end_here(push_service)
    (_, gone), (kept, device) = (have_signs(ana, push_service, late) for _ in range(2))
    gone.status, device.status = "410 Gone", "403 Forbidden"
    choose(ana, late, Channel.PUSH)
    owe_walk_letter(Kind.BOTH_YES, ana, chat.walk_id, late)
    for _ in range(2):
        deliver_due(late)
    assert [device.id for device in devices(ana)] == [kept]
    assert told(ana, Kind.BOTH_YES) == [
        (Kind.BOTH_YES, Channel.PUSH, NoticeState.VOID),
        (Kind.BOTH_YES, Channel.EMAIL, NoticeState.SENT),
    ]


@pytest.mark.parametrize(("asked", "minutes"), [(5, 0.5), (1800, 30), (90_000, 120)])
def test_a_server_of_signs_that_asks_for_time_gets_it_but_not_a_day(
    ana: int, late: datetime, push_service: PushService, asked: int, minutes: float
) -> None:
    signs_end_here(push_service)
    _, device = have_signs(ana, push_service, late)
    device.status = f"429 Too Many Requests\r\nRetry-After: {asked}"
    choose(ana, late, Channel.PUSH)
    for _ in range(2):
        deliver_due(late)
    (sign,) = [row for row in rows([Kind.INVITATION]) if row.channel is Channel.PUSH and row.person_id == ana]
    assert (sign.state, sign.due_at) == (NoticeState.DUE, late + timedelta(minutes=minutes))


def test_of_two_devices_the_one_that_is_gone_is_dropped(
    ana: int, inside: Flask, late: datetime, push_service: PushService
) -> None:
    signs_end_here(push_service)
    (kept, here), (_, gone) = (have_signs(ana, push_service, late) for _ in range(2))
    gone.status = "404 Not Found"
    choose(ana, late, Channel.PUSH)
    for _ in range(2):
        deliver_due(late)
    assert [device.id for device in devices(ana)] == [kept]
    assert len(here.signs) == 1


def test_a_code_goes_to_the_phone_and_a_number_that_takes_none_is_nobody_elses_task(
    ana: int, late: datetime, carrier: Carrier
) -> None:
    account.remove_phone(ana, now=late)
    ask = partial(account.ask_phone_code, ana, ANAS, "US")
    ask(now=late)
    deliver_due(late)
    (row,) = rows([Kind.PHONE_CODE])
    assert (row.state, row.details, row.rendered) == (NoticeState.SENT, None, None)
    code = "".join(sign for sign in carrier.texts[0].body if sign.isdigit())[:6]
    assert carrier.texts[0].body.startswith(f"Your code is {code}. It works for 10 minutes.")
    carrier.refused[ANAS] = 21211
    ask(now=late)
    deliver_due(late)
    last = rows([Kind.PHONE_CODE])[-1]
    assert (last.state, last.error) == (NoticeState.VOID, "refused-21211")
