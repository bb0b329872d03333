"""Preparing: what was claimed is written from what its claim has read, and kept before it is handed over."""

import logging
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from sqlalchemy import bindparam, insert, update
from sqlalchemy.exc import SQLAlchemyError

from portal.db import plain, read
from portal.mail.compose import message_id
from portal.models import Notice, Unsubscribe, table_of
from portal.queries import notice as queries
from portal.queries.notice.ahead import looking_ahead
from portal.services.notice.claim import Claimed
from portal.services.notice.office import office
from portal.services.notice.parcel import Parcel
from portal.services.notice.settle import try_later
from portal.services.notice.wrap import address_of, written
from portal.services.notice.write import Key

_ROWS = table_of(Notice)
_WRITTEN = (
    update(_ROWS)
    .where(_ROWS.c.id == bindparam("row"))
    .values(rendered=bindparam("bytes"), message_id=bindparam("name"))
)
_KEYS = insert(table_of(Unsubscribe))

logger = logging.getLogger(__name__)


@dataclass
class Prepared:
    """Letters that are written, those of them that are written anew, the keys in these, and what nobody can write."""

    parcels: list[Parcel] = field(default_factory=list)
    anew: list[tuple[Notice, bytes]] = field(default_factory=list)
    keys: dict[int, Key] = field(default_factory=dict)
    faults: list[Notice] = field(default_factory=list)


def prepare(claimed: Claimed, *, now: datetime) -> Prepared:
    """Write these letters, outside of any transaction; the bytes of an earlier try stay as they are."""
    prepared = Prepared()
    with looking_ahead(claimed.ahead):
        for notice in claimed.letters:
            try:
                _prepare(notice, prepared, now)
            except Exception as error:  # one letter that cannot be written must not keep the others
                logger.error("letter %s: %s", notice.id, type(error).__name__)
                prepared.faults.append(notice)
                if isinstance(error, SQLAlchemyError):
                    read().rollback()  # whatever else is read needs a line in order
    return prepared


def keep(prepared: Prepared, *, now: datetime) -> list[Parcel]:
    """Keep what is written, inside a transaction; returns what may be handed over: what is still this worker's."""
    tries = {parcel.notice_id: parcel.attempt for parcel in prepared.parcels}
    ours = queries.still_sending(tries | {notice.id: notice.attempts for notice in prepared.faults})
    anew = [
        {"row": notice.id, "bytes": raw, "name": notice.message_id}
        for notice, raw in prepared.anew
        if notice.id in ours
    ]
    if anew:
        plain().execute(_WRITTEN, anew)
    keys = [key for notice_id, key in prepared.keys.items() if notice_id in ours]
    if keys:
        plain().execute(_KEYS, keys)
    for notice_id in [notice.id for notice in prepared.faults if notice.id in ours]:
        notice = queries.notice(notice_id)
        if notice is not None:
            try_later(notice, "fault", now)
    return [parcel for parcel in prepared.parcels if parcel.notice_id in ours]


def _prepare(notice: Notice, prepared: Prepared, now: datetime) -> None:
    anew = None
    if notice.rendered is None:
        notice.message_id = notice.message_id or message_id(uuid4(), office().sender)
        anew = written(notice, office(), now=now)
    parcel = Parcel(
        notice.id,
        notice.attempts,
        notice.kind,
        notice.channel,
        notice.booking_id,
        notice.person_id,
        address_of(notice),
        anew.raw if anew is not None else notice.rendered or b"",
    )
    prepared.parcels.append(parcel)
    if anew is not None:
        prepared.anew.append((notice, anew.raw))
        if anew.key is not None:
            prepared.keys[notice.id] = anew.key
