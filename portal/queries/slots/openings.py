"""What a member and a peer have in common: the half-hours that suit both, for the shortlist."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, bindparam, select

from portal.db import read
from portal.domain.experience import DayPart, day_part_of
from portal.domain.matching.values import Openings
from portal.domain.slots import BusyKind, open_slots
from portal.models import MemberProfile, Person
from portal.queries.slots.in_the_way import busy_between_of
from portal.queries.slots.offers import offers_of

COMMON_MINUTES = 30
COMMON_DAYS = 14
# A cap counts whole local weeks, and a local date lies up to a day beside its UTC one.
_AROUND = timedelta(days=8)

_IDS: BindParameter[int] = bindparam("ids", expanding=True)
_TIMES_TOLD = (
    select(Person.id, Person.zone, MemberProfile.about)
    .outerjoin(MemberProfile, MemberProfile.person_id == Person.id)
    .where(Person.id.in_(_IDS))
)


def common_openings(member_id: int | None, peer_ids: Collection[int], now: datetime) -> Mapping[int, Openings]:
    """Return, for each peer, the 30-minute openings within 14 days that suit the times the member has told.

    Whoever told no times (or None for nobody in particular) is taken to be free at any time but their own chats.
    """
    parts, zone_name = (frozenset(), "UTC") if member_id is None else times_told_of([member_id])[member_id]
    zone = ZoneInfo(zone_name)
    return {
        peer_id: _openings([start for start in starts if not parts or day_part_of(start.astimezone(zone)) in parts])
        for peer_id, starts in half_hours(peer_ids, now, member_id).items()
    }


def openings_by_part(
    peer_ids: Collection[int], zone_names: Collection[str], now: datetime
) -> Mapping[str, Mapping[int, Mapping[DayPart, Openings]]]:
    """Return the same openings by zone, peer and part of the week as somebody in that zone has it.

    No member's own chats are looked at; a part without openings is missing.
    """
    starts_of = half_hours(peer_ids, now)
    return {
        zone_name: {peer_id: _by_part(starts, ZoneInfo(zone_name)) for peer_id, starts in starts_of.items()}
        for zone_name in zone_names
    }


def half_hours(
    peer_ids: Collection[int], now: datetime, member_id: int | None = None
) -> Mapping[int, tuple[datetime, ...]]:
    """Return when the 30-minute openings of each peer within 14 days start; beside the member's own chats, if told."""
    until = now + timedelta(days=COMMON_DAYS)
    first, last = now.date() - timedelta(days=1), until.date() + timedelta(days=1)
    people = [*peer_ids, *([] if member_id is None else [member_id])]
    busy = busy_between_of(people, first - _AROUND, last + _AROUND)
    # Of the member only chats count: what else a peer keeps free of chats is no matter when they look as a member.
    chats = [each for each in busy.get(member_id or 0, ()) if each.kind in (BusyKind.TAKEN, BusyKind.OPEN_HOUR)]
    own = [each._replace(kind=BusyKind.MEMBER_TAKEN) for each in chats]
    found = {}
    for peer_id, offer in offers_of(peer_ids, first - _AROUND).items():
        each = replace(offer.policy, length_minutes=COMMON_MINUTES)
        in_the_way = [*busy.get(peer_id, ()), *own]
        starts = (slot.starts_at for slot in open_slots(offer.hours, each, in_the_way, first, last, now))
        found[peer_id] = tuple(start for start in starts if start < until)
    return found


def times_told_of(member_ids: Collection[int]) -> Mapping[int, tuple[frozenset[DayPart], str]]:
    """Return the parts of the week each of these told to be free in, none told is any time, and their time zone."""
    rows = read().execute(_TIMES_TOLD, {"ids": list(member_ids)})
    return {
        member_id: (frozenset(DayPart(part) for part in (about or {}).get("times", ())), zone)
        for member_id, zone, about in rows
    }


def _by_part(starts: Sequence[datetime], zone: ZoneInfo) -> dict[DayPart, Openings]:
    found: dict[DayPart, list[datetime]] = defaultdict(list)
    for start in starts:
        found[day_part_of(start.astimezone(zone))].append(start)
    return {part: _openings(of_part) for part, of_part in found.items()}


def _openings(starts: Sequence[datetime]) -> Openings:
    return Openings(len(starts), min(starts, default=None))
