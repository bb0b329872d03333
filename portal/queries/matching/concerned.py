"""Which walks want somebody's eyes, as conditions of a statement; the rules themselves stand in the domain."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, ScalarSelect, Subquery, and_, exists, func, or_, select

from portal.domain.care import QUIET_AFTER, SOON
from portal.domain.matching.promises import LONGEST_DAYS, PROMISES, WAITING
from portal.domain.matching.timers import NOTE_DAYS
from portal.domain.matching.walk import State
from portal.models import AuditEntry, SignIn, Suggestion, Walk
from portal.queries.instants import later
from portal.queries.listed import one_of
from portal.queries.measures.notes import WROTE

# Tables, not entities: what only reads a few columns need not pass through the ORM, which takes several times as long.
walk, suggestion, audit, sign_in = (table.__table__.c for table in (Walk, Suggestion, AuditEntry, SignIn))
LONGEST = timedelta(days=LONGEST_DAYS)
WAITS = and_(walk.open, one_of(walk.state, WAITING))


def overdue(now: datetime) -> ColumnElement[bool]:
    """The promise for the walk's state has run out: `domain.matching.promises.overdue`."""
    return _runs_out_by(now)


def at_risk(now: datetime) -> ColumnElement[bool]:
    """A promise has run out or soon does, or the whole wait is too long: the concerns of `domain.care.AT_RISK`."""
    return or_(walk.asked_at < now - LONGEST, _runs_out_by(now + SOON))


def needs_you(now: datetime) -> ColumnElement[bool]:
    """Nothing goes on without a coordinator: somebody is chosen, or a promise is overdue."""
    return or_(walk.state == State.CHOSEN, overdue(now))


def to_approve() -> ColumnElement[bool]:
    """Somebody is chosen who is still on offer."""
    return and_(
        walk.state == State.CHOSEN, exists().where(suggestion.walk_id == walk.id, suggestion.closed_at.is_(None))
    )


def note_is_due(now: datetime, noted: Subquery) -> ColumnElement[bool]:
    """A day has come on which a person writes, nobody has since, and the wait is not too long yet (`domain.care`)."""
    reached = []
    for days, following in zip(NOTE_DAYS, (*NOTE_DAYS[1:], None), strict=True):
        begun = walk.asked_at <= now - timedelta(days=days)
        until = walk.asked_at >= now - LONGEST if following is None else walk.asked_at > now - timedelta(days=following)
        unwritten = or_(noted.c.at.is_(None), noted.c.at < later(walk.asked_at, timedelta(days=days)))
        reached.append(and_(begun, until, unwritten))
    return and_(WAITS, or_(*reached))


def noted_lately(now: datetime) -> Subquery:
    """When a coordinator last wrote to a member, by member; what was written longer ago than any wait is left out."""
    noted = Walk.__table__.alias("noted")
    return (
        select(noted.c.member_id, func.max(audit.at).label("at"))
        .select_from(AuditEntry.__table__.join(noted, noted.c.id == audit.subject_id))
        .where(audit.verb == WROTE, audit.subject == "walk", audit.at >= now - LONGEST)
        .group_by(noted.c.member_id)
        .subquery()
    )


def last_note() -> ScalarSelect[datetime]:
    """When a coordinator last wrote to the member of a walk since they asked, on whichever walk."""
    noted = Walk.__table__.alias("noted")
    # Told as a list of walks, or SQLite begins with all that was ever written.
    theirs = select(noted.c.id).where(noted.c.member_id == walk.member_id).correlate(Walk.__table__)
    return (
        select(func.max(audit.at))
        .where(audit.verb == WROTE, audit.subject == "walk", audit.subject_id.in_(theirs), audit.at >= walk.asked_at)
        .scalar_subquery()
    )


def gone_quiet(now: datetime) -> ColumnElement[bool]:
    """The member has shown no sign for two weeks: `domain.care.quiet`; asking was a sign too."""
    return last_sign() <= now - QUIET_AFTER


def last_sign() -> ColumnElement[datetime]:
    """When the member of a walk was last here."""
    seen = select(func.max(sign_in.seen_at)).where(sign_in.person_id == walk.member_id).scalar_subquery()
    return func.coalesce(seen, walk.asked_at)


def _runs_out_by(instant: datetime) -> ColumnElement[bool]:
    return or_(*(and_(walk.state == state, walk.since <= instant - within) for state, within in PROMISES.items()))
