"""A made-up community as rows, for what is measured and proved on a real database."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from bench.community import Community
from portal.domain.account import PeerState, Purpose
from portal.domain.experience import SharedTo
from portal.domain.matching.capacity import UNITS, Phase
from portal.domain.matching.values import Member, Peer
from portal.domain.matching.walk import State
from portal.models import (
    Apart,
    Base,
    Consent,
    MemberProfile,
    MemberTopic,
    PeerProfile,
    PeerTopic,
    Person,
    Seat,
    Topic,
    Trait,
    Walk,
    WeeklyHours,
    Wish,
)

Row = dict[str, Any]


def write(session: Session, community: Community) -> None:
    """Add all its people under their ids to a database that has topics and nobody yet."""
    topic_ids = dict(session.execute(select(Topic.slug, Topic.id)).all())
    for table, rows in _rows(community, topic_ids).items():
        if rows:
            session.execute(insert(table), rows)
    if session.get_bind().dialect.name == "postgresql":
        # Ids that were given do not count for the next one.
        for name in ("person", "walk"):
            session.execute(text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) FROM {name}"))


def _rows(community: Community, topic_ids: Mapping[str, int]) -> dict[type[Base], list[Row]]:
    now, members, peers = community.now, community.members, community.peers
    everybody: list[Member | Peer] = [*members, *peers]
    zones = [*community.zones, *community.peer_zones]
    return {
        Person: [
            {"id": one.id, "email": _email(one.id), "name": f"Person {one.id}", "zone": zone, "created_at": now}
            for one, zone in zip(everybody, zones, strict=True)
        ],
        Consent: [
            {"person_id": one.id, "purpose": purpose, "wording": 1, "given_at": now}
            for one in everybody
            for purpose in (Purpose.TERMS, Purpose.MATCHING)
        ],
        MemberProfile: [
            {"person_id": one.id, "about": _about(one) | {"times": sorted(told)}, "updated_at": now}
            for one, told in zip(members, community.told, strict=True)
        ],
        MemberTopic: [
            {"person_id": one.id, "topic_id": topic_ids[named.slug], "rank": named.rank, "stage": named.stage}
            for one in members
            for named in one.topics
        ],
        PeerProfile: [_profile(one, community) for one in peers],
        PeerTopic: [
            {
                "person_id": one.id,
                "topic_id": topic_ids[known.slug],
                "stage": known.stage,
                "readiness": known.readiness,
            }
            for one in peers
            for known in one.topics
        ],
        Wish: [
            {"person_id": one.id, "kind": wish.kind, "strength": wish.strength, "value": wish.value}
            for one in everybody
            for wish in one.wishes
        ],
        Trait: [
            {"person_id": one.id, "kind": kind, "value": value, "shown_to": SharedTo.PEER}
            for one in everybody
            for kind, value in one.traits.items()
        ],
        Apart: [
            {"person_id": one.id, "email": _email(other), "at": now} for one in everybody for other in sorted(one.apart)
        ],
        WeeklyHours: [
            {"peer_id": peer_id, "weekday": weekday, "starts": window.starts, "ends": window.ends}
            for peer_id, weekly in community.weekly.items()
            for weekday, windows in weekly.items()
            for window in windows
        ],
        **_seats(community),
    }


def _seats(community: Community) -> dict[type[Base], list[Row]]:
    """What is taken of each peer's room, as new matches and a rest, each on a walk of its own."""
    whole = UNITS[Phase.NEW]
    taken = [
        (peer.id, halves)
        for peer in community.peers
        for halves in (*[whole] * (peer.units_used // whole), peer.units_used % whole)
        if halves
    ]
    now, members = community.now, community.members
    walks = [
        {
            "id": number,
            "member_id": members[number % len(members)].id,
            "peer_id": peer_id,
            "state": State.WALKING,
            "open": False,
            "asked_at": now,
            "since": now,
        }
        for number, (peer_id, _) in enumerate(taken, start=1)
    ]
    seats = [{"walk_id": number, "peer_id": at, "halves": halves} for number, (at, halves) in enumerate(taken, start=1)]
    return {Walk: walks, Seat: seats}


def _profile(peer: Peer, community: Community) -> Row:
    return {
        "person_id": peer.id,
        "state": PeerState.APPROVED if peer.approved else PeerState.APPLIED,
        "about": _about(peer) | {"line": "A walk at six."},
        "approved_at": peer.waiting_since,
        "agreed_at": community.now - timedelta(days=90) if peer.agreed else None,
        "resting_since": community.now if peer.resting else None,
        "ready_at": peer.readiness_confirmed_at,
        "capacity_halves": peer.capacity_units,
        "updated_at": community.now,
    }


def _about(one: Member | Peer) -> Row:
    told: Row = {
        "styles": sorted(one.styles),
        "formats": sorted(one.formats),
        "languages": sorted(one.languages),
        "radius_km": one.radius_km,
    }
    if one.place is not None:
        told["place"] = {"lat": one.place.lat, "lon": one.place.lon}
    if isinstance(one, Member):
        told["identity_matters"] = list(one.identity_matters)
    return told


def _email(person_id: int) -> str:
    return f"person{person_id}@example.org"
