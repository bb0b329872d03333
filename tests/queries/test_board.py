"""The coordinator's board on a real database: a page at a time, counted, and by the same rules as the domain's."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from random import Random

import pytest
from flask import Flask

from portal.db import transaction
from portal.domain.account import Role
from portal.domain.care import AT_RISK, Concern
from portal.domain.matching.promises import WAITING
from portal.domain.matching.walk import State
from portal.domain.matching.walk_words import COORDINATOR_WORDS
from portal.models import AuditEntry, SignIn, Suggestion, Walk
from portal.queries import care
from portal.queries import matching as queries
from portal.queries.matching import BoardRow, Show, Sort
from portal.services import matching
from tests.matching_cast import Hill, add_asker, add_hill, asked, chosen, set_walk
from tests.queries.test_matching import queries_of
from tests.services.outbox import add_person

HOUR, DAY, MOMENT = timedelta(hours=1), timedelta(days=1), timedelta(microseconds=1)
# On the moment of every promise and note day, and just beside it.
EDGES = [
    hours * HOUR + beside
    for hours in (1, 12, 24, 36, 48, 60, 72, 73, 7 * 24, 14 * 24, 15 * 24)
    for beside in (-MOMENT, timedelta(0), MOMENT)
]


def needs_you(row: BoardRow) -> bool:
    return row.state is State.CHOSEN or Concern.LATE in row.concerns


def every_page(now: datetime, show: Show = Show.ALL, sort: Sort = Sort.FIRST) -> list[BoardRow]:
    found: list[BoardRow] = []
    page = 1
    while rows := queries.board_page(now, show, sort, page=page, states=list(State)):
        assert len(rows) <= queries.ROWS
        found += rows
        page += 1
    return found


@pytest.fixture
def inside(app: Flask) -> Iterator[Flask]:
    with app.app_context():
        yield app


@pytest.fixture
def hill(inside: Flask, now: datetime) -> Hill:
    return add_hill(now)


@pytest.fixture
def crowd(inside: Flask, now: datetime) -> int:
    """Sixty walks at every edge of every promise, with and without letters, signs of life and somebody on offer."""
    random = Random(3)
    peers = [add_person(f"Peer{number}", now, Role.PEER) for number in range(3)]
    members = [add_person(f"member {random.choice('ÅäBbÇ')}{number}", now, Role.MEMBER) for number in range(60)]
    with transaction() as session:
        for number, member_id in enumerate(members):
            asked_at = now - random.choice(EDGES)
            state = random.choice([*sorted(WAITING), State.WALKING])
            since = max(asked_at, now - random.choice(EDGES))
            walk = Walk(member_id=member_id, state=state, asked_at=asked_at, since=since, open=number % 10 != 0)
            session.add(walk)
            session.flush()
            if random.random() < 0.7:
                at = asked_at + random.choice(EDGES) if random.random() < 0.6 else now - random.choice(EDGES)
                session.add(AuditEntry(at=at, verb="wrote", subject="walk", subject_id=walk.id))
            if random.random() < 0.7:
                seen_at = now - random.choice(EDGES)
                session.add(SignIn(person_id=member_id, token_hash=str(number), started_at=seen_at, seen_at=seen_at))
            session.add_all(
                Suggestion(
                    walk_id=walk.id,
                    peer_id=peer_id,
                    position=position,
                    rank=random.choice([None, 1, 2, 3]),
                    why=_why(member_id, peer_id, now),
                    weights_version=1,
                    made_at=asked_at,
                    offered_at=random.choice([None, since]),
                    closed_at=random.choice([None, since]),
                )
                for position, peer_id in enumerate(random.sample(peers, random.randint(0, 3)), start=1)
            )
    return len(members)


def _why(member_id: int, peer_id: int, now: datetime) -> dict[str, object]:
    parts = [{"part": "hill", "share": peer_id % 4 / 4, "of": 40.0}]
    told = {"member_id": member_id, "peer_id": peer_id, "at": now.isoformat(), "weights_version": "1"}
    return told | {"filters": [], "parts": parts, "theirs": None, "footings": [], "soonest": None}


def test_the_board_shows_who_needs_a_coordinator_first_then_the_longest_wait(hill: Hill, now: datetime) -> None:
    first = matching.ask(add_asker(now, "Ida"), key="", now=now)
    later = now + HOUR
    walk_id = chosen(hill, later)
    board = queries.board_page(later)
    assert [(row.walk_id, row.approvable) for row in board] == [(walk_id, True), (first, False)]
    row = board[0]
    assert (row.name, row.words, row.waited) == ("Ana", COORDINATOR_WORDS[State.CHOSEN], timedelta(0))
    assert (row.peer_id, row.peer, row.parts[0].points) == (hill.peers[0], "Ben Carter", 40.0)


def test_the_board_says_which_promise_is_late(inside: Flask, now: datetime) -> None:
    matching.ask(add_asker(now), key="", now=now)
    [early] = queries.board_page(now + 11 * HOUR)
    assert early.concerns == ()
    [soon] = queries.board_page(now + 23 * HOUR)
    assert soon.concerns == (Concern.SOON,)
    [late] = queries.board_page(now + 15 * DAY)
    assert late.concerns == (Concern.TOO_LONG, Concern.LATE, Concern.QUIET)
    assert (late.peer_id, late.peer, late.parts, late.approvable) == (None, "", (), False)


def test_the_board_wants_no_note_once_somebody_wrote(hill: Hill, now: datetime) -> None:
    walk_id, later = chosen(hill, now), now + 3 * DAY
    matching.note_written(walk_id, hill.coordinator, key="", now=later - HOUR)
    assert [Concern.NOTE in row.concerns for row in queries.board_page(later)] == [True]
    assert queries.board_counts(later)[Show.NOTE] == 1
    matching.note_written(walk_id, hill.coordinator, key="", now=later)
    assert [Concern.NOTE in row.concerns for row in queries.board_page(later)] == [False]
    assert queries.board_counts(later)[Show.NOTE] == 0
    found = queries.choice(walk_id, later)
    assert found is not None
    assert found.waiting.wants_note is False


MEANT: dict[Show, Callable[[BoardRow], bool]] = {
    Show.MINE: lambda row: row.approvable,
    Show.ALL: lambda row: row.state in WAITING,
    Show.RISK: lambda row: bool(AT_RISK & set(row.concerns)),
    Show.NOTE: lambda row: Concern.NOTE in row.concerns,
}


def test_each_board_holds_whom_the_rules_of_the_domain_put_there(crowd: int, now: datetime) -> None:
    everybody = every_page(now)
    counts = queries.board_counts(now)
    assert 30 < len(everybody) < crowd
    for show, meant in MEANT.items():
        found = every_page(now, show)
        assert {row.walk_id for row in found} == {row.walk_id for row in everybody if meant(row)}, show
        assert counts[show] == len(found), show
        assert len(found) > 0, show
    quiet = every_page(now, Show.QUIET)
    assert all(Concern.QUIET in row.concerns for row in quiet)
    assert {row.walk_id for row in quiet} == {one.walk_id for one in care.gone_quiet(now)}
    assert {row.walk_id for row in quiet} >= {row.walk_id for row in everybody if Concern.QUIET in row.concerns}
    assert counts[Show.QUIET] == len(quiet) > 0
    assert [row.walk_id for row in quiet if not care.is_quiet(row.walk_id, now)] == []


def test_whoever_is_suggested_first_stands_on_the_board(crowd: int, now: datetime) -> None:
    for row in every_page(now):
        found = queries.choice(row.walk_id, now)
        assert found is not None
        first = found.waiting.suggestion
        assert (row.peer_id, row.peer) == ((first.peer_id, first.name) if first else (None, ""))
        assert [part.points for part in row.parts] == ([bar.points for bar in first.bars] if first else [])
        note_due = found.waiting.wants_note and not found.waiting.too_long
        assert note_due == (Concern.NOTE in row.concerns)
        assert found.waiting.needs_you == needs_you(row)


def test_every_order_shows_everybody_once(crowd: int, now: datetime) -> None:
    def in_order(sort: Sort) -> list[BoardRow]:
        return every_page(now, sort=sort)

    first = in_order(Sort.FIRST)
    assert [row.walk_id for row in first] == [
        row.walk_id for row in sorted(first, key=lambda row: (not needs_you(row), -row.waited, row.walk_id))
    ]
    by_wait = in_order(Sort.WAITING)
    assert [row.waited for row in by_wait] == sorted((row.waited for row in first), reverse=True)
    by_name = in_order(Sort.NAME)
    assert [row.name.casefold() for row in by_name] == sorted(row.name.casefold() for row in first)
    states, by_state = list(State), in_order(Sort.STATE)
    assert [states.index(row.state) for row in by_state] == sorted(states.index(row.state) for row in first)
    for found in (by_wait, by_name, by_state):
        assert sorted(row.walk_id for row in found) == sorted(row.walk_id for row in first)


def test_reading_a_page_takes_as_many_statements_for_five_as_for_one(hill: Hill, now: datetime) -> None:
    asked(hill, now)
    one = queries_of(lambda: queries.board_page(now))
    for name in ("Ida", "Jo", "Kim", "Lou"):
        matching.ask(add_asker(now, name), key="", now=now)
    assert (queries_of(lambda: queries.board_page(now)), one) == (3, 3)
    assert queries_of(lambda: queries.board_counts(now)) == 1


def test_what_is_done_changes_the_mark_of_the_last_deed(hill: Hill, now: datetime) -> None:
    before = queries.last_deed()
    walk_id = asked(hill, now)
    after = queries.last_deed()
    assert before < after
    set_walk(walk_id, revision=7)
    assert queries.last_deed() == after
