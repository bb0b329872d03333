"""A phone for texts: whose it is says a code; taken out it is forgotten."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from portal.domain.account import CodeAnswer, Role
from portal.domain.errors import BadInput
from portal.domain.notice import Channel, Kind, NoticeState
from portal.models import Notice
from portal.services import account
from portal.services.account import SafeAnswers
from portal.services.notice.hold import hold
from portal.settings import Settings
from tests.servers.twilio import Carrier
from tests.services.outbox import add_person, deliver_due, rows
from tests.texting import ANAS, choices, choose, code_in, phone, with_texts

TYPED = "(202) 555-0123"
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def settings(settings: Settings, carrier: Carrier) -> Settings:
    return with_texts(settings, carrier, ("US", "GB"))


@pytest.fixture
def ana(inside: Flask, now: datetime) -> int:
    return add_person("Ana", now, Role.MEMBER)


def asked(person_id: int, now: datetime, typed: str = TYPED, country: str = "US") -> Notice:
    account.ask_phone_code(person_id, typed, country, now=now)
    return rows([Kind.PHONE_CODE])[-1]


def refused(person_id: int, now: datetime, typed: str = TYPED, country: str = "US") -> str:
    with pytest.raises(BadInput) as caught:
        account.ask_phone_code(person_id, typed, country, now=now)
    assert caught.value.field == "number"
    return caught.value.sentence


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_a_code_is_owed_by_text_and_the_right_one_opens_the_phone(ana: int, now: datetime) -> None:
    row = asked(ana, now)
    assert (row.channel, row.spread, row.state, row.due_at) == (Channel.TEXT, True, NoticeState.DUE, now)
    assert (row.details or {})["to"] == ANAS
    found = phone(ana)
    assert found is not None
    assert (found.number, found.confirmed_at) == (ANAS, None)
    code = code_in(row)
    assert account.enter_phone_code(ana, f"{code[:3]} {code[3:]}", now=now + MINUTE) is CodeAnswer.RIGHT
    found = phone(ana)
    assert found is not None
    assert (found.confirmed_at, found.code_hash) == (now + MINUTE, None)


def test_neither_the_number_nor_the_code_can_be_read_from_the_database(ana: int, now: datetime) -> None:
    row = asked(ana, now)
    found = phone(ana)
    assert found is not None
    assert code_in(row) not in (found.code_hash or "")
    assert ANAS[1:] not in found.number_hash + row.about
    assert len(row.about) <= 40


def test_a_wrong_code_can_be_tried_five_times(ana: int, now: datetime) -> None:
    code = code_in(asked(ana, now))
    answers = [account.enter_phone_code(ana, wrong(code), now=now) for _ in range(6)]
    assert answers == [CodeAnswer.WRONG] * 4 + [CodeAnswer.SPENT] * 2
    assert account.enter_phone_code(ana, code, now=now) is CodeAnswer.SPENT


def test_a_code_is_of_no_use_after_ten_minutes(ana: int, now: datetime) -> None:
    code = code_in(asked(ana, now))
    assert account.enter_phone_code(ana, code, now=now + 10 * MINUTE) is CodeAnswer.SPENT


def test_a_code_is_of_use_once_and_to_nobody_else(ana: int, now: datetime) -> None:
    ben = add_person("Ben", now, Role.PEER)
    code = code_in(asked(ana, now))
    asked(ben, now, "(202) 555-0124")
    assert account.enter_phone_code(ben, code, now=now) is CodeAnswer.WRONG
    assert account.enter_phone_code(ana, code, now=now) is CodeAnswer.RIGHT
    assert account.enter_phone_code(ana, code, now=now) is CodeAnswer.SPENT


def test_a_new_code_takes_the_last_one_back(ana: int, now: datetime) -> None:
    first = asked(ana, now)
    second = asked(ana, now + MINUTE)
    assert account.enter_phone_code(ana, code_in(first), now=now + MINUTE) is not CodeAnswer.RIGHT
    assert [row.state for row in rows([Kind.PHONE_CODE])] == [NoticeState.VOID, NoticeState.DUE]
    assert account.enter_phone_code(ana, code_in(second), now=now + MINUTE) is CodeAnswer.RIGHT


def test_so_many_codes_a_day_are_sent_to_one_person(ana: int, now: datetime) -> None:
    for number in range(5):
        asked(ana, now, f"(202) 555-012{number}")
    assert "Several codes" in refused(ana, now, "(202) 555-0129")
    assert asked(ana, now + DAY + MINUTE).state is NoticeState.DUE


def test_so_many_codes_a_day_are_sent_to_one_number_whoever_asks(ana: int, now: datetime) -> None:
    for name in ("Ben", "Cleo", "Dan", "Eva", "Finn"):
        asked(add_person(name, now), now)
    assert "Several codes" in refused(ana, now)


@pytest.mark.parametrize(
    ("typed", "country", "words"),
    [
        ("nothing", "US", "Please write a phone number"),
        ("911", "US", "Please write a phone number"),
        ("020 7946 0958", "GB", "takes no text messages"),
        ("+33 6 12 34 56 78", "US", "cannot send texts to that country"),
    ],
)
def test_what_takes_no_texts_is_said(ana: int, now: datetime, typed: str, country: str, words: str) -> None:
    assert words in refused(ana, now, typed, country)
    assert (rows([Kind.PHONE_CODE]), phone(ana)) == ([], None)


def test_a_number_of_another_country_that_is_served_is_read_as_it_is_written_there(ana: int, now: datetime) -> None:
    assert (asked(ana, now, "07400 123456", "GB").details or {})["to"] == "+447400123456"


def test_texts_that_were_said_to_be_unsafe_are_not_sent(ana: int, now: datetime) -> None:
    account.set_safe_contact(ana, SafeAnswers(may_text=False), now=now)
    assert "not safe" in refused(ana, now)
    assert rows([Kind.PHONE_CODE]) == []


def test_taken_out_a_phone_is_forgotten_with_what_was_chosen_for_it(ana: int, now: datetime) -> None:
    account.enter_phone_code(ana, code_in(asked(ana, now)), now=now)
    choose(ana, now, Channel.EMAIL, Channel.TEXT)
    for _ in range(2):
        account.remove_phone(ana, now=now)
    assert phone(ana) is None
    assert {channel for _group, channel in choices(ana)} == {Channel.EMAIL}


def test_taken_out_before_the_code_came_nothing_is_sent(ana: int, now: datetime) -> None:
    asked(ana, now)
    account.remove_phone(ana, now=now)
    assert [row.state for row in rows([Kind.PHONE_CODE])] == [NoticeState.VOID]


def test_two_people_may_share_a_phone(ana: int, now: datetime) -> None:
    ben = add_person("Ben", now, Role.PEER)
    for person_id in (ana, ben):
        assert account.enter_phone_code(person_id, code_in(asked(person_id, now)), now=now) is CodeAnswer.RIGHT


def test_a_code_goes_out_though_the_post_is_held(ana: int, now: datetime, carrier: Carrier) -> None:
    hold("restored", now=now - MINUTE)
    asked(ana, now)
    deliver_due(now)
    assert len(carrier.texts) == 1


def test_a_number_that_two_asked_for_keeps_the_code_of_the_other(ana: int, now: datetime) -> None:
    ben = add_person("Ben", now, Role.PEER)
    asked(ben, now)
    asked(ana, now)
    account.remove_phone(ana, now=now)
    states = {row.person_id: row.state for row in rows([Kind.PHONE_CODE])}
    assert states == {ana: NoticeState.VOID, ben: NoticeState.DUE}
