"""The steps of all walks that are open, or came to an end lately: what promises are counted from."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import or_, select

from portal.db import read
from portal.domain.matching.kept import Account, Course, Promise, Taken, account
from portal.models import AuditEntry, Person, Walk, WalkStep

# What the record calls a coordinator's word that they wrote to the member of a walk.
WROTE = "wrote"


def promises_kept(since: datetime, now: datetime) -> tuple[Account, ...]:
    """Return how each promise has been kept from `since` until now, and the walks where it runs out soon."""
    found = courses(since)
    return tuple(account(promise, found, since, now) for promise in Promise)


def courses(since: datetime) -> tuple[Course, ...]:
    """Return the walks that are open or have ended since then, with their steps and notes, in three questions."""
    lately = or_(Walk.open, Walk.since >= since)
    walks = (
        read()
        .execute(
            select(Walk.id, Person.name, Walk.asked_at)
            .join(Person, Person.id == Walk.member_id)
            .where(lately)
            .order_by(Walk.asked_at, Walk.id)
        )
        .all()
    )
    steps: dict[int, list[Taken]] = defaultdict(list)
    for walk_id, at, step, was, became in read().execute(
        select(WalkStep.walk_id, WalkStep.at, WalkStep.step, WalkStep.was, WalkStep.became)
        .join(Walk, Walk.id == WalkStep.walk_id)
        .where(lately)
        .order_by(WalkStep.id)
    ):
        steps[walk_id].append(Taken(at, step, was, became))
    notes = _notes()
    return tuple(
        Course(row.id, row.name, row.asked_at, tuple(steps[row.id]), tuple(notes.get(row.id, ()))) for row in walks
    )


def last_notes() -> Mapping[int, datetime]:
    """Return when a coordinator last wrote to the member of each walk, by walk."""
    return {walk_id: written[-1] for walk_id, written in _notes().items()}


def _notes() -> Mapping[int, list[datetime]]:
    found: dict[int, list[datetime]] = defaultdict(list)
    entries = select(AuditEntry.subject_id, AuditEntry.at).where(AuditEntry.subject == "walk", AuditEntry.verb == WROTE)
    for walk_id, at in read().execute(entries.order_by(AuditEntry.at, AuditEntry.id)):
        found[walk_id].append(at)
    return found
