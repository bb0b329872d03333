"""How the outbox stands: what waits, what failed, whether the post is held, who has shown a sign of life."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select

from portal.db import plain, read
from portal.domain.notice import Channel, Kind, NoticeState
from portal.models import Heartbeat, Notice, Person, PostHold

WORKER = "worker"
CLOCK = "clock"
INBOUND = "inbound"
SILENT_AFTER = timedelta(minutes=3)
SHOWN_TROUBLES = 100
KEY_REFUSED = ("refused-401", "refused-403")
# Stand ready: a coordinator's pages ask each time.
_SIGNS = select(Heartbeat.name, Heartbeat.at)
_HELD = select(PostHold.since).where(PostHold.lifted_at.is_(None)).order_by(PostHold.id).limit(1)
_FAILED = select(func.count()).where(Notice.state == NoticeState.FAILED)


@dataclass(frozen=True)
class Trouble:
    """A letter that needs a person: no address and nothing of what it says."""

    id: int
    kind: Kind
    channel: Channel
    name: str
    error: str
    attempts: int
    since: datetime


def troubles() -> list[Trouble]:
    """Return the letters that could not be delivered, the newest first."""
    rows = read().execute(
        select(Notice, Person.name)
        .outerjoin(Person, Person.id == Notice.person_id)
        .where(Notice.state == NoticeState.FAILED)
        .order_by(Notice.settled_at.desc(), Notice.id.desc())
        .limit(SHOWN_TROUBLES)
    )
    return [
        Trouble(
            row.id,
            row.kind,
            row.channel,
            name or "",
            row.error or "",
            row.attempts,
            row.settled_at or row.created_at,
        )
        for row, name in rows
    ]


def failed_count() -> int:
    """Return how many letters need a person."""
    return plain().execute(_FAILED).scalar_one()


def failed_by_way() -> dict[Channel, int]:
    """Return how many notices of each way need a person; a way without any is left out."""
    counted = select(Notice.channel, func.count()).where(Notice.state == NoticeState.FAILED).group_by(Notice.channel)
    return {row[0]: row[1] for row in plain().execute(counted)}


def key_refused_count(since: datetime) -> int:
    """Return how many signs came to nothing since then because no server of theirs knew the site's key."""
    refused = select(func.count()).where(
        Notice.channel == Channel.PUSH, Notice.error.in_(KEY_REFUSED), Notice.settled_at >= since
    )
    return read().scalar(refused) or 0


def waiting_count(now: datetime) -> int:
    """Return how many letters should have gone out already."""
    due = select(func.count()).where(Notice.state == NoticeState.DUE, Notice.due_at <= now)
    return read().scalar(due) or 0


def held_up(now: datetime) -> dict[Kind, int]:
    """Return how many letters of each kind have waited for more than a few minutes, or were tried in vain."""
    long_due = or_(Notice.attempts > 0, Notice.doubts > 0, Notice.due_at <= now - SILENT_AFTER)
    waiting = and_(Notice.state == NoticeState.DUE, long_due)
    stuck = and_(Notice.state == NoticeState.SENDING, Notice.lease_until <= now)
    counted = select(Notice.kind, func.count()).where(or_(waiting, stuck)).group_by(Notice.kind).order_by(Notice.kind)
    return {row[0]: row[1] for row in read().execute(counted)}


def last_signs() -> dict[str, datetime]:
    """Return when the worker and the clock last ran."""
    return {row.name: row.at for row in plain().execute(_SIGNS)}


def worker_silent(now: datetime) -> bool:
    """Say whether letters may be standing still: no sign of the worker or of the clock for three minutes."""
    signs = last_signs()
    return any(name not in signs or now - signs[name] >= SILENT_AFTER for name in (WORKER, CLOCK))


def may_go_out() -> ColumnElement[bool]:
    """A condition: the post is not held, or this is a code that somebody asked for since."""
    held = select(PostHold.id).where(PostHold.lifted_at.is_(None))
    codes = Notice.kind.in_([Kind.SIGN_IN_CODE, Kind.PHONE_CODE])
    fresh = and_(codes, Notice.created_at >= _HELD.scalar_subquery())
    return or_(~held.exists(), fresh)


def held_since() -> datetime | None:
    """Return since when nothing is sent; None where the post is open."""
    since: datetime | None = plain().execute(_HELD).scalar()
    return since


def hold_to_lift() -> PostHold | None:
    """Return the hold that stands, locked."""
    return read().scalar(select(PostHold).where(PostHold.lifted_at.is_(None)).order_by(PostHold.id).with_for_update())


@dataclass(frozen=True)
class Amount:
    """How many letters of one way stand in one state."""

    state: NoticeState
    channel: Channel
    count: int


def amounts() -> list[Amount]:
    """Return how many letters stand in each state, by the way they take."""
    counted = select(Notice.state, Notice.channel, func.count()).group_by(Notice.state, Notice.channel)
    return [Amount(*row) for row in read().execute(counted)]


def oldest_due(now: datetime) -> datetime | None:
    """Return since when the longest waiting letter should have gone out; None where none waits."""
    return read().scalar(select(func.min(Notice.due_at)).where(Notice.state == NoticeState.DUE, Notice.due_at <= now))
