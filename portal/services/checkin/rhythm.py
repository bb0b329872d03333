"""A member sets the rhythm of their check-in, changes it, stops it."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.db import retry_once, transaction
from portal.domain.checkin import CheckInState, Rhythm, Wish, next_at
from portal.domain.checkin.rhythm import local_day
from portal.domain.errors import NotFound
from portal.domain.notice import Kind
from portal.models import CheckIn, Walk
from portal.queries import checkin as queries
from portal.queries import matching as matching_queries
from portal.queries import notice as notice_queries
from portal.queries.checkin.check_ins import DAYS
from portal.services import audit, once
from portal.services.checkin.telling import take_back_check_in
from portal.services.checkin.whose import open_thread, walk_of_two
from portal.services.notice.owe import owe, void


@retry_once
def set_check_in(walk_id: int, member_id: int, wish: Wish, *, key: str, now: datetime) -> int:
    """Set or change a check-in; returns its id. The peer gets one letter when it begins, and reads changes on the page.

    What the peer holds stays held. Stale where the walk or its thread has ended.
    """
    with transaction() as session:
        form = once.form(member_id, key, "set check-in", walk_id, wish)
        done = form.result()
        if done is not None:
            return done
        walk = walk_of_two(walk_id, member_id)
        if walk.member_id != member_id:
            raise NotFound
        open_thread(session, walk, now)
        zone = matching_queries.zone_of_member(walk)
        row, begins = _row(session, walk, now)
        _follow(row, wish.rhythm(zone, now), zone, now)
        row.silence_days = wish.silence_days
        row.changed_at = now
        session.flush()
        if begins:
            _tell_peer(session, walk, row, now)
        audit.record(session, "check-in set", "walk", walk_id, actor_id=member_id, now=now)
        form.remember(session, row.id, now)
        return row.id


@retry_once
def stop_check_in(walk_id: int, member_id: int, *, now: datetime) -> None:
    """Stop a check-in; one that stands in the thread already stays there, and no letter of it goes out any more."""
    with transaction() as session:
        walk = walk_of_two(walk_id, member_id)
        row = queries.check_in_row(walk_id)
        if walk.member_id != member_id or row is None:
            raise NotFound
        if row.state is not CheckInState.OVER:
            end_check_in(session, walk, row, now=now)
            audit.record(session, "check-in stopped", "walk", walk_id, actor_id=member_id, now=now)


def end_check_in(session: Session, walk: Walk, row: CheckIn, *, now: datetime) -> None:
    """Inside a verb: end a check-in and take back the letters about it."""
    row.state, row.next_at, row.held_until, row.changed_at = CheckInState.OVER, None, None, now
    take_back_check_in(session, walk, now=now)
    void(session, _begun(row.id), now=now)


def go_on_with_check_in(row: CheckIn, zone: str, held_until: date | None, *, now: datetime) -> bool:
    """Inside a verb: let a check-in that was ended go on as it was, held where its peer had held it up to a day that
    is still to come; says whether any more of it comes."""
    held = held_until if held_until is not None and held_until > local_day(now, zone) else None
    follows = next_at(queries.rhythm_of(row), zone, now, held)
    if follows is None:
        return False
    row.state = CheckInState.GOING if held is None else CheckInState.HELD
    row.next_at, row.held_until, row.changed_at = follows, held, now
    return True


def by_new_clock(session: Session, member_id: int, zone: str, *, now: datetime) -> None:
    """Inside the verb that gives a member another zone: their check-ins keep their time on the clock."""
    for row in queries.check_ins_of_member(member_id):
        row.next_at = next_at(queries.rhythm_of(row), zone, now, row.held_until)
        session.flush()


def _row(session: Session, walk: Walk, now: datetime) -> tuple[CheckIn, bool]:
    row = queries.check_in_row(walk.id)
    if row is None:
        row = CheckIn(walk_id=walk.id, words="", state=CheckInState.GOING, created_at=now, changed_at=now)
        session.add(row)
        return row, True
    begins = row.state is CheckInState.OVER
    if begins:
        row.state, row.created_at = CheckInState.GOING, now
    return row, begins


def _follow(row: CheckIn, rhythm: Rhythm, zone: str, now: datetime) -> None:
    row.weekdays = DAYS.join(str(day) for day in sorted(rhythm.weekdays))
    row.at_minute, row.last_day = rhythm.at_minute, rhythm.last_day
    if row.held_until is not None:
        row.held_until = min(row.held_until, rhythm.last_day)
    row.next_at = next_at(rhythm, zone, now, row.held_until)


def _tell_peer(session: Session, walk: Walk, row: CheckIn, now: datetime) -> None:
    peer_id = walk.peer_id or 0
    peer = notice_queries.recipients(peer_id, peer_id)[peer_id]
    reason = _begun(row.id)
    owe(
        session,
        Kind.CHECK_IN_SET,
        peer_id,
        about=reason,
        walk_id=walk.id,
        revision=queries.told_times(reason, peer_id),
        due_at=peer.quiet.over(now, peer.zone),
        now=now,
    )


def _begun(check_in_id: int) -> str:
    return f"checkin-{check_in_id}"
