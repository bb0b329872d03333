"""Ending reminders or a check-in by the key in a letter's header, without signing in (RFC 8058); and taking it back."""

from datetime import date, datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.db import retry_once, transaction
from portal.domain.checkin import CheckInState
from portal.domain.errors import NotFound
from portal.domain.notice import REMINDERS, Group, NoticeState
from portal.models import Notice, Person, Unsubscribe
from portal.queries import checkin as checkin_queries
from portal.queries import notice as queries
from portal.services import audit
from portal.services.account.people import locked
from portal.services.checkin.rhythm import end_check_in, go_on_with_check_in
from portal.services.notice.chat import renew_reminders
from portal.services.walk import locked_walk

# What a key remembers of a check-in: that it was this letter that ended it, and until when the peer had held it.
WENT = "went"


@retry_once
def end_by_key(token: str, *, now: datetime) -> None:
    """End what this key ends; a repeat changes nothing. Raises NotFound for an unknown key."""
    with transaction() as session:
        key = _key(token)
        ended = _end_check_in(session, key, now) if key.ends is Group.CHECK_INS else _end_reminders(session, key, now)
        if ended:
            audit.record(session, f"{ended} ended", "person", key.person_id, actor_id=key.person_id, now=now)


@retry_once
def take_back(token: str, person_id: int, *, now: datetime) -> None:
    """Give somebody back what this key has ended, as it was; where it goes on already nothing changes. NotFound for
    anybody else's key."""
    with transaction() as session:
        key = _key(token)
        if key.person_id != person_id:
            raise NotFound
        person = locked(session, person_id)
        if key.ends is Group.CHECK_INS:
            back = key.was and _check_in_goes_on(session, key, person, now)
        else:
            back = key.was and not person.reminder_leads
            if back:
                person.reminder_leads = key.was
                renew_reminders(session, person, now=now)
        key.was = ""
        if back:
            audit.record(session, "ending taken back", "person", person_id, actor_id=person_id, now=now)


def _key(token: str) -> Unsubscribe:
    key = queries.key_of(token)
    if key is None:
        raise NotFound
    return key


def _end_reminders(session: Session, key: Unsubscribe, now: datetime) -> str:
    person = locked(session, key.person_id)
    if not person.reminder_leads:
        return ""
    key.was, person.reminder_leads = person.reminder_leads, ""
    waiting = update(Notice).where(
        Notice.person_id == person.id, Notice.kind.in_(list(REMINDERS)), Notice.state == NoticeState.DUE
    )
    session.execute(
        waiting.values(state=NoticeState.VOID, settled_at=now, rendered=None),
        execution_options={"synchronize_session": False},
    )
    return "reminders"


def _end_check_in(session: Session, key: Unsubscribe, now: datetime) -> str:
    walk = locked_walk(key.walk_id or 0)
    row = checkin_queries.check_in_row(walk.id)
    if row is None or row.state is CheckInState.OVER or walk.member_id != key.person_id:
        return ""
    key.was = f"{WENT} {row.held_until.isoformat()}" if row.held_until is not None else WENT
    end_check_in(session, walk, row, now=now)
    return "check-in"


def _check_in_goes_on(session: Session, key: Unsubscribe, person: Person, now: datetime) -> bool:
    walk = locked_walk(key.walk_id or 0)
    row, thread = checkin_queries.check_in_row(walk.id), checkin_queries.thread_row(walk.id)
    open_yet = walk.open and thread is not None and thread.ended_at is None
    if row is None or not open_yet or walk.member_id != person.id or row.state is not CheckInState.OVER:
        return False
    held = key.was.removeprefix(WENT).strip()
    return go_on_with_check_in(row, person.zone, date.fromisoformat(held) if held else None, now=now)
