"""By which ways news comes, and on which devices: what was chosen is kept, what is not on the open internet is not."""

from dataclasses import replace
from datetime import datetime

import pytest
from flask import Flask

from portal.domain.account import Discretion, Role
from portal.domain.errors import BadInput, NotFound
from portal.domain.notice import Channel, Group
from portal.services import account
from portal.services.account import Subscription
from portal.settings import Settings
from tests.servers.push_service import PushService
from tests.servers.twilio import Carrier
from tests.services.outbox import add_person
from tests.texting import choices, devices, with_texts


@pytest.fixture
def settings(settings: Settings, carrier: Carrier) -> Settings:
    return with_texts(settings, carrier)


@pytest.fixture
def ana(inside: Flask, now: datetime) -> int:
    return add_person("Ana", now, Role.MEMBER)


@pytest.fixture
def ben(inside: Flask, now: datetime) -> int:
    return add_person("Ben", now, Role.PEER)


def test_ways_are_kept_by_group_and_the_usual_one_needs_no_row(ana: int, now: datetime) -> None:
    account.set_ways(
        ana,
        {
            Group.REMINDERS: frozenset({Channel.TEXT}),
            Group.CHATS: frozenset({Channel.EMAIL, Channel.PUSH}),
            Group.WALKS: frozenset({Channel.EMAIL}),
            Group.CHECK_INS: frozenset(),
        },
        now=now,
    )
    assert choices(ana) == {
        (Group.REMINDERS, Channel.TEXT),
        (Group.CHATS, Channel.EMAIL),
        (Group.CHATS, Channel.PUSH),
    }
    account.set_ways(ana, {Group.REMINDERS: frozenset({Channel.EMAIL})}, now=now)
    assert choices(ana) == {(Group.CHATS, Channel.EMAIL), (Group.CHATS, Channel.PUSH)}


def test_a_device_is_kept_as_quiet_as_can_be(ana: int, now: datetime, push_service: PushService) -> None:
    device = push_service.device()
    numbers = {account.add_device(ana, device.subscription, now=now) for _ in range(2)}
    (kept,) = devices(ana)
    assert numbers == {kept.id}
    assert (kept.endpoint, kept.discretion) == (device.endpoint, Discretion.DOT)


def test_a_device_that_somebody_else_used_before_is_theirs_no_more(
    ana: int, ben: int, now: datetime, push_service: PushService
) -> None:
    device = push_service.device()
    account.add_device(ana, device.subscription, now=now)
    account.add_device(ben, device.subscription, now=now)
    assert (devices(ana), len(devices(ben))) == ([], 1)


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://push.example.org/x",
        "https://127.0.0.1/x",
        "https://localhost/x",
        "https://printer.local/x",
        "https://push.example.org:8443/x",
        "https://name:word@push.example.org/x",
        "ftp://push.example.org/x",
        "",
    ],
)
def test_an_endpoint_that_is_not_on_the_open_internet_is_not_kept(
    ana: int, now: datetime, push_service: PushService, endpoint: str
) -> None:
    with pytest.raises(BadInput):
        account.add_device(ana, replace(push_service.device().subscription, endpoint=endpoint), now=now)
    assert devices(ana) == []


@pytest.mark.parametrize(
    "fault", [{"p256dh": ""}, {"p256dh": "AAAA"}, {"p256dh": "B" + "A" * 86}, {"auth": "AAAA"}, {"auth": "?" * 22}]
)
def test_keys_that_are_none_are_not_kept(
    ana: int, now: datetime, push_service: PushService, fault: dict[str, str]
) -> None:
    with pytest.raises(BadInput):
        account.add_device(ana, replace(push_service.device().subscription, **fault), now=now)


def test_ten_devices_are_enough(ana: int, now: datetime, push_service: PushService) -> None:
    for _ in range(10):
        account.add_device(ana, push_service.device().subscription, now=now)
    with pytest.raises(BadInput) as caught:
        account.add_device(ana, push_service.device().subscription, now=now)
    assert caught.value.values == {"most": 10}


def test_each_device_says_as_much_as_it_may_and_only_its_owner_decides(
    ana: int, ben: int, now: datetime, push_service: PushService
) -> None:
    number = account.add_device(ana, push_service.device().subscription, now=now)
    with pytest.raises(NotFound):
        account.set_device_discretion(ben, number, Discretion.OPEN, now=now)
    with pytest.raises(NotFound):
        account.remove_device(ben, number, now=now)
    account.set_device_discretion(ana, number, Discretion.OPEN, now=now)
    assert [device.discretion for device in devices(ana)] == [Discretion.OPEN]
    account.remove_device(ana, number, now=now)
    assert devices(ana) == []


def test_nothing_of_a_subscription_is_shown_when_it_is_printed(push_service: PushService) -> None:
    subscription = push_service.device().subscription
    assert repr(subscription) == "Subscription()"
    assert isinstance(subscription, Subscription)
