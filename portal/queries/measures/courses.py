"""The steps of all walks that are open, or came to an end lately: what promises are counted from."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from portal.db import read
from portal.domain.matching.kept import Account, Course, Promise, Taken, account
from portal.domain.matching.walk import Step
from portal.models import Person, Walk, WalkStep
from portal.queries.measures.notes import notes_of


def promises_kept(since: datetime, now: datetime) -> tuple[Account, ...]:
    """Return how each promise has been kept from `since` until now, and the walks where it runs out soon."""
    found = courses(since)
    return tuple(account(promise, found, since, now) for promise in Promise)


def courses(since: datetime) -> tuple[Course, ...]:
    """Return the walks that are open or have ended since then, with their steps and notes, in four questions."""
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
    anew, notes = _opened_anew(lately), notes_of(lately)
    return tuple(
        Course(
            walk_id=row.id,
            name=row.name,
            asked_at=row.asked_at,
            opened_at=anew.get(row.id, row.asked_at),
            steps=tuple(steps[row.id]),
            notes=tuple(notes.get(row.id, ())),
        )
        for row in walks
    )


def _opened_anew(lately: ColumnElement[bool]) -> Mapping[int, datetime]:
    """When those of these walks were opened that keep the place of one before, which ended for somebody else."""
    before = aliased(Walk)
    rows = read().execute(
        select(Walk.id, func.max(WalkStep.at))
        .join(before, and_(before.member_id == Walk.member_id, before.asked_at == Walk.asked_at, before.id < Walk.id))
        .join(WalkStep, and_(WalkStep.walk_id == before.id, WalkStep.step == Step.SOMEONE_ELSE))
        .where(lately)
        .group_by(Walk.id)
    )
    return dict(rows.all())
