"""A peer's own calendars: fetched from a real server, kept, read again, and never silently free."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from rq.job import Job
from rq.serializers import JSONSerializer
from sqlalchemy import select

from portal import queue
from portal.calendars.busy import Fetcher
from portal.db import read, transaction
from portal.domain.errors import BadInput, NotFound, Stale
from portal.domain.notice import Kind, NoticeState
from portal.domain.slots.calendars import BEHIND, LONGEST_WAIT, MOST_CALENDARS, READ_EVERY, Trouble
from portal.models import BusyCalendar, BusyTime, Notice, Person
from portal.queries import busy_calendars as queries
from portal.services import account as account_services
from portal.services import busy_calendars as services
from portal.services.notice.reason import GONE, stop_of
from tests.calendars.busy_files import calendar, event
from tests.servers.calendar_home import Home, answer
from tests.servers.valkey import Valkey
from tests.services.outbox import rows
from tests.slots_cast import add_peer

ADDRESS = "webcal://calendar.example.org/secret.ics"
NINE = "DTSTART;TZID=America/New_York:20260304T090000"
TEN = "DTSTART;TZID=America/New_York:20260304T100000"
BROKEN = event("RRULE:FREQ=SECONDLY", start="DTSTART:20260305T120000Z")


@pytest.fixture
def peer_id(inside: Flask, now: datetime) -> int:
    return add_peer("maya@example.org", now)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    made = Home(tmp_path)
    made.say = lambda _question: [answer(calendar(event(start=NINE)), "200 OK", 'ETag: "one"')]
    yield made
    made.stop()


@pytest.fixture
def added(peer_id: int, now: datetime) -> int:
    services.add_address(peer_id, " Work  days ", ADDRESS, key="add", now=now)
    return queries.calendars_of(peer_id, now)[0].id


def row(calendar_id: int) -> BusyCalendar:
    read().rollback()
    found = queries.calendar(calendar_id)
    assert found is not None
    return found


def busy(calendar_id: int) -> list[str]:
    read().rollback()
    return [f"{begins:%m-%d %H:%M}-{ends:%H:%M}" for begins, ends in queries.busy_spans(calendar_id)]


def test_an_address_is_kept_sealed_and_asked_for(peer_id: int, added: int, valkey: Valkey, now: datetime) -> None:
    held = row(added)
    assert (held.name, held.address) == ("Work days", "https://calendar.example.org/secret.ics")
    assert (held.peer_id, held.due_at, held.read_at, held.trouble) == (peer_id, now, None, None)
    client = valkey.client()
    assert queue.readings_queue(client).job_ids == [f"calendar-{added}"]
    assert Job.fetch(f"calendar-{added}", connection=client, serializer=JSONSerializer).args == [added]
    client.close()


def test_a_calendar_is_read_and_only_its_times_are_kept(added: int, home: Home, now: datetime) -> None:
    services.refresh(added, now=now, fetcher=home.fetcher())
    assert busy(added) == ["03-04 14:00-15:00"]
    held = row(added)
    assert (held.read_at, held.tried_at, held.due_at) == (now, now, now + READ_EVERY)
    assert (held.etag, held.trouble, held.trouble_detail) == ('"one"', None, None)


def test_what_is_not_due_is_left_in_peace(added: int, home: Home, now: datetime) -> None:
    services.refresh(added, now=now, fetcher=home.fetcher())
    services.refresh(added, now=now + timedelta(minutes=1), fetcher=home.fetcher())
    assert len(home.asked) == 1


def test_an_unchanged_calendar_stays_and_was_read(added: int, home: Home, now: datetime) -> None:
    services.refresh(added, now=now, fetcher=home.fetcher())
    home.say = lambda _question: [answer(b"", "304 Not Modified")]
    later = now + READ_EVERY
    services.refresh(added, now=later, fetcher=home.fetcher())
    assert 'If-None-Match: "one"' in home.asked[1]
    assert (busy(added), row(added).read_at) == (["03-04 14:00-15:00"], later)


def test_once_a_day_a_calendar_is_read_in_full(added: int, home: Home, now: datetime) -> None:
    services.refresh(added, now=now, fetcher=home.fetcher())
    services.refresh(added, now=now + timedelta(days=1), fetcher=home.fetcher())
    assert "If-None-Match" not in home.asked[1]


def test_whoever_lives_by_another_clock_has_their_calendars_read_anew(
    peer_id: int, added: int, home: Home, now: datetime
) -> None:
    home.say = lambda _question: [answer(calendar(event(start="DTSTART;VALUE=DATE:20260304", length="")))]
    services.refresh(added, now=now, fetcher=home.fetcher())
    assert busy(added) == ["03-04 05:00-05:00"]
    account_services.set_zone(peer_id, "Europe/Berlin", now=now)
    services.refresh(added, now=now, fetcher=home.fetcher())
    assert busy(added) == ["03-03 23:00-23:00"]


def test_the_last_good_copy_stays_while_there_is_trouble_and_tries_grow_rarer(
    added: int, home: Home, now: datetime
) -> None:
    services.refresh(added, now=now, fetcher=home.fetcher())
    home.say = lambda _question: [answer(b"", "404 Not Found")]
    waits, due = [], now + READ_EVERY
    for _ in range(8):
        services.refresh(added, now=due, fetcher=home.fetcher())
        held, before = row(added), due
        due = held.due_at or now
        waits.append(due - before)
    assert busy(added) == ["03-04 14:00-15:00"]
    assert (held.trouble, held.read_at) == (Trouble.GONE, now)
    assert waits[:3] == [READ_EVERY, READ_EVERY * 2, READ_EVERY * 4]
    assert waits[-1] == LONGEST_WAIT
    home.say = lambda _question: [answer(calendar(event(start=TEN)))]
    services.refresh(added, now=due, fetcher=home.fetcher())
    assert (busy(added), row(added).trouble) == (["03-04 15:00-16:00"], None)


def test_an_entry_that_cannot_be_read_never_turns_free(added: int, home: Home, now: datetime) -> None:
    """What was busy stays so, what is new is added, and the peer is told which day to look at."""
    services.refresh(added, now=now, fetcher=home.fetcher())
    home.say = lambda _question: [answer(calendar(event(start=TEN), BROKEN), "200 OK", 'ETag: "two"')]
    services.refresh(added, now=now + READ_EVERY, fetcher=home.fetcher())
    assert busy(added) == ["03-04 14:00-16:00"]
    held = row(added)
    assert (held.trouble, held.trouble_detail, held.read_at) == (Trouble.SOME, "1 2026-03-05", now)
    # An unchanged half would else pass for a whole.
    assert held.etag is None
    home.say = lambda _question: [answer(calendar(event(start=TEN)), "200 OK", 'ETag: "three"')]
    services.refresh(added, now=now + READ_EVERY * 2, fetcher=home.fetcher())
    assert (busy(added), row(added).trouble, row(added).etag) == (["03-04 15:00-16:00"], None, '"three"')


def test_a_first_reading_in_part_closes_what_it_can_and_does_not_count_as_read(
    added: int, home: Home, now: datetime
) -> None:
    home.say = lambda _question: [answer(calendar(event(start=NINE), BROKEN))]
    services.refresh(added, now=now, fetcher=home.fetcher())
    assert (busy(added), row(added).read_at, row(added).trouble) == (["03-04 14:00-15:00"], None, Trouble.SOME)


def test_a_calendar_taken_away_while_it_is_read_leaves_nothing(
    inside: Flask, peer_id: int, added: int, home: Home, now: datetime
) -> None:
    def say(_question: str) -> list[bytes]:
        with inside.app_context():
            services.remove(peer_id, added, key="remove", now=now)
        return [answer(calendar(event(start=NINE)))]

    home.say = say
    services.refresh(added, now=now, fetcher=home.fetcher())
    assert queries.calendars_of(peer_id, now) == []
    assert busy(added) == []


def test_a_fault_is_logged_by_its_class_and_the_calendar_comes_up_again(
    added: int, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(Fetcher):
        def fetch(self, *_: object) -> object:  # type: ignore[override]
            raise RuntimeError("secret.ics")

    services.refresh(added, now=now, fetcher=Broken())
    assert caplog.messages == [f"calendar {added}: RuntimeError"]
    assert queries.due_calendars(now + timedelta(minutes=6), 9) == [added]


def test_the_clock_posts_what_is_due(added: int, valkey: Valkey, now: datetime) -> None:
    client = valkey.client()
    client.flushall()
    assert services.pick_up(now=now - timedelta(seconds=1)) == 0
    assert services.pick_up(now=now) == 1
    assert queue.readings_queue(client).job_ids == [f"calendar-{added}"]
    client.close()


def test_nothing_is_read_for_somebody_who_is_suspended(peer_id: int, added: int, now: datetime) -> None:
    with transaction() as session:
        session.get_one(Person, peer_id).suspended_at = now
    assert queries.due_calendars(now, 9) == []


def test_a_file_is_read_at_once_for_a_year(peer_id: int, now: datetime) -> None:
    birthday = event("RRULE:FREQ=YEARLY", start="DTSTART;VALUE=DATE:20200220", length="")
    services.add_file(peer_id, "", calendar(event(start=NINE), birthday), key="file", now=now)
    (shown,) = queries.calendars_of(peer_id, now)
    assert busy(shown.id) == ["03-04 14:00-15:00", "02-20 05:00-05:00"]
    assert (shown.by_address, shown.read_at, shown.ahead, row(shown.id).due_at) == (False, now, 2, None)
    assert queries.due_calendars(now + timedelta(days=90), 9) == []


def test_a_newer_file_stands_instead(peer_id: int, now: datetime) -> None:
    services.add_file(peer_id, "", calendar(event(start=NINE)), key="file", now=now)
    (shown,) = queries.calendars_of(peer_id, now)
    services.replace_file(peer_id, shown.id, calendar(event(start=TEN)), key="newer", now=now)
    assert busy(shown.id) == ["03-04 15:00-16:00"]


@pytest.mark.parametrize(
    ("raw", "trouble"), [(b"hello", Trouble.NOT_CALENDAR), (calendar(event())[:-30], Trouble.CUT_SHORT)]
)
def test_a_file_that_cannot_be_read_is_not_added(peer_id: int, raw: bytes, trouble: Trouble, now: datetime) -> None:
    with pytest.raises(BadInput) as caught:
        services.add_file(peer_id, "", raw, key="file", now=now)
    assert (caught.value.field, caught.value.sentence) == ("file", trouble.sentence)
    assert queries.calendars_of(peer_id, now) == []


@pytest.mark.parametrize(
    ("name", "address", "field"),
    [
        ("Work", "http://calendar.example.org/", "address"),
        ("Work", "https://127.0.0.1/", "address"),
        ("x" * 61, ADDRESS, "name"),
    ],
)
def test_what_is_not_right_is_said_at_its_field(
    peer_id: int, name: str, address: str, field: str, now: datetime
) -> None:
    with pytest.raises(BadInput) as caught:
        services.add_address(peer_id, name, address, key="add", now=now)
    assert caught.value.field == field


def test_the_same_address_is_added_once_and_there_is_room_for_so_many(peer_id: int, now: datetime) -> None:
    for number in range(MOST_CALENDARS):
        services.add_address(peer_id, "", f"{ADDRESS}?{number}", key=f"{number}", now=now)
    services.add_address(peer_id, "", f"{ADDRESS}?0", key="0", now=now)  # the same tap once more
    for address in (f"{ADDRESS}?0", f"{ADDRESS}?more"):
        with pytest.raises(BadInput):
            services.add_address(peer_id, "", address, key=address, now=now)
    with pytest.raises(Stale):
        services.add_address(peer_id, "", f"{ADDRESS}?other", key="0", now=now)
    assert len(queries.calendars_of(peer_id, now)) == MOST_CALENDARS


def test_a_calendar_is_read_again_when_asked_but_not_twice_a_minute(
    peer_id: int, added: int, home: Home, now: datetime
) -> None:
    services.refresh(added, now=now, fetcher=home.fetcher())
    soon, later = now + timedelta(seconds=30), now + timedelta(minutes=2)
    services.read_again(peer_id, added, key="soon", now=soon)
    assert row(added).due_at == now + READ_EVERY
    services.read_again(peer_id, added, key="later", now=later)
    assert row(added).due_at == later


def test_a_calendar_gets_another_name_and_goes_with_its_times(
    peer_id: int, added: int, home: Home, now: datetime
) -> None:
    services.refresh(added, now=now, fetcher=home.fetcher())
    services.rename(peer_id, added, "Home", key="name", now=now)
    assert row(added).name == "Home"
    services.remove(peer_id, added, key="remove", now=now)
    assert queries.calendars_of(peer_id, now) == []
    assert list(read().scalars(select(BusyTime))) == []


def test_a_stranger_s_calendar_is_not_there(peer_id: int, added: int, now: datetime) -> None:
    stranger = add_peer("noor@example.org", now, name="Noor")
    for verb in (services.remove, services.read_again):
        with pytest.raises(NotFound):
            verb(stranger, added, key="", now=now)
    with pytest.raises(NotFound):
        services.rename(stranger, added, "Mine", key="", now=now)
    with pytest.raises(NotFound):
        services.replace_file(stranger, added, calendar(), key="", now=now)
    with pytest.raises(NotFound):
        services.replace_file(peer_id, added, calendar(), key="", now=now)  # it has an address, and takes no file


def test_busy_times_are_forgotten_a_day_after_they_have_passed(added: int, home: Home, now: datetime) -> None:
    services.refresh(added, now=now, fetcher=home.fetcher())
    ends = datetime(2026, 3, 4, 15, tzinfo=UTC)
    assert services.forget_past(now=ends + BEHIND - timedelta(seconds=1)) == 0
    assert services.forget_past(now=ends + BEHIND) == 1
    assert busy(added) == []


def letters(calendar_id: int) -> list[Notice]:
    read().rollback()
    about = queries.letter_about(calendar_id)
    return [row for row in rows([Kind.CALENDAR_LOOK]) if row.about == about]


@pytest.mark.parametrize(("status", "wait"), [("404 Not Found", timedelta(hours=1)), ("503 Busy", timedelta(days=1))])
def test_a_peer_gets_one_letter_about_a_trouble_that_lasts(
    peer_id: int, added: int, home: Home, status: str, wait: timedelta, now: datetime
) -> None:
    home.say = lambda _question: [answer(b"", status)]
    for hours in (0, 13, 26):
        services.refresh(added, now=now + timedelta(hours=hours), fetcher=home.fetcher())
    (letter,) = letters(added)
    assert (letter.person_id, letter.due_at) == (peer_id, now + wait)
    assert stop_of(letter, now + wait) is None


def test_a_letter_about_a_trouble_that_has_passed_does_not_go_out(added: int, home: Home, now: datetime) -> None:
    well = home.say
    for hours, say in ((0, lambda _question: []), (1, well), (2, lambda _question: [])):
        home.say = say
        services.refresh(added, now=now + timedelta(hours=hours), fetcher=home.fetcher())
    (letter,) = letters(added)
    assert stop_of(letter, now) is None
    home.say = well
    services.refresh(added, now=now + timedelta(hours=3), fetcher=home.fetcher())
    (letter,) = letters(added)
    assert stop_of(letter, now) == GONE


def test_with_the_calendar_its_letter_goes(peer_id: int, added: int, home: Home, now: datetime) -> None:
    home.say = lambda _question: [answer(calendar(BROKEN))]
    services.refresh(added, now=now, fetcher=home.fetcher())
    services.remove(peer_id, added, key="remove", now=now)
    assert [letter.state for letter in letters(added)] == [NoticeState.VOID]


def test_whoever_sent_a_file_a_moment_ago_needs_no_letter(peer_id: int, now: datetime) -> None:
    services.add_file(peer_id, "", calendar(BROKEN), key="file", now=now)
    (shown,) = queries.calendars_of(peer_id, now)
    assert (shown.trouble, letters(shown.id)) == (Trouble.SOME, [])
