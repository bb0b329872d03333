"""E7: bookings that race over HTTP against two gunicorn workers: exactly one wins, the others get words."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from urllib.parse import urlencode

import pytest
from flask import Flask

from portal.db import transaction
from portal.domain.booking import BookingState
from portal.domain.experience import Format
from portal.domain.matching.walk import State
from portal.models import Booking, Hold, PeerProfile, WeeklyHours
from portal.queries import slots as slots_queries
from portal.services import booking as services
from tests.booking_cast import Pair, add_pair, add_peer, signed_in, walk_state
from tests.races.browser import Answer, Browser, all_at_once
from tests.servers.site import Site

PEOPLE = 20
WORDS = ("That time is no longer free", "very close to another chat")


@pytest.fixture
def now() -> datetime:
    """The real time: a running site asks the real clock."""
    return datetime.now(UTC)


@pytest.fixture
def peer_id(app: Flask, now: datetime) -> int:
    """A peer who is free around the clock, half an hour each, and wants an hour of rest between chats."""
    with app.app_context():
        peer_id = add_peer(now, days=[], rest_before_minutes=60, rest_after_minutes=60, notice_hours=0)
        with transaction() as session:
            session.add_all(WeeklyHours(peer_id=peer_id, weekday=day, starts=0, ends=1440) for day in range(7))
        return peer_id


def starts(app: Flask, peer_id: int, now: datetime) -> list[datetime]:
    """Return the peer's open starts of the day after tomorrow and on."""
    with app.app_context():
        found = [slot.starts_at for slot in slots_queries.open_times(peer_id, None, now)]
    return [start for start in found if start > now + timedelta(days=2)]


def browser_of(app: Flask, site: Site, person_id: int, now: datetime) -> Browser:
    return Browser(site.address, signed_in(app, person_id, now))


def ready_to_book(app: Flask, site: Site, pair: Pair, start: datetime, now: datetime) -> Callable[[], Answer]:
    """Open the page with the one button, and return the tap on it."""
    browser = browser_of(app, site, pair.member_id, now)
    fields = browser.hidden_fields(f"/book/{pair.walk_id}/check?starts_at={start:%Y-%m-%dT%H:%MZ}")
    assert fields.keys() == {"csrf_token", "request_key", "starts_at", "minutes"}
    return partial(browser.post, f"/book/{pair.walk_id}", fields | {"way": "coffee", "place": ""})


def live(app: Flask) -> tuple[list[int], int]:
    """Return the walks that have a chat, and how many people's time is taken."""
    with app.app_context(), transaction() as session:
        chats = session.query(Booking).filter_by(state=BookingState.BOOKED).all()
        return [chat.walk_id for chat in chats], session.query(Hold).filter_by(active=True).count()


def test_of_twenty_who_book_overlapping_times_exactly_one_gets_it(
    app: Flask, site: Site, peer_id: int, now: datetime
) -> None:
    first, second, *_ = starts(app, peer_id, now)
    with app.app_context():
        pairs = [add_pair(now, peer_id=peer_id, name=f"Member{each}") for each in range(PEOPLE)]
    taps = [ready_to_book(app, site, pair, (first, second)[at % 2], now) for at, pair in enumerate(pairs)]
    answers = all_at_once(taps)
    assert sorted(answer.status for answer in answers) == [303] + [409] * (PEOPLE - 1)
    for answer in answers:
        assert answer.status == 303 or any(words in answer.text for words in WORDS)
        assert answer.status == 303 or "Free and near it" in answer.text
    winner = pairs[[answer.status for answer in answers].index(303)]
    assert live(app) == ([winner.walk_id], 2)
    with app.app_context():
        states = [walk_state(pair.walk_id) for pair in pairs]
    assert sorted(states) == [State.BOTH_YES] * (PEOPLE - 1) + [State.FIRST_COFFEE]


def test_one_form_sent_ten_times_at_once_books_once_and_answers_alike(
    app: Flask, site: Site, peer_id: int, now: datetime
) -> None:
    with app.app_context():
        pair = add_pair(now, peer_id=peer_id)
    tap = ready_to_book(app, site, pair, starts(app, peer_id, now)[0], now)
    answers = all_at_once([tap] * 10)
    assert {(answer.status, answer.location) for answer in answers} == {(303, answers[0].location)}
    assert live(app) == ([pair.walk_id], 2)


def test_of_ten_chats_that_move_to_one_time_exactly_one_does(
    app: Flask, site: Site, peer_id: int, now: datetime
) -> None:
    with app.app_context(), transaction() as session:
        profile = session.get_one(PeerProfile, peer_id)
        profile.rest_before_minutes = profile.rest_after_minutes = 0
    wished, *own = starts(app, peer_id, now)[:11]
    taps = []
    for at, start in enumerate(own):
        with app.app_context():
            pair = add_pair(now, peer_id=peer_id, name=f"Member{at}")
            booking_id = services.book(pair.walk_id, pair.member_id, start, Format.PHONE, "", key="", now=now)
        browser = browser_of(app, site, pair.member_id, now)
        look = urlencode({"starts_at": wished.isoformat()})
        fields = browser.hidden_fields(f"/chat/{booking_id}/move/check?{look}")
        taps.append(partial(browser.post, f"/chat/{booking_id}/move", fields))
    answers = all_at_once(taps)
    assert sorted(answer.status for answer in answers) == [303] + [409] * 9
    walks, taken = live(app)
    assert (len(walks), taken) == (10, 20)


def test_a_time_that_is_had_back_while_others_book_it_goes_to_exactly_one(
    app: Flask, site: Site, peer_id: int, now: datetime
) -> None:
    start = starts(app, peer_id, now)[0]
    with app.app_context():
        first = add_pair(now, peer_id=peer_id, name="Ana")
        others = [add_pair(now, peer_id=peer_id, name=f"Member{each}") for each in range(6)]
        booking_id = services.book(first.walk_id, first.member_id, start, Format.PHONE, "", key="", now=now)
        services.cancel(booking_id, first.member_id, 0, key="", now=now)
    ana = browser_of(app, site, first.member_id, now)
    page = ana.get(f"/chat/{booking_id}").text.partition(f'action="/chat/{booking_id}/undo"')[2].partition("</form>")[0]
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    taps: list[Callable[[], Answer]] = [partial(ana.post, f"/chat/{booking_id}/undo", fields)] * 2
    taps += [ready_to_book(app, site, pair, start, now) for pair in others]
    answers = all_at_once(taps)
    assert {answer.status for answer in answers} == {303, 409}
    walks, taken = live(app)
    assert (len(walks), taken) == (1, 2)
    # Both taps of the one form get the same answer.
    assert sum(answer.status == 303 for answer in answers) == (2 if walks == [first.walk_id] else 1)
