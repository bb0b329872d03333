"""Claiming: due rows are taken under a lease, their reasons read again and their bytes written, many at once."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from sqlalchemy import bindparam, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from portal.db import plain
from portal.domain.notice import LEASE, NoticeState
from portal.mail.compose import message_id
from portal.models import Notice, table_of
from portal.queries import notice as queries
from portal.services.notice import together
from portal.services.notice.office import office
from portal.services.notice.parcel import Parcel
from portal.services.notice.reason import stop_of
from portal.services.notice.settle import end, try_later
from portal.services.notice.spread import spread
from portal.services.notice.wrap import address_of, written

KEPT = (
    "channel",
    "spread",
    "state",
    "due_at",
    "attempts",
    "doubts",
    "lease_until",
    "error",
    "details",
    "message_id",
    "rendered",
    "settled_at",
)
_ROWS = table_of(Notice)
_DECIDED = update(_ROWS).where(_ROWS.c.id == bindparam("row"), _ROWS.c.state == NoticeState.DUE)

logger = logging.getLogger(__name__)


@dataclass
class Claimed:
    """What a claim found: parcels to hand over, and the ids of letters that wait for an older one."""

    parcels: list[Parcel] = field(default_factory=list)
    put_off: list[int] = field(default_factory=list)


def claim(session: Session, notice_ids: Sequence[int], *, now: datetime) -> Claimed:
    """Take those of these letters that are due and whose reason holds; the others' rows say why not."""
    claimed = Claimed()
    decided: list[Notice] = []
    rows = queries.claimable(notice_ids, now)
    spread(rows, office(), now=now)
    for notice in rows:
        if notice.state is not NoticeState.DUE or notice.due_at > now:  # told by another way, or not at night
            decided.append(notice)
            continue
        if queries.waits_for_older(notice, now) or together.told_elsewhere(notice) is NoticeState.SENDING:
            claimed.put_off.append(notice.id)
            continue
        decided.append(notice)
        try:
            parcel = _parcel(session, notice, now)
        except SQLAlchemyError:
            raise  # the transaction may be broken: none of the others could be written either
        except Exception as error:  # one letter that cannot be written must not keep the others
            logger.error("letter %s: %s", notice.id, type(error).__name__)
            try_later(notice, "fault", now)
        else:
            claimed.parcels += parcel
    if decided:
        plain().execute(_DECIDED, [_kept(notice) for notice in decided])
    return claimed


def give_back(session: Session, parcels: Sequence[Parcel]) -> None:
    """Leave letters that were claimed and never touched as they were before."""
    for parcel in parcels:
        untouched = update(Notice).where(
            Notice.id == parcel.notice_id, Notice.attempts == parcel.attempt, Notice.state == NoticeState.SENDING
        )
        before = {"state": NoticeState.DUE, "attempts": Notice.attempts - 1, "lease_until": None}
        session.execute(untouched.values(before), execution_options={"synchronize_session": False})


def _parcel(session: Session, notice: Notice, now: datetime) -> list[Parcel]:
    notice.attempts += 1
    stop = stop_of(notice, now)
    if stop is not None:
        end(notice, stop, now)
        return []
    if not together.still_holds(notice):
        # It told of another chat too, which has changed: this one is told afresh, in a letter of its own.
        notice.rendered, notice.message_id, notice.doubts = None, None, 0
    notice.message_id = notice.message_id or message_id(uuid4(), office().sender)
    notice.rendered = notice.rendered or written(session, notice, office(), now=now)
    notice.state, notice.lease_until = NoticeState.SENDING, now + LEASE
    return [
        Parcel(
            notice.id,
            notice.attempts,
            notice.kind,
            notice.channel,
            notice.booking_id,
            notice.person_id,
            address_of(notice),
            notice.rendered,
        )
    ]


def _kept(notice: Notice) -> dict[str, object]:
    return {"row": notice.id} | {name: getattr(notice, name) for name in KEPT}
