"""Pinned and forbidden pairs: a coordinator's word before everybody is matched again; neither of the two is told."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from portal.db import retry_once, transaction
from portal.domain.errors import NotFound
from portal.domain.matching.together import Mark
from portal.models import PairMark
from portal.queries import matching as matching_queries
from portal.services import audit
from portal.services.matching.proposing.apart import off_the_cards
from portal.services.matching.proposing.whose import only_coordinators


@retry_once
def pin(member_id: int, peer_id: int, coordinator_id: int, *, now: datetime) -> None:
    """Keep these two together in the next run, if they can walk together; an earlier pin of the member goes."""
    with transaction() as session:
        _check(member_id, peer_id, coordinator_id)
        session.execute(delete(PairMark).where(PairMark.member_id == member_id, PairMark.mark == Mark.PIN))
        _mark(session, member_id, peer_id, coordinator_id, Mark.PIN, now)


@retry_once
def forbid(member_id: int, peer_id: int, coordinator_id: int, *, now: datetime) -> None:
    """Never suggest these two to one another, in no run and on no cards, until the mark is taken away."""
    with transaction() as session:
        _check(member_id, peer_id, coordinator_id)
        _mark(session, member_id, peer_id, coordinator_id, Mark.FORBID, now)
        off_the_cards(session, member_id, peer_id, coordinator_id, now=now)


@retry_once
def unmark(member_id: int, peer_id: int, coordinator_id: int, *, now: datetime) -> None:
    """Take a pin or a forbidding away; there may be none."""
    with transaction() as session:
        only_coordinators(coordinator_id)
        if _take_away(session, member_id, peer_id):
            _record(session, "pair unmark", member_id, peer_id, coordinator_id, now)


def _check(member_id: int, peer_id: int, coordinator_id: int) -> None:
    only_coordinators(coordinator_id)
    walk_id = matching_queries.open_walk_of(member_id)
    # One mark of a member at a time: whoever else marks waits for the walk's row.
    if walk_id is None or matching_queries.walk_to_change(walk_id) is None:
        raise NotFound
    if not matching_queries.can_be_marked(member_id, peer_id):
        raise NotFound


def _mark(session: Session, member_id: int, peer_id: int, coordinator_id: int, mark: Mark, now: datetime) -> None:
    _take_away(session, member_id, peer_id)
    session.add(PairMark(member_id=member_id, peer_id=peer_id, mark=mark, by_id=coordinator_id, at=now))
    _record(session, f"pair {mark.value}", member_id, peer_id, coordinator_id, now)


def _take_away(session: Session, member_id: int, peer_id: int) -> bool:
    gone = session.execute(delete(PairMark).where(PairMark.member_id == member_id, PairMark.peer_id == peer_id))
    return isinstance(gone, CursorResult) and gone.rowcount > 0


def _record(session: Session, verb: str, member_id: int, peer_id: int, coordinator_id: int, now: datetime) -> None:
    audit.record(session, verb, "pair member", member_id, actor_id=coordinator_id, now=now)
    audit.record(session, verb, "pair peer", peer_id, actor_id=coordinator_id, now=now)
