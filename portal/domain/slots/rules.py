"""What closes a start that the hours allow: notice, horizon, caps and busy time, each decided in one place."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal.domain.slots.grid import Span
from portal.domain.slots.hours import Hours
from portal.domain.slots.instants import as_utc
from portal.domain.slots.values import Busy, BusyKind, Policy

_CHATS = frozenset({BusyKind.TAKEN, BusyKind.MEMBER_TAKEN, BusyKind.OPEN_HOUR})
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Limits:
    """How near, how far and how many: what a policy means at one moment, by the peer's local dates."""

    policy: Policy
    today: date
    earliest: datetime
    last_day: date
    chats_on: Counter[date]
    minutes_on: Counter[date]

    def day_is_full(self, day: date) -> bool:
        """Say whether one more chat on a local date is more than its caps allow."""
        return self._full([day], self.policy.cap_per_day, self.policy.cap_minutes_per_day)

    def week_is_full(self, day: date) -> bool:
        """Say whether one more chat in the week of a local date, Monday to Sunday, is more than its caps allow."""
        monday = day - timedelta(days=day.weekday())
        week = [monday + timedelta(days=each) for each in range(7)]
        return self._full(week, self.policy.cap_per_week, self.policy.cap_minutes_per_week)

    def _full(self, days: Sequence[date], chats: int | None, minutes: int | None) -> bool:
        if chats is not None and sum(self.chats_on[day] for day in days) >= chats:
            return True
        taken = sum(self.minutes_on[day] for day in days)
        return minutes is not None and taken + self.policy.length_minutes > minutes


def limits_at(hours: Hours, policy: Policy, busy: Iterable[Busy], now: datetime) -> Limits:
    """Return the limits at `now`; `busy` holds the chats of every whole local day and week that a cap covers.

    An open hour is no chat, but its minutes count; a part of a minute is none.
    """
    today = hours.date_of(now)
    chats_on: Counter[date] = Counter()
    minutes_on: Counter[date] = Counter()
    counted = [b for b in busy if b.kind in (BusyKind.TAKEN, BusyKind.OPEN_HOUR)] if _is_capped(policy) else []
    for each in counted:
        if each.starts_at < each.ends_at:
            day = hours.date_of(each.starts_at)
            chats_on[day] += each.kind is BusyKind.TAKEN
            minutes_on[day] += (each.ends_at - each.starts_at) // _MINUTE
    return Limits(
        policy=policy,
        today=today,
        earliest=as_utc(now) + timedelta(minutes=policy.notice_minutes),
        last_day=today + timedelta(days=policy.horizon_days),
        chats_on=chats_on,
        minutes_on=minutes_on,
    )


def closed_spans(busy: Sequence[Busy], policy: Policy) -> list[Span]:
    """Return the time that no chat may touch: chats and open hours with the rest around them, the others as they are.

    On each side the rest is the larger of both needs, never the sum: before a chat stands the rest after the new one.
    """
    return [
        _with_rest(b, policy) if b.kind in _CHATS else (b.starts_at, b.ends_at) for b in busy if b.starts_at < b.ends_at
    ]


def _with_rest(busy: Busy, policy: Policy) -> Span:
    before = max(busy.rest_before_minutes, policy.rest_after_minutes)
    after = max(busy.rest_after_minutes, policy.rest_before_minutes)
    return busy.starts_at - timedelta(minutes=before), busy.ends_at + timedelta(minutes=after)


def _is_capped(policy: Policy) -> bool:
    caps = (policy.cap_per_day, policy.cap_per_week, policy.cap_minutes_per_day, policy.cap_minutes_per_week)
    return any(cap is not None for cap in caps)
