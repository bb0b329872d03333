"""People for the tests of hours: a peer by a clock, and a chat that is booked with them."""

from datetime import datetime, timedelta

from portal.db import transaction
from portal.domain.account import PeerState, Purpose, Role
from portal.domain.experience import Format
from portal.domain.matching.walk import State
from portal.models import Booking, Hold, PeerProfile, Walk
from portal.services import account as account_services

NEW_YORK = "America/New_York"


def add_peer(email: str, now: datetime, *, zone: str = NEW_YORK, name: str = "Maya", profile: bool = True) -> int:
    """Add an approved peer who lives by this clock."""
    person_id = account_services.add_person(email, [Role.PEER], name=name, now=now)
    account_services.set_zone(person_id, zone, now=now)
    account_services.give_consents(person_id, list(Purpose), now=now)
    if profile:
        with transaction() as session:
            session.add(PeerProfile(person_id=person_id, state=PeerState.APPROVED, updated_at=now))
    return person_id


def add_chat(peer_id: int, starts_at: datetime, now: datetime, *, email: str = "robin@example.org") -> int:
    """Book a chat of 30 minutes with a new member; returns its id."""
    member_id = account_services.add_person(email, [Role.MEMBER], name="Robin", now=now)
    ends_at = starts_at + timedelta(minutes=30)
    with transaction() as session:
        walk = Walk(member_id=member_id, peer_id=peer_id, state=State.FIRST_COFFEE, asked_at=now, since=now)
        session.add(walk)
        session.flush()
        booking = Booking(
            walk_id=walk.id,
            member_id=member_id,
            peer_id=peer_id,
            starts_at=starts_at,
            ends_at=ends_at,
            format=Format.PHONE,
            booked_by=member_id,
            created_at=now,
        )
        session.add(booking)
        session.flush()
        session.add_all(
            Hold(booking_id=booking.id, person_id=person_id, starts_at=starts_at, ends_at=ends_at)
            for person_id in sorted((peer_id, member_id))
        )
        return booking.id
