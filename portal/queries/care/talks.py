"""Talks that peers would like to have with a coordinator."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from portal.db import read
from portal.models import TalkWish


@dataclass(frozen=True)
class Talk:
    """A talk somebody would like; about what is theirs to say."""

    id: int
    at: datetime


def talk_wish(talk_id: int) -> TalkWish | None:
    """Return one wish, its row locked for the verb that settles it."""
    return read().scalar(
        select(TalkWish).where(TalkWish.id == talk_id).with_for_update().execution_options(populate_existing=True)
    )


def talk_wishes_open() -> int:
    """Return how many peers wait for a talk."""
    return read().scalar(select(func.count()).select_from(TalkWish).where(TalkWish.settled_at.is_(None))) or 0
