"""The answer to a time that was asked for: yes, not this time, taken back, or none until it lapsed."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from portal.db import retry_once, transaction
from portal.domain.booking import BOOKABLE, BookingState, Meeting, sentence_for
from portal.domain.booking.asking import ANSWERED, LAPSED, TAKEN_BACK, waits
from portal.domain.errors import NotFound, Stale, TimeTaken
from portal.domain.matching.walk import MOVED_ON, Actor, State, Step
from portal.domain.notice import Kind, held_until
from portal.domain.slots import Closed, nearest
from portal.models import Booking
from portal.queries import booking as queries
from portal.queries.booking import Two, asking
from portal.queries.notice import recipients
from portal.queries.slots import FreeTime
from portal.services import audit, once
from portal.services.booking.ending import let_go, let_go_beside
from portal.services.booking.guarded import last_word
from portal.services.notice.chat import about, owe_chat_letters
from portal.services.notice.owe import owe, void
from portal.services.one_by_one import in_pages, one_by_one
from portal.services.walk import locked_walk, take_step


@retry_once
def say_yes(booking_id: int, peer_id: int, *, key: str, now: datetime) -> int:
    """Book what was asked for; every other question of that walk is let go, and every other one of the two people that
    no longer fits beside it. Stale where it was answered, taken back or lapsed; TimeTaken where it no longer fits."""
    two = _two_for(booking_id, peer_id, Actor.PEER)
    with _last_word(two, peer_id, booking_id, now), _everybody_held(two) as session:
        form = once.form(peer_id, key, "yes to a time", booking_id)
        if form.result() is not None:
            return booking_id
        walk = locked_walk(two.walk_id)
        asked = _still_waiting(booking_id, two, now)
        if walk.state not in BOOKABLE or walk.peer_id != peer_id:
            raise Stale(MOVED_ON)
        others = [row for row in asking.rows_beside(two) if row not in asked]
        _step_aside(session, others)
        let_go_beside(session, walk.id, keep=[row.id for row in asked], now=now)
        booked = _book_those_that_fit(session, asked, now)
        if walk.state is State.BOTH_YES:
            take_step(session, walk, Step.BOOK, Actor.PEER, actor_id=peer_id, now=now)
        for row in booked:
            owe_chat_letters(session, row, now=now)
            audit.record(session, "chat booked", "booking", row.id, actor_id=peer_id, now=now)
        _put_back(session, [row for row in others if row.walk_id != walk.id], now)
        form.remember(session, booking_id, now)
        return booked[0].id


@retry_once
def not_this_time(booking_id: int, peer_id: int, *, every: bool = False, key: str, now: datetime) -> int:
    """Let a question go, without a reason, or `every` one of its walk that waits; the member hears of other times."""
    two = _two_for(booking_id, peer_id, Actor.PEER)
    with _everybody_held(two) as session:
        form = once.form(peer_id, key, "not this time", booking_id, every)
        if form.result() is not None:
            return booking_id
        locked_walk(two.walk_id)
        asked = _still_waiting(booking_id, two, now)
        more = [row for row in asking.rows_beside(two) if row.walk_id == two.walk_id and row not in asked]
        for row in [*asked, *(more if every else ())]:
            row.cancelled_by = peer_id
            let_go(session, row, BookingState.RELEASED, by=peer_id, now=now)
        owe_release(session, asked[0], now=now)
        form.remember(session, booking_id, now)
        return booking_id


@retry_once
def take_back(booking_id: int, member_id: int, *, key: str, now: datetime) -> int:
    """Take a question back; nobody has to hear of it."""
    two = _two_for(booking_id, member_id, Actor.MEMBER)
    with _everybody_held(two) as session:
        form = once.form(member_id, key, "take back", booking_id)
        if form.result() is not None:
            return booking_id
        locked_walk(two.walk_id)
        for row in _still_waiting(booking_id, two, now):
            row.cancelled_by = member_id
            let_go(session, row, BookingState.RELEASED, by=member_id, now=now)
        form.remember(session, booking_id, now)
        return booking_id


def lapse_asked(*, now: datetime) -> int:
    """Let go of every question that has waited as long as it could; returns how many."""
    lapsed = in_pages(lambda after: asking.lapsed(now, after))
    return one_by_one("asked time", lapsed, lambda booking_id: _lapse(booking_id, now=now))


@retry_once
def _lapse(booking_id: int, *, now: datetime) -> bool:
    two = asking.two_of_question(booking_id)
    with _everybody_held(two) as session:
        waited = [row for row in asking.rows_of_question(booking_id) if not waits(row.state, row.answer_by, now)]
        for row in waited:
            let_go(session, row, BookingState.LAPSED, by=None, now=now)
        if waited:
            owe_release(session, waited[0], now=now, held=True)
        return bool(waited)


def owe_release(session: Session, row: Booking, *, now: datetime, held: bool = False) -> None:
    """Owe the member the letter that a time they asked for is not to be had, with others near it; `held` until their
    quiet hours are over, but not past that time, where the clock lets go."""
    member = recipients(row.member_id, row.peer_id)[row.member_id]
    owe(
        session,
        Kind.TIME_RELEASED,
        row.member_id,
        about=about(row.id),
        booking_id=row.id,
        walk_id=row.walk_id,
        revision=row.revision,
        due_at=held_until(row.starts_at, member.zone, member.quiet, now) if held else now,
        now=now,
    )


def _two_for(booking_id: int, actor_id: int, side: Actor) -> Two:
    two = queries.two_of_chat(actor_id, booking_id)
    if two is None or two.as_actor(actor_id) is not side:
        raise NotFound
    return two


@contextmanager
def _everybody_held(two: Two) -> Iterator[Session]:
    """Open a verb's transaction with everybody locked whose waiting time may be touched."""
    everybody = asking.people_beside(two)
    with transaction() as session:
        queries.lock_everybody(everybody)
        yield session


@contextmanager
def _last_word(two: Two, peer_id: int, booking_id: int, now: datetime) -> Iterator[None]:
    asked = asking.asked_for(peer_id, booking_id)
    if asked is None:
        raise NotFound
    meeting = Meeting(asked.format, minutes=asked.minutes)
    with last_word(two, asked.starts_at, now, meeting=meeting, reader=Actor.PEER, without=booking_id):
        yield


def _still_waiting(booking_id: int, two: Two, now: datetime) -> list[Booking]:
    rows = [row for row in asking.rows_of_question(booking_id) if waits(row.state, row.answer_by, now)]
    if rows:
        return rows
    row = queries.booking_to_change(booking_id)
    if row.state is BookingState.LAPSED or row.state is BookingState.ASKED:
        raise Stale(LAPSED)
    taken_back = row.state is BookingState.RELEASED and row.cancelled_by == two.member_id
    raise Stale(TAKEN_BACK if taken_back else ANSWERED)


def _step_aside(session: Session, rows: Sequence[Booking]) -> None:
    """Take the time of other questions out of the way: they have to fit beside what is booked, not it beside them."""
    for row in rows:
        for hold in queries.holds_of(row.id):
            hold.active = False
    session.flush()


def _put_back(session: Session, rows: Sequence[Booking], now: datetime) -> None:
    """Give other questions their time again, the longest wait first; those that do not fit any more are let go."""
    for row in rows:
        if times_beside(row, now).why_closed(row.starts_at) is not None:
            let_go(session, row, BookingState.RELEASED, by=None, now=now)
            owe_release(session, row, now=now)
            continue
        for hold in queries.holds_of(row.id):
            hold.active = True
        session.flush()


def _book_those_that_fit(session: Session, asked: Sequence[Booking], now: datetime) -> list[Booking]:
    """Book the times of one question; of a rhythm those that still fit, of a single time it, or TimeTaken says why."""
    closed = {row.id: times_beside(row, now).why_closed(row.starts_at) for row in asked}
    booked = [row for row in asked if closed[row.id] is None]
    if not booked:
        raise _taken(asked[0], closed[asked[0].id] or Closed.TAKEN, now)
    for row in asked:
        if row not in booked:
            let_go(session, row, BookingState.RELEASED, by=None, now=now)
            owe_release(session, row, now=now)
            continue
        row.state, row.answer_by = BookingState.BOOKED, None
        row.revision += 1
        void(session, about(row.id), now=now)
    session.flush()
    return booked


def times_beside(row: Booking, now: datetime) -> FreeTime:
    """Return the times of the two beside this one. The notice was kept when it was asked for: it is the peer's own
    wish, and it is the peer who says yes."""
    two, meeting = Two(row.walk_id, row.member_id, row.peer_id), _meeting(row)
    times = queries.times_of(two, now, without=row.id, minutes=meeting.minutes, way=meeting.way)
    return replace(times, policy=replace(times.policy, notice_minutes=0))


def _meeting(row: Booking) -> Meeting:
    return Meeting(row.format, minutes=int((row.ends_at - row.starts_at).total_seconds()) // 60)


def _taken(row: Booking, closed: Closed, now: datetime) -> TimeTaken:
    near = [slot.starts_at for slot in nearest(times_beside(row, now).slots, row.starts_at)]
    return TimeTaken(sentence_for(closed, Actor.PEER), closed.value, near)
