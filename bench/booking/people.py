"""A town for booking: peers with ordinary hours, and members who each walk with one of them and are signed in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, islice, zip_longest
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import insert, text

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
HOUR = timedelta(hours=1)
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


def settle(app: Flask, members: int, rivals: int, now: datetime) -> None:
    """Add this many members with their peers, walks and sign-ins to an empty database, and rivals who share one peer.

    Ids run over the members, then the rivals, then the peers, the rivals' last; a walk has its member's number.
    """
    peer_of = _peers(members, rivals)
    with app.app_context(), transaction() as session:
        for table, rows in _rows(peer_of, now).items():
            session.execute(insert(table), rows)
        if session.get_bind().dialect.name == "postgresql":
            for name in ("person", "walk"):
                session.execute(text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) FROM {name}"))
            # As its own autovacuum does in time. Nothing does it on SQLite, which would then plan its statements anew
            # at each use, by what they are asked with.
            session.execute(text("ANALYZE"))


def _peers(members: int, rivals: int) -> dict[int, int]:
    first, last = members + rivals + 1, members + rivals + 1 + -(-members // MEMBERS_OF_A_PEER)
    own = {member: first + (member - 1) // MEMBERS_OF_A_PEER for member in range(1, members + 1)}
    return own | dict.fromkeys(range(members + 1, members + rivals + 1), last)


def walks(members: int, rivals: int) -> list[tuple[int, int, int]]:
    """Return (walk, member, peer) of all members but the rivals."""
    return [(member, member, peer) for member, peer in _peers(members, rivals).items() if member <= members]


def taps(app: Flask, members: int, rivals: int, now: datetime) -> Iterator[Tap]:
    """Return each member's tap on a time that is open and that nobody else here books: one of each peer in turn, as
    a site's members come; those who want the same peer at once are the contest's."""
    of_peers = [
        [tap(app, member, start) for (_, member, _), start in zip(own, _starts(app, peer, now), strict=False)]
        for peer, own in groupby(walks(members, rivals), key=lambda walk: walk[2])
    ]
    return (each for of_turn in zip_longest(*of_peers) for each in of_turn if each is not None)


def contest(app: Flask, members: int, rivals: int, times: int, now: datetime) -> list[list[Tap]]:
    """Return for each rival the taps on the same few times of their one peer, all in the same order."""
    peer_of = _peers(members, rivals)
    wanted = list(islice(_starts(app, peer_of[members + rivals], now), times))
    return [[tap(app, one, start) for start in wanted] for one in range(members + 1, members + rivals + 1)]


def _starts(app: Flask, peer_id: int, now: datetime) -> Iterator[datetime]:
    # Every second one: chats that follow each other leave the peer no rest. As of an hour on: none of them comes too
    # near to be booked while the benchmark runs.
    with app.app_context():
        slots = slots_queries.open_times(peer_id, None, now + HOUR)
    return (slot.starts_at for slot in slots[::2])


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


def _rows(peer_of: Mapping[int, int], now: datetime) -> dict[Any, list[Row]]:
    ids, peer_ids = list(peer_of), sorted(set(peer_of.values()))
    members, everybody = len(ids), [*ids, *peer_ids]
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
                "peer_id": peer,
                "state": State.BOTH_YES,
                "asked_at": now,
                "since": now,
            }
            for one, peer in peer_of.items()
        ],
    }
