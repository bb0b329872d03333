"""What the ways beside e-mail tell back when they take a notice, or refuse it: kept with the text, the phone, the
device."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.channels.push import told
from portal.channels.text import text_in
from portal.domain.notice import Channel, segments
from portal.mail.errors import Refused, SendingError
from portal.models import PushDevice, TextMessage
from portal.queries.notice import ways
from portal.services.notice.parcel import Outcome, Parcel

# The carrier was told STOP for this number, even if we were not.
STOPPED_THERE = 21610
_UNLINKED = {"synchronize_session": False}


def keep_receipt(session: Session, outcome: Outcome, *, now: datetime) -> None:
    """Keep the carrier's name of a text, or which devices took a sign and which are gone."""
    parcel, receipt = outcome.parcel, outcome.receipt or ""
    if parcel.channel is Channel.TEXT and receipt:
        keep_text(session, parcel.notice_id, parcel.raw, receipt, now=now)
    if parcel.channel is Channel.PUSH and receipt:
        took, gone = told(receipt)
        worked = update(PushDevice).where(PushDevice.id.in_(took)).values(worked_at=now)
        session.execute(worked, execution_options=_UNLINKED)
        _drop(session, gone)


def keep_refusal(session: Session, parcel: Parcel, trouble: SendingError, *, now: datetime) -> None:
    """Keep what a refusal says about the phone or the devices themselves."""
    if trouble.gone:
        _drop(session, trouble.gone)
    if parcel.channel is Channel.TEXT and isinstance(trouble, Refused) and trouble.code == STOPPED_THERE:
        stop_phone(parcel.person_id or 0, now)


def keep_text(session: Session, notice_id: int, raw: bytes | None, sid: str, *, now: datetime) -> TextMessage | None:
    """Keep that the carrier took a text, once: its own call about it may be here before its answer to ours."""
    found = ways.text_by_sid(sid)
    if found is not None:
        return found
    count = segments(text_in(raw)) if raw else 1
    row = TextMessage(notice_id=notice_id, sid=sid, status="accepted", segments=count, sent_at=now, changed_at=now)
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:  # the other one was quicker
        return ways.text_by_sid(sid)
    return row


def stop_phone(person_id: int, now: datetime) -> None:
    """Inside a verb: send no more texts to a phone until it says START."""
    phone = ways.phone(person_id)
    if phone is not None and phone.stopped_at is None:
        phone.stopped_at = now


def _drop(session: Session, device_ids: Iterable[int]) -> None:
    session.execute(delete(PushDevice).where(PushDevice.id.in_(list(device_ids))), execution_options=_UNLINKED)
