"""Settling: what the other side said of a letter is written down, for many at once where it was taken."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import bindparam, tuple_, update
from sqlalchemy.orm import Session

from portal.db import plain
from portal.domain.notice import CALENDAR_KINDS, LONGEST_WAIT, Channel, Kind, NoticeState, retry_at
from portal.mail.errors import Doubtful, Refused, SendingError
from portal.models import Invitation, Notice, table_of
from portal.queries import notice as queries
from portal.services.notice.carried import keep_receipt, keep_refusal
from portal.services.notice.parcel import Outcome, Parcel
from portal.services.notice.reason import Stop
from portal.services.notice.spread import nobody_needed

MOST_DOUBTS = 2
CODES = frozenset({Kind.SIGN_IN_CODE, Kind.PHONE_CODE})
STILL_OURS = frozenset({NoticeState.SENDING, NoticeState.DUE})
_ROWS = table_of(Notice)
# A lease that ran out meanwhile may have made the row due again; a later try decides for itself.
_SENT = (
    update(_ROWS)
    .where(
        _ROWS.c.id.in_(bindparam("ids", expanding=True)),
        _ROWS.c.attempts == bindparam("attempt"),
        _ROWS.c.state.in_(STILL_OURS),
    )
    .values(state=NoticeState.SENT, error=None, lease_until=None, settled_at=bindparam("now"))
)
_UNLINKED = {"synchronize_session": False}


def settle(session: Session, outcomes: Iterable[Outcome], *, now: datetime) -> None:
    """Write down what became of these letters."""
    outcomes = list(outcomes)
    _taken(session, [outcome.parcel for outcome in outcomes if outcome.trouble is None], now)
    for outcome in outcomes:
        if outcome.trouble is None:
            keep_receipt(session, outcome, now=now)
        else:
            keep_refusal(session, outcome.parcel, outcome.trouble, now=now)
            _troubled(outcome.parcel, outcome.trouble, now)


def _taken(session: Session, parcels: Sequence[Parcel], now: datetime) -> None:
    for attempt, same in groupby(sorted(parcels, key=_attempt), key=_attempt):
        plain().execute(_SENT, {"ids": [parcel.notice_id for parcel in same], "attempt": attempt, "now": now})
    codes = [parcel.notice_id for parcel in parcels if parcel.kind in CODES]
    if codes:
        sent = update(Notice).where(Notice.id.in_(codes), Notice.state == NoticeState.SENT)
        session.execute(sent.values(rendered=None, details=None), execution_options=_UNLINKED)
    _remember_invited(session, parcels, now)


def _attempt(parcel: Parcel) -> int:
    return parcel.attempt


def _remember_invited(session: Session, parcels: Sequence[Parcel], now: datetime) -> None:
    """Note that the entries are in these people's calendars: only then can they be moved or taken out."""
    entries = [(parcel.booking_id, parcel.person_id) for parcel in parcels if _with_entry(parcel)]
    if entries:
        found = tuple_(Invitation.booking_id, Invitation.person_id).in_(entries)
        first = update(Invitation).where(found, Invitation.invited_at.is_(None))
        session.execute(first.values(invited_at=now), execution_options=_UNLINKED)


def _with_entry(letter: Notice | Parcel) -> bool:
    return letter.kind in CALENDAR_KINDS and letter.channel is Channel.EMAIL


def _troubled(parcel: Parcel, trouble: SendingError, now: datetime) -> None:
    notice = queries.notice(parcel.notice_id)
    if notice is None or notice.attempts != parcel.attempt or notice.state not in STILL_OURS:
        return
    if isinstance(trouble, Doubtful):
        if notice.state is NoticeState.SENDING:
            doubt(notice, retry_at(1, now) or now, now)
        return
    code = f"refused-{trouble.code}" if isinstance(trouble, Refused) else "unreachable"
    try_later(notice, code, now, permanent=trouble.permanent)
    if trouble.wait_seconds and notice.state is NoticeState.DUE:
        # Whoever asks for more time than our own pauses give gets it, but not a day.
        notice.due_at = max(notice.due_at, now + min(timedelta(seconds=trouble.wait_seconds), LONGEST_WAIT))


def doubt(notice: Notice, again_at: datetime, now: datetime) -> None:
    """A letter may have been taken: it goes out once more, the same to the byte; after that a person decides."""
    notice.doubts += 1
    _may_be_invited(notice, now)
    if notice.doubts >= MOST_DOUBTS:
        end(notice, Stop(NoticeState.FAILED, "doubtful"), now)
    else:
        notice.state, notice.due_at, notice.error, notice.lease_until = NoticeState.DUE, again_at, "doubtful", None


def _may_be_invited(notice: Notice, now: datetime) -> None:
    if not _with_entry(notice) or notice.booking_id is None or notice.person_id is None:
        return
    entry = queries.invitations(notice.booking_id).get(notice.person_id)
    if entry is not None and entry.invited_at is None:
        entry.invited_at = now


def try_later(notice: Notice, code: str, now: datetime, *, permanent: bool = False) -> None:
    """Have a letter tried again after a pause that grows; after the last try a person has to look."""
    again_at = None if permanent else retry_at(notice.attempts, now)
    if again_at is None:
        end(notice, Stop(NoticeState.FAILED, code), now)
    else:
        notice.state, notice.due_at, notice.error, notice.lease_until = NoticeState.DUE, again_at, code, None


def postpone_unread(session: Session, notice_id: int, attempts: int, now: datetime) -> None:
    """As try_later, of a row that cannot be opened."""
    again_at = retry_at(attempts, now)
    fault: dict[str, object] = {"attempts": attempts, "error": "fault"}
    ended = {"state": NoticeState.FAILED, "settled_at": now}
    values = fault | (ended if again_at is None else {"due_at": again_at})
    session.execute(update(Notice).where(Notice.id == notice_id).values(values), execution_options=_UNLINKED)


def end(notice: Notice, stop: Stop, now: datetime) -> None:
    """Say why a letter goes out no more."""
    if stop.state is NoticeState.FAILED and nobody_needed(notice, stop.code, now=now):
        stop = Stop(NoticeState.VOID, stop.code)
    notice.state, notice.error = stop.state, stop.code or None
    notice.lease_until, notice.settled_at = None, now
    if stop.state is NoticeState.VOID or notice.kind in CODES:
        notice.rendered = notice.details = None
