"""A town for booking: peers with ordinary hours, and members who each walk with one of them and are signed in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from portal.db import transaction
from portal.domain.account import PeerState, Purpose, Role
from portal.domain.matching.walk import State
from portal.models import (
    Consent,
    MemberProfile,
    PeerProfile,
    Person,
    PersonRole,
    SignIn,
    Walk,
    WeeklyHours,
)
from portal.queries import slots as slots_queries
from portal.queries.account import hash_of

MEMBERS_OF_A_PEER = 40
WORKDAYS = range(5)
HOURS = ((9 * 60, 12 * 60), (14 * 60, 17 * 60))
ABOUT = {"place": {"lat": 40.7, "lon": -74.0}, "formats": ["phone", "coffee"], "languages": ["en"]}
FORM_SALT = "wtf-csrf-token"
Row = dict[str, Any]


@dataclass(frozen=True)
class Tap:
    """One member's tap on the one button: the form as a browser sends it, with its cookie."""

    walk_id: int
    cookie: str
    fields: dict[str, str]


def settle(app: Flask, members: int, now: datetime) -> None:
    """Add this many members with their peers, walks and sign-ins to an empty database."""
    peers = -(-members // MEMBERS_OF_A_PEER)
    with app.app_context(), transaction() as session:
        for table, rows in _rows(members, peers, now).items():
            session.execute(insert(table), rows)
        if session.get_bind().dialect.name == "postgresql":
            for name in ("person", "walk"):
                session.execute(text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) FROM {name}"))
        _analyze(session)


def taps(app: Flask, members: int, now: datetime) -> Iterator[Tap]:
    """Return each member's tap on a time that is open and that nobody else here books, in the order of members."""
    peers = -(-members // MEMBERS_OF_A_PEER)
    walk_id = 0
    for place in range(peers):
        with app.app_context():
            slots = slots_queries.open_times(peer_id := members + place + 1, None, now)
        own = min(MEMBERS_OF_A_PEER, members - place * MEMBERS_OF_A_PEER)
        # Every second one: chats that follow each other leave the peer no rest.
        starts = [slot.starts_at for slot in islice(slots, 0, 2 * own, 2)]
        if len(starts) < own:
            raise RuntimeError(f"peer {peer_id} has too few times")
        for starts_at in starts:
            walk_id += 1
            yield tap(app, walk_id, starts_at)


def tap(app: Flask, member_id: int, starts_at: datetime) -> Tap:
    """Return one member's tap on this time; walks carry the numbers of their members."""
    secret, key = app.config["SECRET_KEY"], f"{member_id:040x}"
    cookie = SecureCookieSessionInterface().get_signing_serializer(app)
    if cookie is None:
        raise RuntimeError("the site has no secret")
    return Tap(
        walk_id=member_id,
        cookie=cookie.dumps({"_user_id": _token(member_id), "_fresh": True, "csrf_token": key}),
        fields={
            "csrf_token": URLSafeTimedSerializer(secret, salt=FORM_SALT).dumps(key),
            "request_key": f"key-{member_id}-{starts_at:%d%H%M}",
            "starts_at": f"{starts_at:%Y-%m-%dT%H:%MZ}",
            "way": "phone",
            "place": "",
        },
    )


def _token(member_id: int) -> str:
    return f"a token for the benchmark only, of member {member_id}"


def _rows(members: int, peers: int, now: datetime) -> dict[Any, list[Row]]:
    ids = range(1, members + 1)
    peer_ids = range(members + 1, members + peers + 1)
    everybody = [*ids, *peer_ids]
    return {
        Person: [
            {
                "id": one,
                "email": f"person{one}@example.org",
                "name": f"Person {one}",
                "zone": "America/Chicago" if one <= members else "America/New_York",
                "created_at": now,
            }
            for one in everybody
        ],
        PersonRole: [
            {"person_id": one, "role": Role.MEMBER if one <= members else Role.PEER, "since": now} for one in everybody
        ],
        Consent: [
            {"person_id": one, "purpose": purpose, "wording": 1, "given_at": now}
            for one in everybody
            for purpose in (Purpose.TERMS, Purpose.MATCHING)
        ],
        MemberProfile: [{"person_id": one, "about": ABOUT, "updated_at": now} for one in ids],
        PeerProfile: [
            {"person_id": one, "state": PeerState.APPROVED, "about": ABOUT, "updated_at": now} for one in peer_ids
        ],
        WeeklyHours: [
            {"peer_id": one, "weekday": day, "starts": starts, "ends": ends}
            for one in peer_ids
            for day in WORKDAYS
            for starts, ends in HOURS
        ],
        SignIn: [
            {"person_id": one, "token_hash": hash_of(_token(one)), "started_at": now, "seen_at": now} for one in ids
        ],
        Walk: [
            {
                "id": one,
                "member_id": one,
                "peer_id": members + (one - 1) // MEMBERS_OF_A_PEER + 1,
                "state": State.BOTH_YES,
                "asked_at": now,
                "since": now,
            }
            for one in ids
        ],
    }


def _analyze(session: Session) -> None:
    session.execute(text("ANALYZE"))
