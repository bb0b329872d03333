"""Many letters by one job: over one line, each by its own rules, and whatever happens to one is about that one."""

import time
from datetime import datetime, timedelta
from threading import Barrier, Event, Thread

import pytest
from flask import Flask
from sqlalchemy import event, text

from portal.db import db, transaction
from portal.domain.account import Role
from portal.domain.matching.walk import State
from portal.domain.notice import Channel, Kind, NoticeState
from portal.mail.errors import Unreachable
from portal.models import Notice
from portal.services.notice import hands
from portal.services.notice.deliver import GROUP, deliver
from portal.services.notice.office import office
from portal.services.notice.parcel import Outcome, Parcel
from tests.servers.smtp import Mood, Sink
from tests.services.conftest import Chat
from tests.services.outbox import add_person, add_walk, book, cancel, one, rows

SOON = timedelta(minutes=1)
CHATS = GROUP // 2 + 5


@pytest.fixture
def chats(inside: Flask, now: datetime) -> list[int]:
    """As many chats as need more than one group, each of two people of its own."""
    return book_chats(CHATS, now)


@pytest.fixture
def one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow this machine is just now, the server does not count as slow."""
    monkeypatch.setattr(hands, "SLOW_SECONDS", 60.0)


def book_chats(count: int, now: datetime) -> list[int]:
    booked = []
    for number in range(count):
        member_id = add_person(f"Member{number}", now, Role.MEMBER)
        peer_id = add_person(f"Peer{number}", now, Role.PEER)
        walk_id = add_walk(member_id, peer_id, State.FIRST_COFFEE, now)
        booked.append(book(walk_id, member_id, peer_id, now + timedelta(days=3), now))
    return booked


def ids(kind: Kind = Kind.INVITATION) -> list[int]:
    return [notice.id for notice in rows([kind])]


def states() -> list[NoticeState]:
    return [notice.state for notice in rows([Kind.INVITATION])]


@pytest.mark.usefixtures("one_line")
def test_a_batch_goes_over_one_line(chats: list[int], smtp: Sink, now: datetime) -> None:
    deliver(*ids(), now=now)
    assert set(states()) == {NoticeState.SENT}
    assert (len(smtp.letters), smtp.lines) == (2 * CHATS, 1)


@pytest.mark.usefixtures("one_line")
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_batch_that_follows_at_once_goes_over_the_line_of_the_one_before(
    chats: list[int], smtp: Sink, now: datetime
) -> None:
    every = ids()
    deliver(*every[:3], now=now)
    deliver(*every[3:], now=now)
    assert (len(smtp.letters), smtp.lines) == (2 * CHATS, 1)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_line_does_not_rest_for_long(
    chats: list[int], smtp: Sink, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hands, "REST_SECONDS", 0.0)
    every = ids()
    deliver(every[0], now=now)
    while any(resting.ways is office().ways for resting, _closing in hands._resting):
        time.sleep(0.001)  # between two looks whether they were let go
    deliver(every[1], now=now)
    assert (len(smtp.letters), smtp.lines) == (2, 2)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_server_that_went_while_the_line_rested_leaves_nothing_in_doubt(
    chats: list[int], smtp: Sink, now: datetime
) -> None:
    first, second, *_ = ids()
    deliver(first, now=now)
    smtp.stop()
    deliver(second, now=now)
    assert [(each.state, each.error) for each in rows([Kind.INVITATION])[:2]] == [
        (NoticeState.SENT, None),
        (NoticeState.DUE, "unreachable"),
    ]
    smtp.start()
    deliver(second, now=rows([Kind.INVITATION])[1].due_at)
    assert [letter.message["Message-ID"] for letter in smtp.letters] == [
        each.message_id for each in rows([Kind.INVITATION])[:2]
    ]


def test_many_letters_ask_the_database_hardly_more_than_few(chats: list[int], inside: Flask, now: datetime) -> None:
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
    every, counts = ids(), []
    for some in (every[:2], every[2 : GROUP + 2]):
        asked.clear()
        deliver(*some, now=now)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 16


def test_one_that_cannot_be_written_keeps_none_of_the_others(chats: list[int], smtp: Sink, now: datetime) -> None:
    broken = ids()[3]
    with transaction() as session:
        session.get_one(Notice, broken).kind = Kind.BOTH_YES
        session.get_one(Notice, broken).walk_id = None
        session.get_one(Notice, broken).booking_id = None
    deliver(*[notice.id for notice in rows() if notice.due_at <= now], now=now)
    assert len(smtp.letters) == 2 * CHATS - 1
    assert [notice.id for notice in rows() if notice.due_at <= now and notice.state is not NoticeState.SENT] == [broken]


def test_one_that_cannot_even_be_read_keeps_none_of_the_others(chats: list[int], smtp: Sink, now: datetime) -> None:
    every = ids()
    broken = every[3]
    with transaction() as session:
        session.execute(text("UPDATE notice SET details = 'k1:AAAA' WHERE id = :id"), {"id": broken})
    deliver(*every, now=now)
    assert len(smtp.letters) == 2 * CHATS - 1
    with transaction() as session:
        found = session.execute(text("SELECT state, error, attempts FROM notice WHERE id = :id"), {"id": broken}).one()
    assert tuple(found) == ("due", "fault", 1)


@pytest.mark.usefixtures("one_line")
def test_a_refusal_of_one_is_about_that_one(chats: list[int], smtp: Sink, now: datetime) -> None:
    smtp.refuses = {"member2@example.org": "550 5.1.1 no such mailbox", "member3@example.org": "450 4.2.1 later"}
    deliver(*ids(), now=now)
    left = {notice.error: notice.state for notice in rows([Kind.INVITATION]) if notice.state is not NoticeState.SENT}
    assert left == {"refused-550": NoticeState.FAILED, "refused-450": NoticeState.DUE}
    assert (len(smtp.letters), smtp.lines) == (2 * CHATS - 2, 1)


@pytest.mark.usefixtures("one_line")
@pytest.mark.parametrize("word", [True, False])
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_server_that_closes_between_two_letters_is_called_again(
    chats: list[int], smtp: Sink, now: datetime, word: bool
) -> None:
    smtp.closes_after, smtp.closes_with_a_word = 7, word
    deliver(*ids(), now=now)
    assert set(states()) == {NoticeState.SENT}
    assert (len(smtp.letters), smtp.lines) == (2 * CHATS, -(-2 * CHATS // 7))


def test_no_answer_to_one_leaves_that_one_in_doubt_and_it_goes_once_more_the_same(
    chats: list[int], smtp: Sink, now: datetime
) -> None:
    smtp.drops = {"member2@example.org"}
    deliver(*ids(), now=now)
    doubtful = [notice for notice in rows([Kind.INVITATION]) if notice.state is not NoticeState.SENT]
    assert [(notice.state, notice.error, notice.doubts) for notice in doubtful] == [(NoticeState.DUE, "doubtful", 1)]
    smtp.drops = set()
    deliver(*ids(), now=now + SOON)
    first, second = [letter for letter in smtp.letters if letter.to == ("member2@example.org",)]
    assert (first.raw, set(states())) == (second.raw, {NoticeState.SENT})


def test_a_server_that_is_away_is_not_waited_for_by_each_letter(
    chats: list[int], smtp: Sink, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    smtp.stop()
    tried: list[int] = []
    really = hands._handed_over

    def counted(parcel, line):  # type: ignore[no-untyped-def]
        tried.append(parcel.notice_id)
        return really(parcel, line)

    monkeypatch.setattr(hands, "_handed_over", counted)
    deliver(*ids(), now=now)
    assert {(notice.state, notice.error, notice.attempts) for notice in rows([Kind.INVITATION])} == {
        (NoticeState.DUE, "unreachable", 1)
    }
    assert len(tried) == 2 * hands.AWAY_AFTER


class LateToWrite(list[Outcome]):
    """A list of outcomes that a line beside writes to only when the first line has given up."""

    def __init__(self) -> None:
        super().__init__()
        self.given_up = Event()

    def append(self, outcome: Outcome) -> None:
        if outcome.trouble is None:
            assert self.given_up.wait(5)
        super().append(outcome)


def test_what_one_line_took_says_nothing_of_those_that_nobody_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    parcels = [Parcel(each, 1, Kind.INVITATION, Channel.EMAIL, 1, 1, "to", b"") for each in range(8)]
    written = LateToWrite()
    round_ = hands._Round(parcels, time.monotonic() + 10)
    monkeypatch.setattr(round_, "_outcomes", written)

    class Takes:
        def send(self, to: str, raw: bytes) -> None:
            return None

    class Away:
        def send(self, to: str, raw: bytes) -> None:
            raise Unreachable

    beside = Thread(target=round_.work_beside, args=(Takes(),))
    beside.start()
    while len(round_.waiting) == len(parcels):
        time.sleep(0.001)  # between two looks whether the line beside has taken one
    round_.work(Away())
    written.given_up.set()
    beside.join()
    outcomes = round_.finished()
    assert len({outcome.parcel.notice_id for outcome in outcomes}) == len(parcels)
    assert [outcome.parcel.notice_id for outcome in outcomes if outcome.trouble is None] == [0]


def test_a_slow_server_is_spoken_to_by_several_lines(chats: list[int], smtp: Sink, now: datetime) -> None:
    smtp.late_seconds = 0.05
    deliver(*ids(), now=now)
    assert (len(smtp.letters), len({letter.to for letter in smtp.letters})) == (2 * CHATS, 2 * CHATS)
    assert 1 < smtp.lines <= hands.MOST_LINES


def test_lines_that_are_not_let_in_leave_their_letters_to_the_others(
    chats: list[int], smtp: Sink, now: datetime
) -> None:
    smtp.late_seconds, smtp.most_lines = 0.05, 3
    deliver(*ids(), now=now)
    assert {(notice.state, notice.attempts) for notice in rows([Kind.INVITATION])} == {(NoticeState.SENT, 1)}


def test_an_older_letter_of_the_same_chat_goes_first(chat: Chat, smtp: Sink, now: datetime) -> None:
    with transaction() as session:
        for notice in session.query(Notice).where(Notice.person_id == chat.member_id):
            notice.due_at = now
    mine = [notice.id for notice in rows() if notice.person_id == chat.member_id]
    deliver(*reversed(mine), now=now)
    sent = [notice.message_id for notice in rows() if notice.person_id == chat.member_id]
    assert [letter.message["Message-ID"] for letter in smtp.letters] == sent


def test_two_reminders_of_one_day_in_a_batch_are_one_letter(chat: Chat, smtp: Sink, now: datetime) -> None:
    other_id = add_person("Cleo", now, Role.MEMBER)
    walk_id = add_walk(other_id, chat.peer_id, State.FIRST_COFFEE, now)
    book(walk_id, other_id, chat.peer_id, chat.starts_at + timedelta(hours=2), now)
    deliver(*ids(), now=now)
    smtp.reset()
    mine = [notice.id for notice in rows([Kind.REMINDER_DAY]) if notice.person_id == chat.peer_id]
    deliver(*mine, now=chat.starts_at - timedelta(hours=22))
    assert [letter.to for letter in smtp.letters] == [("ben@example.org",)]
    of_ben = [notice.state for notice in rows([Kind.REMINDER_DAY]) if notice.person_id == chat.peer_id]
    assert of_ben == [NoticeState.SENT, NoticeState.VOID]


def test_a_chat_called_off_between_two_groups_sends_nothing_more(
    chats: list[int], smtp: Sink, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    last = one(Kind.INVITATION, rows([Kind.INVITATION])[-1].person_id or 0)
    really, left = hands.Hands.hand_over, [1]

    def meanwhile(*arguments):  # type: ignore[no-untyped-def]
        if left.pop() if left else 0:
            cancel(last.booking_id or 0, now)
        return really(*arguments)

    monkeypatch.setattr(hands.Hands, "hand_over", meanwhile)
    deliver(*ids(), now=now)
    assert len(smtp.letters) == 2 * CHATS - 2


@pytest.mark.usefixtures("one_line")
def test_workers_with_the_same_letters_send_each_once(
    chats: list[int], inside: Flask, smtp: Sink, now: datetime
) -> None:
    every, start = ids(), Barrier(3)

    def work() -> None:
        with inside.app_context():
            start.wait()
            deliver(*every, now=now)

    workers = [Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    deliver(*every, now=now)
    assert (len(smtp.letters), {(notice.state, notice.attempts) for notice in rows([Kind.INVITATION])}) == (
        2 * CHATS,
        {(NoticeState.SENT, 1)},
    )


def test_what_a_slow_server_leaves_over_is_given_back_untouched(
    chats: list[int], smtp: Sink, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.services.notice.deliver.HOLD_SECONDS", 0.0)
    deliver(*ids(), now=now)
    assert {(notice.state, notice.attempts) for notice in rows([Kind.INVITATION])} == {(NoticeState.DUE, 0)}
    assert smtp.letters == []


@pytest.mark.usefixtures("one_line")
def test_a_mood_that_changes_in_the_middle_is_about_the_rest(chats: list[int], smtp: Sink, now: datetime) -> None:
    smtp.mood_after = (20, Mood.LATER)
    deliver(*ids(), now=now)
    assert [states().count(state) for state in (NoticeState.SENT, NoticeState.DUE)] == [20, 2 * CHATS - 20]
