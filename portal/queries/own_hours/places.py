"""The public places a peer likes to meet at."""

from sqlalchemy import select

from portal.db import read
from portal.models import MeetingPlace


def places_of(peer_id: int) -> list[MeetingPlace]:
    """Return a peer's places in their own order."""
    statement = select(MeetingPlace).where(MeetingPlace.peer_id == peer_id)
    return list(read().scalars(statement.order_by(MeetingPlace.position, MeetingPlace.id)))


def own_place(peer_id: int, place_id: int) -> MeetingPlace | None:
    """Return one place for the peer it belongs to."""
    return read().scalar(select(MeetingPlace).where(MeetingPlace.id == place_id, MeetingPlace.peer_id == peer_id))
