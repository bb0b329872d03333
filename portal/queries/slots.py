"""When peers are free: their hours, policy and what is in the way, as domain/slots wants them; always as of now."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, bindparam, select

from portal.db import read
from portal.domain.errors import NotFound
from portal.domain.experience import DayPart, day_part_of
from portal.domain.matching.values import Openings
from portal.domain.slots import (
    Busy,
    BusyKind,
    Closed,
    Hours,
    Policy,
    Slot,
    Window,
    local_date,
    open_slots,
    why_closed,
)
from portal.models import Hold, MemberProfile, OtherHours, PeerProfile, Person, TimeOff, WeeklyHours
from portal.models.types import UtcDateTime

K = TypeVar("K")
HoursAndPolicy = tuple[Hours, Policy]

COMMON_MINUTES = 30
COMMON_DAYS = 14
# A cap counts whole local weeks, and a local date lies up to a day beside its UTC one.
_AROUND = timedelta(days=8)

# The statements stand ready, so that asking again costs no more than the asking.
_IDS: BindParameter[int] = bindparam("ids", expanding=True)
_BEGINS, _ENDS = bindparam("begins", type_=UtcDateTime()), bindparam("ends", type_=UtcDateTime())
_WEEKLY = select(WeeklyHours.peer_id, WeeklyHours.weekday, WeeklyHours.starts, WeeklyHours.ends).where(
    WeeklyHours.peer_id.in_(_IDS)
)
_OTHER = select(OtherHours.peer_id, OtherHours.day, OtherHours.starts, OtherHours.ends).where(
    OtherHours.peer_id.in_(_IDS)
)
_POLICIES = (
    select(
        PeerProfile.person_id,
        Person.zone,
        PeerProfile.length_minutes,
        PeerProfile.rest_before_minutes,
        PeerProfile.rest_after_minutes,
        PeerProfile.notice_hours,
        PeerProfile.horizon_days,
        PeerProfile.cap_per_day,
    )
    .join(Person, Person.id == PeerProfile.person_id)
    .where(PeerProfile.person_id.in_(_IDS))
)
_TAKEN = (
    select(Hold.person_id, Hold.starts_at, Hold.ends_at, Hold.rest_before_minutes, Hold.rest_after_minutes)
    .where(Hold.person_id.in_(_IDS), Hold.active, Hold.ends_at > _BEGINS, Hold.starts_at < _ENDS)
    .order_by(Hold.starts_at)
)
_AWAY = (
    select(TimeOff.peer_id, TimeOff.starts_at, TimeOff.ends_at)
    .where(TimeOff.peer_id.in_(_IDS), TimeOff.ends_at > _BEGINS, TimeOff.starts_at < _ENDS)
    .order_by(TimeOff.starts_at)
)
_TIMES_TOLD = (
    select(Person.id, Person.zone, MemberProfile.about)
    .outerjoin(MemberProfile, MemberProfile.person_id == Person.id)
    .where(Person.id.in_(_IDS))
)


def hours_and_policy(peer_id: int) -> HoursAndPolicy:
    """Return a peer's hours and policy; NotFound for somebody who is no peer."""
    found = hours_and_policy_of([peer_id]).get(peer_id)
    if found is None:
        raise NotFound
    return found


def hours_and_policy_of(peer_ids: Collection[int]) -> dict[int, HoursAndPolicy]:
    """Return hours and policy of several peers by id; whoever is no peer is missing."""
    ids = {"ids": list(peer_ids)}
    weekly: dict[int, dict[int, list[Window]]] = defaultdict(lambda: defaultdict(list))
    for peer_id, weekday, starts, ends in read().execute(_WEEKLY, ids):
        weekly[peer_id][weekday].append(Window(starts, ends))
    other: dict[int, dict[date, list[Window]]] = defaultdict(lambda: defaultdict(list))
    for peer_id, day, starts, ends in read().execute(_OTHER, ids):
        other[peer_id][day].append(Window(starts, ends))
    return {
        peer_id: (
            Hours(zone, _as_tuples(weekly[peer_id]), _as_tuples(other[peer_id])),
            Policy(
                length,
                rest_before_minutes=before,
                rest_after_minutes=after,
                notice_minutes=notice * 60,
                horizon_days=horizon,
                cap_per_day=cap,
            ),
        )
        for peer_id, zone, length, before, after, notice, horizon, cap in read().execute(_POLICIES, ids)
    }


def busy_of(
    peer_id: int, member_id: int | None, first: date, last: date, *, without: int | None = None
) -> tuple[Busy, ...]:
    """Return what is in the way of chats that start on the local dates first to last, with the weeks around them.

    `member_id` adds the member's own chats; `without` leaves one booking out: the one that is to be moved.
    """
    both = [peer_id] if member_id is None else [peer_id, member_id]
    taken = taken_of(both, first, last, without=without)
    member = [busy._replace(kind=BusyKind.MEMBER_TAKEN) for busy in taken.get(member_id or 0, ())]
    return (*taken.get(peer_id, ()), *member, *time_off_of([peer_id], first, last).get(peer_id, ()))


def taken_of(
    person_ids: Collection[int], first: date, last: date, *, without: int | None = None
) -> dict[int, list[Busy]]:
    """Return the chats of several people by person id, each with the rest it needs around it."""
    begins, ends = _around(first, last)
    statement = _TAKEN if without is None else _TAKEN.where(Hold.booking_id != without)
    found: dict[int, list[Busy]] = defaultdict(list)
    stretch = {"ids": list(person_ids), "begins": begins, "ends": ends}
    for person_id, starts_at, ends_at, before, after in read().execute(statement, stretch):
        found[person_id].append(Busy(starts_at, ends_at, BusyKind.TAKEN, before, after))
    return found


def time_off_of(peer_ids: Collection[int], first: date, last: date) -> dict[int, list[Busy]]:
    """Return the time several peers take off, by person id."""
    begins, ends = _around(first, last)
    found: dict[int, list[Busy]] = defaultdict(list)
    stretch = {"ids": list(peer_ids), "begins": begins, "ends": ends}
    for peer_id, starts_at, ends_at in read().execute(_AWAY, stretch):
        found[peer_id].append(Busy(starts_at, ends_at, BusyKind.TIME_OFF))
    return found


@dataclass(frozen=True)
class FreeTime:
    """Everything that decides about a peer's times at one moment, for one member or for nobody in particular."""

    hours: Hours
    policy: Policy
    busy: tuple[Busy, ...]
    now: datetime
    until: datetime | None = None

    @property
    def slots(self) -> tuple[Slot, ...]:
        """Every open slot up to the horizon, in order."""
        first = local_date(self.now, self.hours.zone)
        last = first + timedelta(days=self.policy.horizon_days)
        found = open_slots(self.hours, self.policy, self.busy, first, last, self.now)
        return found if self.until is None else tuple(slot for slot in found if slot.starts_at < self.until)

    def slot(self, starts_at: datetime) -> Slot:
        """Return the slot that starts then, open or not."""
        return Slot(starts_at, starts_at + timedelta(minutes=self.policy.length_minutes))

    def why_closed(self, starts_at: datetime) -> Closed | None:
        """Return what closes a start; None exactly for those of `slots`."""
        closed = why_closed(self.hours, self.policy, self.busy, starts_at, self.now)
        too_far = self.until is not None and starts_at >= self.until
        return closed or (Closed.TOO_FAR if too_far else None)


def free_time(
    peer_id: int, member_id: int | None, now: datetime, *, without: int | None = None, until: datetime | None = None
) -> FreeTime:
    """Return a peer's time up to their horizon, or before `until`; `without` leaves out the booking to be moved."""
    hours, policy = hours_and_policy(peer_id)
    first = local_date(now, hours.zone)
    last = first + timedelta(days=policy.horizon_days)
    return FreeTime(hours, policy, busy_of(peer_id, member_id, first, last, without=without), now, until)


def open_times(peer_id: int, member_id: int | None, now: datetime, *, without: int | None = None) -> tuple[Slot, ...]:
    """Return every open slot of a peer up to their horizon, in order; of a member who looks, none beside own chats."""
    return free_time(peer_id, member_id, now, without=without).slots


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
    taken = taken_of([*peer_ids, *([] if member_id is None else [member_id])], first, last)
    own = [busy._replace(kind=BusyKind.MEMBER_TAKEN) for busy in taken.get(member_id or 0, ())]
    off = time_off_of(peer_ids, first, last)
    found = {}
    for peer_id, (hours, policy) in hours_and_policy_of(peer_ids).items():
        busy = [*taken.get(peer_id, ()), *own, *off.get(peer_id, ())]
        each = replace(policy, length_minutes=COMMON_MINUTES)
        starts = (slot.starts_at for slot in open_slots(hours, each, busy, first, last, now))
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


def _around(first: date, last: date) -> tuple[datetime, datetime]:
    midnight = time(tzinfo=UTC)
    return datetime.combine(first - _AROUND, midnight), datetime.combine(last + _AROUND, midnight)


def _as_tuples(windows: Mapping[K, Sequence[Window]]) -> dict[K, tuple[Window, ...]]:
    return {key: tuple(of_key) for key, of_key in windows.items()}
