"""When coordinators wrote to the members of walks: whatever was written since they asked, on whichever walk."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased

from portal.db import read
from portal.models import AuditEntry, Walk

# What the record calls a coordinator's word that they wrote to the member of a walk.
WROTE = "wrote"


def last_note(walk_id: int) -> datetime | None:
    """Return when a coordinator last wrote to the member of this walk, if anybody did since they asked."""
    return max(notes_of(Walk.id == walk_id)[walk_id], default=None)


def notes_of(which: ColumnElement[bool]) -> Mapping[int, list[datetime]]:
    """Return when coordinators wrote to the members of these walks, the first in front, by walk."""
    noted = aliased(Walk)
    rows = read().execute(
        select(Walk.id, AuditEntry.at)
        .join(noted, noted.member_id == Walk.member_id)
        .join(AuditEntry, AuditEntry.subject_id == noted.id)
        .where(which, AuditEntry.subject == "walk", AuditEntry.verb == WROTE, AuditEntry.at >= Walk.asked_at)
        .order_by(AuditEntry.at, AuditEntry.id)
    )
    found: dict[int, list[datetime]] = defaultdict(list)
    for walk_id, at in rows:
        found[walk_id].append(at)
    return found
