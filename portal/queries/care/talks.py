"""Talks that peers would like to have with a coordinator."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from portal.db import plain, read
from portal.models import LooksAfter, Person, TalkWish


@dataclass(frozen=True)
class Talk:
    """A talk somebody would like; about what is theirs to say."""

    id: int
    at: datetime


@dataclass(frozen=True)
class Settled:
    """Who has talked with a peer, and who looks after them where somebody does."""

    by_id: int | None
    by_name: str
    carer_id: int | None
    carer_name: str


def talk_wish(talk_id: int) -> TalkWish | None:
    """Return one wish, its row locked for the verb that settles it."""
    return read().scalar(
        select(TalkWish).where(TalkWish.id == talk_id).with_for_update().execution_options(populate_existing=True)
    )


def talk_wishes_open() -> int:
    """Return how many peers wait for a talk."""
    return plain().execute(_OPEN).scalar_one()


def talk_settled(talk_id: int) -> Settled | None:
    """Return by whom a talk is settled, and who looks after its peer."""
    settler, carer = aliased(Person), aliased(Person)
    row = (
        read()
        .execute(
            select(TalkWish.settled_by, settler.name, carer.id, carer.name)
            .join(settler, settler.id == TalkWish.settled_by)
            .outerjoin(LooksAfter, LooksAfter.peer_id == TalkWish.person_id)
            .outerjoin(carer, carer.id == LooksAfter.coordinator_id)
            .where(TalkWish.id == talk_id)
        )
        .one_or_none()
    )
    return Settled(row[0], row[1], row[2], row[3] or "") if row is not None else None


# Stands ready: the board asks each time.
_OPEN = select(func.count()).select_from(TalkWish).where(TalkWish.settled_at.is_(None))
