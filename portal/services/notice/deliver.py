"""Delivering one letter: claim the row, write the bytes, hand them over outside of any transaction, settle the row."""

import logging
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.db import transaction
from portal.domain.notice import CALENDAR_KINDS, LEASE, Kind, NoticeState, retry_at
from portal.mail import smtp
from portal.mail.compose import message_id
from portal.mail.errors import Doubtful, Refused, SendingError
from portal.models import Notice
from portal.queries import notice as queries
from portal.queries.notice import standing
from portal.services.notice import together
from portal.services.notice.office import office
from portal.services.notice.reason import Stop, stop_of
from portal.services.notice.write import address_of, written

MOST_DOUBTS = 2
STILL_OURS = frozenset({NoticeState.SENDING, NoticeState.DUE})
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Parcel:
    """A claimed letter on its way; `attempt` tells this try from a later one by another worker."""

    notice_id: int
    attempt: int
    to: str = field(repr=False)
    raw: bytes = field(repr=False)


def deliver(notice_id: int, *, now: datetime) -> None:
    """Send this letter if it is due and nobody else has it; whatever happens, the row says so afterwards."""
    fault: str | None = None
    try:
        parcel = _claim(notice_id, now)
        if parcel is not None:
            _settle(parcel, _hand_over(parcel), now)
    except Exception as error:  # nothing foreign may reach the queue's record of failed jobs, not even as context
        fault = type(error).__name__
    if fault is not None:
        logger.error("letter %s: %s", notice_id, fault)
        _postpone(notice_id, now)


def _claim(notice_id: int, now: datetime) -> Parcel | None:
    with transaction() as session:
        notice = queries.notice(notice_id)
        if notice is None:
            return None
        queries.lock_siblings(notice)
        waits = queries.waits_for_older(notice, now) or together.told_elsewhere(notice) is NoticeState.SENDING
        if waits or not _take(session, notice_id, now):
            return None
        session.refresh(notice)
        stop = stop_of(notice, now)
        if stop is not None:
            _end(notice, stop, now)
            return None
        if not together.still_holds(notice):
            # It told of another chat too, which has changed: this one is told afresh, in a letter of its own.
            notice.rendered, notice.message_id, notice.doubts = None, None, 0
        notice.message_id = notice.message_id or message_id(uuid4(), office().sender)
        notice.rendered = notice.rendered or written(session, notice, office(), now=now)
        return Parcel(notice.id, notice.attempts, address_of(notice), notice.rendered)


def _take(session: Session, notice_id: int, now: datetime) -> bool:
    due = (Notice.id == notice_id, Notice.state == NoticeState.DUE, Notice.due_at <= now)
    claim = update(Notice).where(*due, standing.may_go_out())
    values = {"state": NoticeState.SENDING, "lease_until": now + LEASE, "attempts": Notice.attempts + 1}
    done = session.execute(claim.values(values).returning(Notice.id), execution_options={"synchronize_session": False})
    return done.scalar() is not None


def _hand_over(parcel: Parcel) -> SendingError | None:
    post = office()
    try:
        smtp.send(post.server, post.sender, parcel.to, parcel.raw, post.smtp_seconds)
    except SendingError as trouble:
        return trouble
    return None


def _settle(parcel: Parcel, trouble: SendingError | None, now: datetime) -> None:
    with transaction():
        notice = queries.notice(parcel.notice_id)
        # A lease that ran out meanwhile may have made the row due again; a later try decides for itself.
        if notice is None or notice.attempts != parcel.attempt or notice.state not in STILL_OURS:
            return
        if trouble is None:
            remember_invited(notice, now)
            _end(notice, Stop(NoticeState.SENT, ""), now)
        elif isinstance(trouble, Doubtful):
            if notice.state is NoticeState.SENDING:
                doubt(notice, retry_at(1, now) or now, now)
        elif isinstance(trouble, Refused):
            _try_later(notice, f"refused-{trouble.code}", now, permanent=trouble.permanent)
        else:
            _try_later(notice, "unreachable", now)


def doubt(notice: Notice, again_at: datetime, now: datetime) -> None:
    """A letter may have been taken: it goes out once more, the same to the byte; after that a person decides."""
    notice.doubts += 1
    remember_invited(notice, now)
    if notice.doubts >= MOST_DOUBTS:
        _end(notice, Stop(NoticeState.FAILED, "doubtful"), now)
    else:
        notice.state, notice.due_at, notice.error, notice.lease_until = NoticeState.DUE, again_at, "doubtful", None


def remember_invited(notice: Notice, now: datetime) -> None:
    """Note that the entry is, or may be, in this person's calendar: only then can it be moved or taken out."""
    if notice.kind not in CALENDAR_KINDS or notice.booking_id is None or notice.person_id is None:
        return
    entry = queries.invitations(notice.booking_id).get(notice.person_id)
    if entry is not None and entry.invited_at is None:
        entry.invited_at = now


def _try_later(notice: Notice, code: str, now: datetime, *, permanent: bool = False) -> None:
    again_at = None if permanent else retry_at(notice.attempts, now)
    if again_at is None:
        _end(notice, Stop(NoticeState.FAILED, code), now)
    else:
        notice.state, notice.due_at, notice.error, notice.lease_until = NoticeState.DUE, again_at, code, None


def _end(notice: Notice, stop: Stop, now: datetime) -> None:
    notice.state, notice.error = stop.state, stop.code or None
    notice.lease_until, notice.settled_at = None, now
    if stop.state is NoticeState.VOID or notice.kind is Kind.SIGN_IN_CODE:
        notice.rendered = notice.details = None


def _postpone(notice_id: int, now: datetime) -> None:
    # A row that cannot even be written must not be tried without end; one being sent is left to its lease.
    fault: str | None = None
    try:
        with transaction():
            notice = queries.notice(notice_id)
            if notice is not None and notice.state is NoticeState.DUE and notice.due_at <= now:
                notice.attempts += 1
                _try_later(notice, "fault", now)
    except Exception as error:  # the database is away: the sweep will find the row as it stands
        fault = type(error).__name__
    if fault is not None:
        logger.error("letter %s stays as it is: %s", notice_id, fault)
