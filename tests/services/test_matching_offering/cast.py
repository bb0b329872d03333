"""What these tests share."""

from datetime import datetime, timedelta

from sqlalchemy import select

from portal.db import read, transaction
from portal.domain.matching.walk import OfferAnswer
from portal.domain.notice import NoticeState
from portal.models import Notice, Offer, PeerProfile
from portal.services import matching

DAYS_3 = timedelta(days=3)


def asked_to_offer(walk_id: int) -> dict[int, OfferAnswer | None]:
    read().rollback()
    rows = read().execute(select(Offer.peer_id, Offer.answer).where(Offer.walk_id == walk_id))
    return dict(rows.all())


def told_of_offers(walk_id: int) -> list[tuple[datetime, NoticeState]]:
    read().rollback()
    rows = select(Notice.due_at, Notice.state).where(Notice.about == f"offers-{walk_id}").order_by(Notice.id)
    return [(due_at, state) for due_at, state in read().execute(rows)]


def offer(walk_id: int, peer_id: int, now: datetime) -> int:
    return matching.offer(walk_id, peer_id, key="", now=now)


def change_peer(peer_id: int, **values: object) -> None:
    with transaction() as session:
        profile = session.get_one(PeerProfile, peer_id)
        for name, value in values.items():
            setattr(profile, name, value)
