"""Nothing a text or a sign says, and no number or device it goes to, ever reaches the broker or a log."""

import logging
from datetime import datetime, timedelta

import pytest
from flask import Flask

from portal import clock, queue
from portal.domain.account import Role
from portal.domain.matching.walk import State
from portal.domain.notice import Channel
from portal.jobs import notice as jobs
from portal.services.notice.sweep import sweep
from portal.services.notice.texts import hear
from portal.settings import Settings
from tests.jobs.test_notice_canary import everything_in
from tests.servers.push_service import PushService
from tests.servers.twilio import Carrier, Mood
from tests.servers.valkey import Valkey
from tests.services.outbox import add_person, add_walk, book, rows
from tests.texting import ANAS, add_phone, choose, have_signs, signs_end_here, with_texts


@pytest.fixture
def settings(settings: Settings, carrier: Carrier) -> Settings:
    return with_texts(settings, carrier)


@pytest.mark.parametrize("mood", [Mood.ACCEPT, Mood.DROP, Mood.AWAY, "refused"])
def test_no_number_and_no_word_reaches_the_broker_or_a_log(
    app: Flask,
    valkey: Valkey,
    carrier: Carrier,
    push_service: PushService,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    mood: Mood | str,
) -> None:
    later = now + timedelta(hours=10)
    monkeypatch.setattr(clock, "now", lambda: later)
    with app.app_context(), caplog.at_level(logging.DEBUG):
        signs_end_here(push_service)
        ana, ben = add_person("Quetzal", now, Role.MEMBER), add_person("Kakapo", now, Role.PEER)
        book(add_walk(ana, ben, State.FIRST_COFFEE, now), ana, ben, now + timedelta(days=3), now)
        add_phone(ana, ANAS, now)
        _number, device = have_signs(ana, push_service, now)
        choose(ana, now, Channel.TEXT, Channel.PUSH)
        if isinstance(mood, Mood):
            carrier.mood = mood
        else:
            carrier.refused[ANAS] = 21614
        for _ in range(3):
            sweep(now=later)
            jobs.deliver(*(row.id for row in rows()))
        hear(ANAS, "zqheard", "SM1", now=later)
        # All but the voice of the mail server of these tests, which reads the letters themselves.
        said = "\n".join(record.getMessage() for record in caplog.records if record.name != "mail.log")
        told = everything_in(queue.connect(valkey.url)) + said
    assert len(device.signs) == 1
    endpoint = device.endpoint.rpartition("/")[2]
    canaries = ("quetzal", "kakapo", ANAS[1:], "555-0123", endpoint, "zqheard", "coffee chat", "Juniper")
    assert [canary for canary in canaries if canary.lower() in told.lower()] == []
