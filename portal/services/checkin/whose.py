"""Whose thread it is: its walk's row, held, for one of the two; nobody else learns that there is one."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain.checkin import CLOSED
from portal.domain.errors import NotFound, Stale
from portal.domain.matching.walk import TOGETHER, State
from portal.models import CheckIn, Thread, Walk
from portal.queries import checkin as queries
from portal.services.walk import locked_walk


def walk_of_two(walk_id: int, person_id: int) -> Walk:
    """Return a walk for one of its two, held. Stale once it has ended well: then their thread can only be read."""
    walk = locked_walk(walk_id)
    if walk.peer_id is None or person_id not in (walk.member_id, walk.peer_id):
        raise NotFound
    if not walk.open or walk.state not in TOGETHER:
        raise Stale(CLOSED) if walk.state is State.ENDED else NotFound
    return walk


def open_thread(session: Session, walk: Walk, now: datetime) -> Thread:
    """Return a walk's thread, made where there is none yet; Stale where one of the two has ended it."""
    thread = thread_of(session, walk, now)
    if thread.ended_at is not None:
        raise Stale(CLOSED)
    return thread


def thread_of(session: Session, walk: Walk, now: datetime) -> Thread:
    """Return a walk's thread, ended or not, made where there is none yet."""
    thread = queries.thread_row(walk.id)
    if thread is None:
        thread = Thread(walk_id=walk.id, opened_at=now)
        session.add(thread)
        session.flush()
    return thread


def check_in_of_peer(walk_id: int, peer_id: int) -> tuple[Walk, CheckIn]:
    """Return a walk and its check-in for the peer whose words go out."""
    walk = walk_of_two(walk_id, peer_id)
    row = queries.check_in_row(walk_id)
    if walk.peer_id != peer_id or row is None:
        raise NotFound
    return walk, row
