"""What became of a text: kept once and in order, whatever order the carrier tells it in; the letter follows one that
did not arrive."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import event

from portal.db import read
from portal.domain.account import CodeAnswer
from portal.domain.matching.walk import State
from portal.domain.notice import Asked, Channel, Kind, NoticeState
from portal.models import Notice, Phone
from portal.queries.checkin import by_text
from portal.services import account, checkin
from portal.services.notice.office import office, open_office
from portal.services.notice.texts import hear, note_receipt
from portal.settings import Settings
from tests.booking_cast import Pair, add_pair
from tests.servers.smtp import Sink
from tests.servers.twilio import Carrier
from tests.services.conftest import Chat
from tests.services.outbox import deliver_due, one, owe_walk_letter, rows
from tests.texting import ANAS, BENS, add_phone, choose, code_in, phone, texts, with_texts

MINUTE = timedelta(minutes=1)


@pytest.fixture
def settings(settings: Settings, carrier: Carrier) -> Settings:
    return with_texts(settings, carrier)


@pytest.fixture
def sent(chat: Chat, now: datetime, carrier: Carrier, smtp: Sink) -> Notice:
    """A text to Ana that the carrier took, and no letter."""
    deliver_due(now)
    smtp.reset()
    add_phone(chat.member_id, ANAS, now)
    choose(chat.member_id, now, Channel.TEXT)
    owe_walk_letter(Kind.BOTH_YES, chat.member_id, chat.walk_id, now + timedelta(hours=10))
    deliver_due(now + timedelta(hours=10))
    return one(Kind.BOTH_YES, chat.member_id)


def tell(sent: Notice, carrier: Carrier, status: str, now: datetime, error: str = "") -> None:
    note_receipt(sent.id, carrier.texts[-1].sid, status, error, now=now)


def both_yes(person_id: int) -> list[tuple[Channel, NoticeState]]:
    return [(row.channel, row.state) for row in rows([Kind.BOTH_YES]) if row.person_id == person_id]


def test_the_carrier_knows_where_to_tell_it(sent: Notice, carrier: Carrier) -> None:
    assert carrier.texts[-1].receipt == f"http://localhost/texts/receipt/{sent.id}"


def test_a_text_is_followed_to_its_arrival(sent: Notice, carrier: Carrier, now: datetime) -> None:
    for status in ("queued", "sending", "sent", "delivered"):
        tell(sent, carrier, status, now)
    assert [(text.status, text.error) for text in texts()] == [("delivered", None)]
    assert both_yes(sent.person_id or 0) == [(Channel.TEXT, NoticeState.SENT)]


def test_what_comes_late_or_twice_changes_nothing(sent: Notice, carrier: Carrier, now: datetime) -> None:
    for status in ("delivered", "sent", "queued", "delivered", "undelivered", "nonsense"):
        tell(sent, carrier, status, now)
    assert [text.status for text in texts()] == ["delivered"]
    assert both_yes(sent.person_id or 0) == [(Channel.TEXT, NoticeState.SENT)]


@pytest.mark.parametrize("order", [("first", "second"), ("second", "first")])
def test_of_two_texts_in_doubt_one_that_arrived_is_enough(
    sent: Notice, carrier: Carrier, now: datetime, order: tuple[str, str]
) -> None:
    first, second = carrier.texts[-1].sid, "SMagain"
    note_receipt(sent.id, second, "sent", "", now=now)
    told = {"first": (first, "undelivered", "30003"), "second": (second, "delivered", "")}
    for which in order:
        note_receipt(sent.id, *told[which], now=now)
    assert both_yes(sent.person_id or 0) == [(Channel.TEXT, NoticeState.SENT)]


def test_of_two_texts_that_both_did_not_arrive_the_last_brings_the_letter(
    sent: Notice, carrier: Carrier, now: datetime
) -> None:
    note_receipt(sent.id, "SMagain", "sent", "", now=now)
    for sid in (carrier.texts[-1].sid, "SMagain"):
        note_receipt(sent.id, sid, "undelivered", "30003", now=now)
    assert both_yes(sent.person_id or 0) == [(Channel.TEXT, NoticeState.VOID), (Channel.EMAIL, NoticeState.DUE)]


@pytest.fixture
def opened() -> Iterator[list[int]]:
    """Whose phone's row was read."""
    found: list[int] = []

    def note(phone: Phone, _context: object) -> None:
        found.append(phone.person_id)

    event.listen(Phone, "load", note)
    yield found
    event.remove(Phone, "load", note)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_text_from_an_unknown_number_opens_nobodys_number_once_all_are_hashed_by_the_key_there_is(
    chat: Chat, now: datetime, opened: list[int]
) -> None:
    add_phone(chat.member_id, ANAS, now)
    add_phone(chat.peer_id, BENS, now)
    post = office()
    open_office(replace(post, number_key=b"another key"))
    hear("+12025550177", "STOP", "SM1", now=now)
    assert sorted(opened) == sorted([chat.member_id, chat.peer_id])
    opened.clear()
    hear("+12025550177", "Hello?", "SM2", now=now)
    hear("+12025550177", "STOP", "SM3", now=now)
    assert opened == []
    hear(ANAS, "STOP", "SM4", now=now)
    assert opened == [chat.member_id]
    found = phone(chat.member_id)
    assert found is not None
    assert found.stopped_at == now


@pytest.mark.parametrize("status", ["undelivered", "failed"])
def test_the_letter_follows_a_text_that_did_not_arrive_once(
    sent: Notice, carrier: Carrier, now: datetime, smtp: Sink, status: str
) -> None:
    for _ in range(2):
        tell(sent, carrier, status, now, "30003")
        deliver_due(now + timedelta(hours=10, minutes=1))
    assert [(text.status, text.error) for text in texts()] == [(status, "30003")]
    assert both_yes(sent.person_id or 0) == [(Channel.TEXT, NoticeState.VOID), (Channel.EMAIL, NoticeState.SENT)]
    assert len(smtp.accepted) == 1


def test_where_no_letter_may_follow_a_person_has_to_know(
    sent: Notice, carrier: Carrier, chat: Chat, now: datetime
) -> None:
    account.set_safe_contact(chat.member_id, account.SafeAnswers(may_email=False), now=now)
    tell(sent, carrier, "undelivered", now, "30005")
    (row,) = rows([Kind.BOTH_YES])
    assert (row.state, row.error) == (NoticeState.FAILED, "not-arrived")


def test_a_number_that_was_stopped_at_the_carrier_is_stopped_here(
    sent: Notice, carrier: Carrier, chat: Chat, now: datetime
) -> None:
    tell(sent, carrier, "failed", now, "21610")
    found = phone(chat.member_id)
    assert found is not None
    assert found.stopped_at == now


def test_a_call_that_comes_before_the_carriers_answer_is_not_lost(
    chat: Chat, now: datetime, carrier: Carrier, smtp: Sink
) -> None:
    add_phone(chat.member_id, ANAS, now)
    choose(chat.member_id, now, Channel.TEXT)
    row = one(Kind.INVITATION, chat.member_id)
    deliver_due(now)
    (text,) = [each for each in rows([Kind.INVITATION]) if each.channel is Channel.TEXT and each.id != row.id]
    note_receipt(text.id, "SMearly", "delivered", "", now=now)
    assert [(each.sid, each.status) for each in texts()] == [("SMearly", "delivered")]


def test_a_call_about_a_letter_or_about_nothing_changes_nothing(chat: Chat, now: datetime) -> None:
    letter = one(Kind.INVITATION, chat.member_id)
    for notice_id in (letter.id, 999_999):
        note_receipt(notice_id, "SM1", "failed", "30003", now=now)
    assert texts() == []
    assert one(Kind.INVITATION, chat.member_id).state is NoticeState.DUE


def test_words_by_text_stand_in_the_one_thread_that_both_have_that_way(
    inside: Flask, now: datetime, carrier: Carrier
) -> None:
    pair = add_pair(now, State.WALKING)
    for person_id, number in ((pair.member_id, ANAS), (pair.peer_id, BENS)):
        add_phone(person_id, number, now)
        checkin.agree_to_texts(pair.walk_id, person_id, agree=True, now=now)
    heard = [hear(ANAS, "It went well today.", "SM7", now=now) for _ in range(2)]
    assert [(each.asked, each.relayed) for each in heard] == [(Asked.OTHER, True)] * 2
    deliver_due(now + timedelta(hours=10))
    assert [(text.to, text.body) for text in carrier.texts] == [(BENS, "It went well today.")]
    assert hear("+12025550177", "Hello?", "SM8", now=now).relayed is False


@pytest.fixture
def pair(inside: Flask, now: datetime) -> Pair:
    """Ana and Ben, who have their thread by text."""
    found = add_pair(now, State.WALKING)
    for person_id, number in ((found.member_id, ANAS), (found.peer_id, BENS)):
        add_phone(person_id, number, now)
        checkin.agree_to_texts(found.walk_id, person_id, agree=True, now=now)
    return found


def takes_it_out(person_id: int, now: datetime) -> None:
    account.remove_phone(person_id, now=now)


def takes_another(person_id: int, now: datetime) -> None:
    account.ask_phone_code(person_id, "+12025550177", "US", now=now)
    code = code_in(rows([Kind.PHONE_CODE])[-1])
    assert account.enter_phone_code(person_id, code, now=now) is CodeAnswer.RIGHT


@pytest.mark.parametrize("change", [takes_it_out, takes_another])
def test_an_agreement_to_texts_falls_with_the_number_and_what_waited_comes_by_letter(
    pair: Pair, now: datetime, change: Callable[[int, datetime], None]
) -> None:
    checkin.write(pair.walk_id, pair.peer_id, "One.", key="", now=now)
    change(pair.member_id, now)
    read().rollback()
    assert by_text(pair.walk_id) == {pair.peer_id}
    waiting = [row for row in rows([Kind.THREAD_LINE]) if row.state is NoticeState.DUE]
    assert [(row.channel, row.person_id) for row in waiting] == [(Channel.EMAIL, pair.member_id)]
    heard = hear(BENS, "Are you there?", "SM10", now=now)
    assert (heard.relayed, heard.alone) == (False, True)


def test_the_same_number_asked_for_again_keeps_the_agreement(pair: Pair, now: datetime) -> None:
    account.ask_phone_code(pair.member_id, ANAS, "US", now=now)
    read().rollback()
    assert by_text(pair.walk_id) == {pair.member_id, pair.peer_id}


def test_what_is_too_long_for_a_thread_is_said(inside: Flask, now: datetime) -> None:
    pair = add_pair(now, State.WALKING)
    for person_id, number in ((pair.member_id, ANAS), (pair.peer_id, BENS)):
        add_phone(person_id, number, now)
        checkin.agree_to_texts(pair.walk_id, person_id, agree=True, now=now)
    assert hear(ANAS, "x" * 5000, "SM9", now=now).refused is not None


def test_words_of_a_thread_do_not_go_to_a_phone_that_others_see(
    inside: Flask, now: datetime, carrier: Carrier, smtp: Sink
) -> None:
    pair = add_pair(now, State.WALKING)
    for person_id, number in ((pair.member_id, ANAS), (pair.peer_id, BENS)):
        add_phone(person_id, number, now)
        checkin.agree_to_texts(pair.walk_id, person_id, agree=True, now=now)
    account.set_safe_contact(pair.member_id, account.SafeAnswers(phone_is_seen=True), now=now)
    checkin.write(pair.walk_id, pair.peer_id, "About Thursday.", key="", now=now)
    deliver_due(now + timedelta(hours=10))
    assert [text.body.split(" http")[0] for text in carrier.texts] == ["You have a note"]
