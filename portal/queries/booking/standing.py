"""How a walk stands for a verb of booking: its row locked, and with it whatever else decides about one more chat."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, and_, bindparam, func, select

from portal.db import plain
from portal.domain.errors import NotFound
from portal.domain.matching.ending import end_of
from portal.domain.matching.walk import State
from portal.models import Booking, MemberProfile, PeerProfile, Person, RequestKey, Walk
from portal.queries.account import Used
from portal.queries.booking.chats import is_ahead
from portal.queries.booking.pairs import Offer, offer_in
from portal.queries.booking.rows import is_beside


@dataclass(frozen=True)
class Standing:
    """A walk: who its peer is, its state and revision, how many chats are booked ahead, whether other times are asked
    for or offered, what the two offer one another (None where the other is no peer), its end where it comes to it; and
    what an earlier use of the form's key asked for and led to.
    """

    id: int
    peer_id: int | None
    state: State
    revision: int
    ahead: int
    waits: bool
    offer: Offer | None
    until: datetime | None
    used: Used | None


def _count(*conditions: Any) -> ScalarSelect[int]:
    return select(func.count()).where(Booking.walk_id == Walk.id, *conditions).correlate(Walk).scalar_subquery()


_STANDING = (
    select(
        Walk.id,
        Walk.peer_id,
        Walk.state,
        Walk.revision,
        Walk.ends_on,
        _count(is_ahead(bindparam("now"))).label("ahead"),
        _count(is_beside()).label("beside"),
        Person.zone,
        MemberProfile.about.label("member_about"),
        PeerProfile.about,
        PeerProfile.length_minutes,
        PeerProfile.other_lengths,
        PeerProfile.says_yes_first,
        RequestKey.content,
        RequestKey.result_id,
    )
    .join(Person, Person.id == Walk.member_id)
    .outerjoin(MemberProfile, MemberProfile.person_id == Walk.member_id)
    .outerjoin(PeerProfile, PeerProfile.person_id == Walk.peer_id)
    .outerjoin(RequestKey, and_(RequestKey.person_id == bindparam("sender_id"), RequestKey.key == bindparam("key")))
    .where(Walk.id == bindparam("walk_id"))
    .with_for_update(of=Walk)
)


def standing_of(walk_id: int, now: datetime, sender_id: int, key: str) -> Standing:
    """Return how a walk stands, its row locked for the verb that asks, and the earlier use of this key (hashed, empty
    where the form has none) by its sender; NotFound where there is no such walk."""
    asked = {"walk_id": walk_id, "now": now, "sender_id": sender_id, "key": key}
    row = plain().execute(_STANDING, asked).one_or_none()
    if row is None:
        raise NotFound
    return Standing(
        row.id,
        row.peer_id,
        row.state,
        row.revision,
        row.ahead,
        row.beside > 0,
        offer_in(row) if row.length_minutes is not None else None,
        end_of(row.ends_on, row.zone) if row.ends_on is not None else None,
        (row.content, row.result_id) if row.content is not None else None,
    )
