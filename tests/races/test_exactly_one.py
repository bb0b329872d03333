"""Every step that two people may take at the same instant, over HTTP against two gunicorn workers on both databases:
exactly one wins, the others are told in words, nothing breaks, and nobody is in two chats at once.

A new race is one more line in RACES.
"""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import NamedTuple
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import select, text

from portal.db import read, transaction
from portal.domain.account import Purpose, Role
from portal.domain.experience import Format
from portal.domain.matching.walk import State
from portal.models import Hold, WeeklyHours
from portal.queries import slots as slots_queries
from portal.services import booking, matching
from portal.services.account import begin_sign_in, give_consents
from tests import booking_cast, matching_cast
from tests.races.browser import Answer, Browser, all_at_once
from tests.servers.site import Site
from tests.services.outbox import add_person

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
OVERLAPS = text(
    "SELECT count(*) FROM hold a JOIN hold b ON b.person_id = a.person_id AND b.id > a.id"
    " WHERE a.active AND b.active AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at"
)
Tap = Callable[[], Answer]


class Ground(NamedTuple):
    """Where a race is run."""

    app: Flask
    site: Site
    now: datetime

    def browser(self, person_id: int) -> Browser:
        """Return a browser in which this person is signed in, with the second step done."""
        with self.app.app_context():
            give_consents(person_id, list(Purpose), now=self.now)
            token = begin_sign_in(person_id, now=self.now, second_factor=True)
        client = self.app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = token, True
        return Browser(self.site.address, client)

    def tap(self, person_id: int, page: str, path: str, **fields: object) -> Tap:
        """Open a page as somebody, and return their tap on a form of it with these fields."""
        browser = self.browser(person_id)
        token = TOKEN.search(browser.get(page).text)
        assert token is not None, page
        sent = {name: str(value) for name, value in fields.items()}
        return partial(browser.post, path, {"csrf_token": token.group(1), **sent})

    def free_peer(self, name: str) -> tuple[int, list[datetime]]:
        """Add a peer who is free around the clock, with their open times of the day after tomorrow and on."""
        with self.app.app_context():
            peer_id = booking_cast.add_peer(self.now, name, days=[], notice_hours=0)
            with transaction() as session:
                session.add_all(WeeklyHours(peer_id=peer_id, weekday=day, starts=0, ends=1440) for day in range(7))
            found = [slot.starts_at for slot in slots_queries.open_times(peer_id, None, self.now)]
        return peer_id, [start for start in found if start > self.now + timedelta(days=2)]


class Race(NamedTuple):
    """The taps, what the winner's answer looks like, the status by which the others are told, and what is left."""

    taps: Sequence[Tap]
    won: Callable[[Answer], bool]
    told: int = 409
    left: Callable[[], bool] = lambda: True


def led_to(place: str) -> Callable[[Answer], bool]:
    """Say whether an answer leads to such an address."""
    return lambda answer: answer.status == 303 and re.fullmatch(place, answer.location) is not None


def book(ground: Ground) -> Race:
    """Six members want the same time of one peer."""
    peer_id, (start, *_) = ground.free_peer("Bea")
    taps = []
    for number in range(6):
        with ground.app.app_context():
            pair = booking_cast.add_pair(ground.now, peer_id=peer_id, name=f"Booker{number}")
        look = f"/book/{pair.walk_id}/check?{urlencode({'starts_at': start.isoformat()})}"
        fields = {"starts_at": f"{start:%Y-%m-%dT%H:%MZ}", "way": "phone", "place": "", "request_key": f"book{number}"}
        taps.append(ground.tap(pair.member_id, look, f"/book/{pair.walk_id}", **fields))
    return Race(taps, led_to(r"/chat/\d+"))


def move(ground: Ground) -> Race:
    """Four who have a chat with one peer want to move it to the same time."""
    peer_id, (wished, *times) = ground.free_peer("Mo")
    taps = []
    for number, start in enumerate(times[1:8:2]):
        with ground.app.app_context():
            pair = booking_cast.add_pair(ground.now, peer_id=peer_id, name=f"Mover{number}")
            chat = booking.book(pair.walk_id, pair.member_id, start, Format.PHONE, "", key="", now=ground.now)
        look = f"/chat/{chat}/move/check?{urlencode({'starts_at': wished.isoformat()})}"
        browser = ground.browser(pair.member_id)
        taps.append(partial(browser.post, f"/chat/{chat}/move", browser.hidden_fields(look)))
    return Race(taps, led_to(r"/chat/\d+\?was=[^&]+"))


def rhythm(ground: Ground) -> Race:
    """Two members want a rhythm with one peer, and the second date of one is the first of the other."""
    peer_id, (start, *_) = ground.free_peer("Rae")
    dates, taps = [start + timedelta(weeks=week) for week in range(3)], []
    for number, wanted in enumerate((dates[:2], dates[1:])):
        with ground.app.app_context():
            pair = booking_cast.add_pair(ground.now, State.WALKING, peer_id=peer_id, name=f"Rhythm{number}")
        first, second = (f"{at:%Y-%m-%dT%H:%MZ}" for at in wanted)
        page, wish = f"/book/{pair.walk_id}/rhythm", {"starts_at": first, "every": 1, "times": 2}
        chosen = {"near-1": first, "near-2": second, "way": "phone", "place": "", "request_key": f"rhythm{number}"}
        taps.append(ground.tap(pair.member_id, f"{page}?{urlencode(wish)}", page, **wish, **chosen))

    def left() -> bool:
        """The winner's two dates are had once each, and the other's are not had in part."""
        had = read().scalars(select(Hold.starts_at).where(Hold.person_id == peer_id, Hold.active)).all()
        return sorted(had) in (dates[:2], dates[1:])

    return Race(taps, led_to(r"/chat/\d+"), left=left)


def approve(ground: Ground) -> Race:
    """Two coordinators give two members the last room of one peer, and one of the matches is approved twice."""
    with ground.app.app_context():
        peer_id = matching_cast.add_peer(ground.now, "Pia", capacity_halves=3)
        members = [matching_cast.add_asker(ground.now, name) for name in ("Asker1", "Asker2")]
        walks = [
            matching.rank(
                matching.ask(one, key="", now=ground.now), one, [peer_id], revision=None, key="", now=ground.now
            )
            for one in members
        ]
        staff = [add_person(f"Staff{number}", ground.now, Role.COORDINATOR) for number in range(3)]
    taps = [
        ground.tap(one, f"/care/walks/{walk}", f"/care/walks/{walk}/approve", revision=2, request_key=f"staff{one}")
        for one, walk in zip(staff, (*walks, walks[0]), strict=True)
    ]
    return Race(taps, led_to("/care"))


def say_yes(ground: Ground) -> Race:
    """A peer says yes on four devices."""
    with ground.app.app_context():
        peer_id = matching_cast.add_peer(ground.now, "Quinn")
        member = matching_cast.add_asker(ground.now, "Asker3")
        coordinator = add_person("Staff9", ground.now, Role.COORDINATOR)
        walk = matching.ask(member, key="", now=ground.now)
        matching.rank(walk, member, [peer_id], revision=None, key="", now=ground.now)
        matching.approve(walk, coordinator, None, revision=None, key="", now=ground.now)
    page = f"/asked/{walk}"
    taps = [ground.tap(peer_id, page, f"{page}/yes", revision=3, request_key=f"yes{number}") for number in range(4)]
    return Race(taps, led_to(f"/walk/{walk}"), told=303)


RACES = {"book": book, "move": move, "rhythm": rhythm, "approve": approve, "say yes": say_yes}


@pytest.fixture
def ground(app: Flask, site: Site) -> Ground:
    """The real time: a running site asks the real clock."""
    return Ground(app, site, datetime.now(UTC))


def test_of_all_who_act_at_once_exactly_one_wins_and_the_others_are_told(ground: Ground) -> None:
    found, expected, broken = {}, {}, []
    for name, prepare in RACES.items():
        race = prepare(ground)
        answers = all_at_once(race.taps)
        found[name] = sorted((race.won(answer), answer.status) for answer in answers)
        expected[name] = [*[(False, race.told)] * (len(answers) - 1), (True, 303)]
        with ground.app.app_context():
            broken += [] if race.left() else [name]
    assert (found, broken) == (expected, [])
    with ground.app.app_context():
        assert read().execute(OVERLAPS).scalar_one() == 0
