"""The pages of a peer's own calendars: what is typed is kept, what is wrong is said, and nobody else gets in."""

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.db import read, transaction
from portal.domain.account import Purpose, Role
from portal.domain.slots.calendars import LARGEST_BYTES, Trouble
from portal.models import BusyCalendar, BusyTime, PeerProfile
from portal.queries import busy_calendars as queries
from portal.services import account as account_services
from tests.booking_cast import signed_in
from tests.calendars.busy_files import calendar, event
from tests.slots_cast import add_peer
from tests.web.account_steps import TOKEN, Watch, send

FILE = calendar(event("SUMMARY:Canary of a title"))
PAGES = ("/times/calendars", "/times/calendars/address", "/times/calendars/file", "/times/calendars/1")
ACTS = ("/times/calendars/1/file", "/times/calendars/1/read", "/times/calendars/1/remove")


@pytest.fixture
def peer_id(app: Flask, watch: Watch) -> int:
    with app.app_context():
        return add_peer("maya@example.org", watch.now())


@pytest.fixture
def peer(app: Flask, peer_id: int, now: datetime) -> FlaskClient:
    return signed_in(app, peer_id, now)


@pytest.fixture
def held(app: Flask, peer_id: int, watch: Watch) -> int:
    """A calendar that was read twelve minutes ago, with two busy times ahead."""
    now, ago = watch.now(), watch.now() - timedelta(minutes=12)
    with app.app_context(), transaction() as session:
        row = BusyCalendar(
            peer_id=peer_id,
            name="Work",
            address="https://calendar.example.org/key",
            created_at=ago,
            read_at=ago,
            tried_at=ago,
        )
        session.add(row)
        session.flush()
        for hours in (-2, 3, 5):
            starts_at = now + timedelta(hours=hours)
            ends_at = starts_at + timedelta(hours=1)
            session.add(BusyTime(calendar_id=row.id, peer_id=peer_id, starts_at=starts_at, ends_at=ends_at))
        return row.id


def words(answer: TestResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def upload(browser: FlaskClient, path: str, raw: bytes | None, **fields: str) -> TestResponse:
    """Send a form with a file as a browser does."""
    found = TOKEN.search(browser.get("/help").text)
    assert found is not None
    file = {"file": (BytesIO(raw), "calendar.ics", "text/calendar")} if raw is not None else {}
    data = {"csrf_token": found.group(1), "request_key": "k", **fields, **file}
    return browser.post(path, data=data, content_type="multipart/form-data")


def set_trouble(app: Flask, calendar_id: int, trouble: Trouble, detail: str | None = None) -> None:
    with app.app_context(), transaction() as session:
        row = session.get_one(BusyCalendar, calendar_id)
        row.trouble, row.trouble_detail = trouble, detail


def test_the_week_leads_to_the_calendars(peer: FlaskClient, held: int, app: Flask) -> None:
    assert "Your own calendars 1 calendar Change" in words(peer.get("/times"))
    set_trouble(app, held, Trouble.AWAY)
    assert "Your own calendars 1 calendar, 1 needs a look Change" in words(peer.get("/times"))


def test_a_calendar_that_needs_a_look_is_told_at_home(peer: FlaskClient, peer_id: int, held: int, app: Flask) -> None:
    with app.app_context(), transaction() as session:
        session.get_one(PeerProfile, peer_id).applied_at = datetime(2026, 1, 1, tzinfo=UTC)
    assert "needs a look" not in words(peer.get("/"))
    set_trouble(app, held, Trouble.AWAY)
    assert "One of your own calendars needs a look" in words(peer.get("/"))


def test_a_calendar_is_shown_as_read_twelve_minutes_ago(peer: FlaskClient, held: int) -> None:
    page = peer.get("/times/calendars")
    assert "Work Read 12 minutes ago. 2 busy times lie ahead." in words(page)
    assert "needs a look" not in words(page)
    assert "key" not in page.text.split("</style>")[-1].replace("request_key", "")


def test_an_address_is_added_and_waits_to_be_read(peer: FlaskClient) -> None:
    answer = send(peer, "/times/calendars/address", address="webcal://calendar.example.org/x", name="", request_key="k")
    assert (answer.status_code, answer.location) == (303, "/times/calendars")
    page = words(peer.get("/times/calendars"))
    assert "Added. It is read in a minute or two" in page
    assert "My calendar Waits to be read." in page


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Please paste the address of your calendar."),
        ("http://calendar.example.org/x", Trouble.NOT_SECURE.sentence),
        ("https://127.0.0.1/x", Trouble.NO_NAME.sentence),
        ("https://ana:b@calendar.example.org/x", Trouble.PASSWORD.sentence),
        ("file:///etc/passwd", Trouble.OTHER_KIND.sentence),
    ],
)
def test_an_address_that_is_not_right_is_said_beside_it_and_kept(peer: FlaskClient, typed: str, sentence: str) -> None:
    answer = send(peer, "/times/calendars/address", address=typed, name="Work", request_key="k")
    assert answer.status_code == 422
    assert words(answer).count(sentence) == 2
    assert f'value="{typed}"' in answer.text
    assert 'value="Work"' in answer.text
    assert "aria-invalid" in answer.text


def test_a_file_is_read_and_only_busy_times_are_kept(
    peer: FlaskClient, peer_id: int, app: Flask, now: datetime
) -> None:
    answer = upload(peer, "/times/calendars/file", FILE, name="Home")
    assert (answer.status_code, answer.location) == (303, "/times/calendars")
    page = words(peer.get("/times/calendars"))
    assert "Home From a file, read a moment ago. 1 busy time lies ahead." in page
    assert "Canary" not in page
    with app.app_context():
        (row,) = queries.calendars_of(peer_id, now)
        assert queries.busy_spans(row.id) == [
            (datetime(2026, 3, 3, 9, tzinfo=UTC), datetime(2026, 3, 3, 10, tzinfo=UTC))
        ]


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (None, "Please choose a file."),
        (b"hello", Trouble.NOT_CALENDAR.sentence),
        (FILE[:-30], Trouble.CUT_SHORT.sentence),
        (b"BEGIN:VCALENDAR\r\n" + bytes(LARGEST_BYTES), Trouble.TOO_LARGE.sentence),
        (b"x" * 3 * LARGEST_BYTES, Trouble.TOO_LARGE.sentence),
    ],
)
def test_a_file_that_cannot_be_read_is_said_beside_it(peer: FlaskClient, raw: bytes | None, sentence: str) -> None:
    answer = upload(peer, "/times/calendars/file", raw, name="Home")
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert 'value="Home"' in answer.text


def test_what_is_far_too_large_is_answered_calmly_and_elsewhere_sooner(peer: FlaskClient) -> None:
    answer = upload(peer, "/times/calendars/file", b"x" * 7 * LARGEST_BYTES)
    assert answer.status_code == 413
    assert "larger than this page takes" in words(answer)
    assert upload(peer, "/times/calendars/address", b"x" * 300 * 1024).status_code == 413


def test_half_a_file_is_taken_and_says_which_entry_to_look_at(peer: FlaskClient) -> None:
    broken = event("RRULE:FREQ=SECONDLY", start="DTSTART:20260305T120000Z")
    nowhere = event(start="DTSTART:soon")
    assert upload(peer, "/times/calendars/file", calendar(event(), broken, nowhere)).status_code == 303
    page = words(peer.get("/times/calendars"))
    assert (
        "Some entries could not be read: the one that begins on Thursday 5 March 2026 and entry 3 of the file."
    ) in page
    assert "From a file" not in page


@pytest.mark.parametrize("trouble", [each for each in Trouble if each is not Trouble.SOME])
def test_every_trouble_is_told_in_words_with_what_stays(
    peer: FlaskClient, held: int, app: Flask, trouble: Trouble
) -> None:
    set_trouble(app, held, trouble)
    page = words(peer.get("/times/calendars"))
    assert f"This needs a look {trouble.sentence} What was busy when it was last read stays closed." in page


def test_many_entries_are_told_as_the_first_few(peer: FlaskClient, held: int, app: Flask) -> None:
    set_trouble(app, held, Trouble.SOME, "9 2026-03-05 #4")
    page = words(peer.get("/times/calendars"))
    assert "the one that begins on Thursday 5 March 2026, entry 4 of the file and 7 more." in page


def test_a_calendar_is_read_renamed_and_taken_away(peer: FlaskClient, held: int, app: Flask, peer_id: int) -> None:
    path = f"/times/calendars/{held}"
    assert send(peer, f"{path}/read", request_key="r").location == "/times/calendars"
    assert "It is read in a moment." in words(peer.get("/times/calendars"))
    assert 'value="Work"' in peer.get(path).text
    assert send(peer, path, name="Office", request_key="n").location == "/times/calendars"
    assert "Office" in words(peer.get("/times/calendars"))
    long = send(peer, path, name="x" * 61, request_key="l")
    assert (long.status_code, f'value="{"x" * 61}"' in long.text) == (422, True)
    assert send(peer, f"{path}/remove", request_key="x").location == "/times/calendars"
    assert "Taken away" in words(peer.get("/times/calendars"))
    with app.app_context():
        assert read().get(BusyCalendar, held) is None


def test_a_newer_file_is_taken_for_one_that_came_as_a_file(peer: FlaskClient, held: int) -> None:
    assert upload(peer, "/times/calendars/file", FILE).status_code == 303
    newer = f"/times/calendars/{held + 1}/file"
    refused = upload(peer, newer, b"hello")
    assert (refused.status_code, Trouble.NOT_CALENDAR.sentence in words(refused)) == (422, True)
    assert upload(peer, newer, FILE, request_key="k2").location == "/times/calendars"
    assert upload(peer, f"/times/calendars/{held}/file", FILE, request_key="k3").status_code == 404


def test_a_stranger_finds_nothing(app: Flask, held: int, now: datetime) -> None:
    with app.app_context():
        other = add_peer("noor@example.org", now, name="Noor")
    stranger = signed_in(app, other, now)
    assert stranger.get(f"/times/calendars/{held}").status_code == 404
    assert send(stranger, f"/times/calendars/{held}", name="Mine").status_code == 404
    assert [send(stranger, path.replace("1", str(held))).status_code for path in ACTS] == [404, 404, 404]
    assert "Work" not in words(stranger.get("/times/calendars"))


def test_a_member_is_kept_out(app: Flask, held: int, now: datetime) -> None:
    with app.app_context():
        member_id = account_services.add_person("robin@example.org", [Role.MEMBER], name="Robin", now=now)
        account_services.give_consents(member_id, list(Purpose), now=now)
    member = signed_in(app, member_id, now)
    assert [member.get(path).status_code for path in PAGES] == [403] * 4
    assert [send(member, path).status_code for path in ACTS] == [403] * 3


def test_opening_the_address_of_a_deed_does_nothing(peer: FlaskClient, held: int) -> None:
    assert [peer.get(path.replace("1", str(held))).status_code for path in ACTS] == [405] * 3
    assert "Work Read 12 minutes ago." in words(peer.get("/times/calendars"))
