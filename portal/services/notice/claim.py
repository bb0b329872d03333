"""Claiming: due rows are taken under a lease and their reasons read again, many at once. What they say is written
afterwards, outside of the transaction, so that nobody waits for the words of somebody else's letters."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import bindparam, inspect, update
from sqlalchemy.orm import Session

from portal.db import plain
from portal.domain.notice import LEASE, REMINDERS, NoticeState
from portal.models import Notice, table_of
from portal.queries import notice as queries
from portal.queries.notice.ahead import Ahead, ahead
from portal.services.notice import together
from portal.services.notice.office import office
from portal.services.notice.parcel import Parcel
from portal.services.notice.reason import stop_of
from portal.services.notice.settle import end
from portal.services.notice.spread import spread

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
_TAKEN = (
    update(_ROWS)
    .where(_ROWS.c.id.in_(bindparam("rows", expanding=True)), _ROWS.c.state == NoticeState.DUE)
    .values(state=NoticeState.SENDING, attempts=_ROWS.c.attempts + 1, lease_until=bindparam("until"))
)
# What a claim changes in most rows.
TAKEN = frozenset({"state", "attempts", "lease_until"})


@dataclass
class Claimed:
    """What a claim found: letters to be written and handed over, with what was read for them, and the ids of letters
    that wait for an older one."""

    letters: list[Notice] = field(default_factory=list)
    put_off: list[int] = field(default_factory=list)
    ahead: Ahead = field(default_factory=Ahead)


def claim(notice_ids: Sequence[int], *, now: datetime) -> Claimed:
    """Take those of these letters that are due and whose reason holds; the others' rows say why not."""
    rows = queries.claimable(notice_ids, now)
    claimed = Claimed(ahead=ahead())
    decided: list[Notice] = []
    spread(rows, office(), now=now)
    for notice in rows:
        if notice.state is not NoticeState.DUE or notice.due_at > now:  # told by another way, or not at night
            decided.append(notice)
            continue
        if queries.waits_for_older(notice, now) or together.told_elsewhere(notice) is NoticeState.SENDING:
            claimed.put_off.append(notice.id)
            continue
        decided.append(notice)
        if _taken(notice, now):
            claimed.letters.append(notice)
    taken = {notice.id for notice in claimed.letters if inspect(notice).committed_state.keys() <= TAKEN}
    apart = [_kept(notice) for notice in decided if notice.id not in taken]
    if taken:
        plain().execute(_TAKEN, {"rows": sorted(taken), "until": now + LEASE})
    if apart:
        plain().execute(_DECIDED, apart)
    return claimed


def give_back(session: Session, parcels: Sequence[Parcel]) -> None:
    """Leave letters that were claimed and never touched as they were before."""
    for parcel in parcels:
        untouched = update(Notice).where(
            Notice.id == parcel.notice_id, Notice.attempts == parcel.attempt, Notice.state == NoticeState.SENDING
        )
        before = {"state": NoticeState.DUE, "attempts": Notice.attempts - 1, "lease_until": None}
        session.execute(untouched.values(before), execution_options={"synchronize_session": False})


def _taken(notice: Notice, now: datetime) -> bool:
    notice.attempts += 1
    stop = stop_of(notice, now)
    if stop is not None:
        end(notice, stop, now)
        return False
    if notice.rendered is not None and not notice.doubts:
        # Nobody has it: it says what is true now, as its reader wants it now.
        notice.rendered = None
    if not together.still_holds(notice):
        # It told of another chat too, which has changed: this one is told afresh, in a letter of its own.
        notice.rendered, notice.message_id, notice.doubts = None, None, 0
    if notice.rendered is None and notice.kind in REMINDERS:
        together.take_along(notice, now)
    notice.state, notice.lease_until = NoticeState.SENDING, now + LEASE
    return True


def _kept(notice: Notice) -> dict[str, object]:
    return {"row": notice.id} | {name: getattr(notice, name) for name in KEPT}
