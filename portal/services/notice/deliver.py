"""Delivering: claim rows, write their bytes and hand them over outside of any transaction, settle the rows.

A worker goes by groups: one transaction settles the group before and claims the next one, and one more keeps what was
written of it, so that few rows are ever on their way, and a worker that is killed leaves no more than those in doubt.
"""

import logging
import time
from collections.abc import Sequence
from datetime import datetime

from portal.db import transaction
from portal.domain.notice import LEASE
from portal.queries import notice as queries
from portal.services.notice.claim import Claimed, claim, give_back
from portal.services.notice.hands import Hands, at_work
from portal.services.notice.office import LONGEST_SECONDS, office
from portal.services.notice.parcel import Outcome, Parcel
from portal.services.notice.prepare import keep, prepare
from portal.services.notice.settle import postpone_unread, settle

GROUP = 50
# What was taken is written down at least this often, however slow the other side is.
SETTLE_SECONDS = 5.0
# A batch that takes longer than this claims no more and leaves the rest to the next sweep: its leases all count from
# its beginning, and what a group has left then is for handing over.
BATCH_SECONDS = 30.0
HOLD_SECONDS = LEASE.total_seconds() - BATCH_SECONDS - LONGEST_SECONDS

logger = logging.getLogger(__name__)


def deliver(*notice_ids: int, now: datetime) -> None:
    """Send those of these letters that are due and that nobody else has; whatever happens, their rows say so."""
    fault: str | None = None
    try:
        _send(_groups(notice_ids), now)
    except Exception as error:  # nothing foreign may reach the queue's record of failed jobs, not even as context
        fault = type(error).__name__
    if fault is not None:
        logger.error("letters %s: %s; what is claimed is left to its lease", " ".join(map(str, notice_ids)), fault)


def _groups(notice_ids: Sequence[int]) -> list[list[int]]:
    """Return what is claimed together: a letter that is in doubt stands alone, so that a worker that is killed again
    brings no other of them to its second doubt."""
    if not notice_ids:
        return []
    with transaction():
        doubted = queries.doubted(notice_ids)
    sound = sorted(set(notice_ids) - doubted)
    return [*(sound[at : at + GROUP] for at in range(0, len(sound), GROUP)), *([each] for each in sorted(doubted))]


def _send(groups: list[list[int]], now: datetime) -> None:
    began = time.monotonic()
    later: list[int] = []
    done: list[Outcome] = []
    with at_work(office().ways) as hands:
        while groups or done:
            if time.monotonic() - began > BATCH_SECONDS:
                groups = []
            group = groups.pop(0) if groups else []
            claims = _turn_over(done, group, now)
            later += [each for claimed in claims for each in claimed.put_off]
            done = _hand_over(hands, [parcel for claimed in claims for parcel in _written(claimed, now)], now)
            if done and not groups:
                # What waited for an older letter of the same reason can go when that one is settled.
                groups, later = [[each] for each in later], []


def _turn_over(done: Sequence[Outcome], group: Sequence[int], now: datetime) -> list[Claimed]:
    try:
        with transaction() as session:
            settle(session, done, now=now)
            return [claim(group, now=now)]
    except Exception as error:  # one that cannot be read or written must not keep the others
        fault = type(error).__name__
    logger.error("letters %s: %s", " ".join(map(str, group)), fault)
    return _one_by_one(done, group, now)


def _one_by_one(done: Sequence[Outcome], group: Sequence[int], now: datetime) -> list[Claimed]:
    for outcome in done:
        _settle_alone([outcome], now)
    claims = []
    for notice_id in group:
        try:
            with transaction():
                alone = claim([notice_id], now=now)
        except Exception as error:  # nothing foreign may reach the queue's record of failed jobs, not even as context
            logger.error("letter %s: %s", notice_id, type(error).__name__)
        else:
            claims.append(alone)
            continue
        if not _postpone(notice_id, now):
            break
    return claims


def _written(claimed: Claimed, now: datetime) -> list[Parcel]:
    if not claimed.letters:
        return []
    prepared = prepare(claimed, now=now)
    try:
        with transaction():
            return keep(prepared, now=now)
    except Exception as error:  # nothing was handed over: when the lease runs out they are tried anew
        logger.error("%s letters stay as they are: %s", len(claimed.letters), type(error).__name__)
    return []


def _hand_over(hands: Hands, parcels: Sequence[Parcel], now: datetime) -> list[Outcome]:
    """Hand over a group and return what is not settled yet."""
    until = time.monotonic() + HOLD_SECONDS
    done: list[Outcome] = []
    while parcels and time.monotonic() < until:
        _settle_alone(done, now)
        done = hands.hand_over(parcels, SETTLE_SECONDS)
        touched = {outcome.parcel.notice_id for outcome in done}
        parcels = [parcel for parcel in parcels if parcel.notice_id not in touched]
    if parcels:
        _give_back(parcels)
    return done


def _settle_alone(done: Sequence[Outcome], now: datetime) -> None:
    if not done:
        return
    try:
        with transaction() as session:
            settle(session, done, now=now)
    except Exception as error:  # the lease runs out, and they are doubtful
        logger.error("%s letters stay as they are: %s", len(done), type(error).__name__)


def _give_back(parcels: Sequence[Parcel]) -> None:
    try:
        with transaction() as session:
            give_back(session, parcels)
    except Exception as error:  # the lease runs out, and they are doubtful
        logger.error("%s letters stay as they are: %s", len(parcels), type(error).__name__)


def _postpone(notice_id: int, now: datetime) -> bool:
    # A row that cannot even be read must not be tried without end; one being sent is left to its lease.
    try:
        with transaction() as session:
            tries = queries.tries_of_due(notice_id, now)
            if tries is not None:
                postpone_unread(session, notice_id, tries + 1, now)
    except Exception as error:  # the database is away: the sweep will find the row as it stands
        logger.error("letter %s stays as it is: %s", notice_id, type(error).__name__)
        return False
    return True
