"""How the demo community's peers are: who looks after them, how chats were for them, who would like a talk."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.data import cast
from portal.models import Booking, ChatFelt, LooksAfter, TalkWish

SINCE = timedelta(days=100)
WISHED_BEFORE = timedelta(days=1, hours=2)


def add_wellbeing(session: Session, community: cast.Community, ids: Mapping[str, int], now: datetime) -> None:
    """Add it for everybody; the walks and their chats are there already."""
    for person in community.people.values():
        session.add_all(
            LooksAfter(peer_id=ids[key], coordinator_id=ids[person.key], since=now - SINCE)
            for key in person.looks_after
        )
        if person.wishes_talk:
            session.add(TalkWish(person_id=ids[person.key], at=now - WISHED_BEFORE))
    for walk in community.walks:
        if walk.felt is None or walk.peer is None:
            continue
        chats = session.scalars(
            select(Booking).where(Booking.member_id == ids[walk.member], Booking.peer_id == ids[walk.peer])
        )
        session.add_all(
            ChatFelt(booking_id=chat.id, person_id=chat.peer_id, felt=walk.felt, at=chat.ends_at)
            for chat in chats
            if chat.ends_at <= now
        )
    session.flush()
