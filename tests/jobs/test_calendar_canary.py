"""No address of a calendar, and nothing that stands in one but times, reaches the broker, a log or the database."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from rq.registry import FailedJobRegistry
from sqlalchemy import text

from portal import clock, queue
from portal.calendars.busy import Fetcher
from portal.db import db, read
from portal.domain.errors import BadInput
from portal.domain.slots.calendars import Trouble
from portal.models import Base
from portal.queries import busy_calendars as queries
from portal.services import busy_calendars as services
from tests.calendars.busy_files import calendar, event
from tests.jobs.programs import Program, wait_until
from tests.jobs.test_notice_canary import everything_in
from tests.servers.calendar_home import Home, answer
from tests.servers.valkey import Valkey
from tests.slots_cast import add_peer

# The host, the key in the path, the name, the title, the place, the guest and the mark of the event.
CANARIES = ("numbatine", "kakapo", "juniper", "takahe", "hoatzin", "shoebill", "potoo")
HOST = "calendar.numbatine-home.org"
ADDRESS = f"https://{HOST}/kakapo/private.ics?key=kakapo"


def canaries_in(said: str) -> list[str]:
    return [canary for canary in CANARIES if canary in said.lower()]


def stored() -> str:
    """Return everything that stands in the database, as it stands there."""
    parts = []
    with db.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            parts += [repr(row) for row in connection.execute(text(f'SELECT * FROM "{table.name}"'))]
    return "\n".join(parts)


def telling_event(start: str) -> str:
    return event(
        "UID:potoo@kakapo.example.org",
        "SUMMARY:Takahe with the hoatzin",
        "LOCATION:Hoatzin Street",
        "ATTENDEE;CN=Shoebill:mailto:shoebill@example.org",
        start=start,
    )


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    made = Home(tmp_path, (HOST,))
    yield made
    made.stop()


@pytest.fixture(autouse=True)
def _all_logs(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)


def test_a_worker_that_reads_a_calendar_tells_nobody_which(
    inside: Flask, worker: Program, valkey: Valkey, caplog: pytest.LogCaptureFixture
) -> None:
    """The worker is the site's own, and finds no such name: the tests speak with nobody outside this machine."""
    now, client = clock.now(), valkey.client()
    peer_id = add_peer("maya@example.org", now)
    services.add_address(peer_id, "Juniper", ADDRESS, key="add", now=now)
    waiting = everything_in(client)
    worker.start()

    def tried() -> bool:
        read().rollback()
        return queries.calendars_of(peer_id, now)[0].trouble is not None

    wait_until(tried, "the calendar was not tried")
    working = everything_in(client)
    assert queries.calendars_of(peer_id, now)[0].trouble in (Trouble.UNKNOWN, Trouble.SLOW)
    worker.kill()
    assert "calendar-1" in waiting
    assert canaries_in("\n".join((waiting, working, everything_in(client), worker.said(), caplog.text))) == []
    assert canaries_in(stored()) == []
    assert FailedJobRegistry(queue=queue.readings_queue(client)).get_job_ids() == []
    client.close()


def test_the_database_holds_times_and_sealed_words_only(
    inside: Flask, home: Home, valkey: Valkey, caplog: pytest.LogCaptureFixture, now: datetime
) -> None:
    peer_id = add_peer("maya@example.org", now)
    services.add_address(peer_id, "Juniper", ADDRESS, key="add", now=now)
    whole = calendar("X-WR-CALNAME:Juniper", telling_event("DTSTART:20260304T140000Z"))
    half = calendar(telling_event("DTSTART:20260304T140000Z"), telling_event("DTSTART;TZID=Takahe:20260305T140000"))
    for days, body in enumerate((whole, half, b"takahe", b"")):
        said = [answer(body)] if body else []
        home.say = lambda _question, said=said: said  # type: ignore[misc]
        services.refresh(1, now=now + timedelta(days=days), fetcher=home.fetcher())
    services.add_file(peer_id, "Juniper", half, key="file", now=now)
    with pytest.raises(BadInput) as refused:
        services.add_file(peer_id, "Juniper", b"takahe", key="other", now=now)
    with pytest.raises(BadInput) as not_added:
        services.add_address(peer_id, "Juniper", f"http://{HOST}/kakapo", key="more", now=now)
    client = valkey.client()
    assert len(home.asked) == 4
    assert [span[0].day for span in queries.busy_spans(1)] == [4]
    assert canaries_in("\n".join((stored(), everything_in(client), caplog.text))) == []
    assert canaries_in(repr(refused.value) + repr(not_added.value)) == []
    client.close()


def test_a_fault_in_the_middle_leaves_only_its_name(
    inside: Flask, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    def break_down(*_: object) -> object:
        raise ValueError(f"could not read {ADDRESS}: Takahe")

    services.add_address(add_peer("maya@example.org", now), "Juniper", ADDRESS, key="add", now=now)
    monkeypatch.setattr(Fetcher, "fetch", break_down)
    services.refresh(1, now=now)
    assert canaries_in(caplog.text) == []
    assert "calendar 1: ValueError" in caplog.text
