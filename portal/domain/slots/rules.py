"""What closes a start that the hours allow: notice, horizon, caps and busy time, each decided in one place."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal.domain.slots.hours import Hours
from portal.domain.slots.instants import MINUTE, seconds_up_to
from portal.domain.slots.spans import Seconds
from portal.domain.slots.values import Busy, BusyKind, Policy

_WITH_REST = frozenset({BusyKind.TAKEN, BusyKind.MEMBER_TAKEN, BusyKind.OPEN_HOUR})
_COUNTED = frozenset({BusyKind.TAKEN, BusyKind.OPEN_HOUR})


@dataclass(frozen=True, slots=True)
class Limits:
    """How near, how far and how many: what a policy means at one moment, by the peer's local dates.

    `earliest` is in seconds since 1970.
    """

    policy: Policy
    today: date
    earliest: int
    last_day: date
    capped: bool
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
    for each in busy if policy.capped else ():
        if each.kind in _COUNTED and each.begins < each.ends:
            day = hours.date_of(each.starts_at)
            chats_on[day] += each.kind is BusyKind.TAKEN
            minutes_on[day] += (each.ends - each.begins) // MINUTE
    return Limits(
        policy=policy,
        today=today,
        earliest=seconds_up_to(now) + policy.notice_minutes * MINUTE,
        last_day=today + timedelta(days=policy.horizon_days),
        capped=policy.capped,
        chats_on=chats_on,
        minutes_on=minutes_on,
    )


def closed_spans(busy: Sequence[Busy], policy: Policy) -> list[Seconds]:
    """Return the time that no chat may touch: chats and open hours with the rest around them, all else as it is.

    On each side the rest is the larger of both needs, never the sum: before a chat stands the rest after the new one.
    An empty range stays empty.
    """
    own_before, own_after = policy.rest_before_minutes, policy.rest_after_minutes
    return [
        (begins - max(before, own_after) * MINUTE, ends + max(after, own_before) * MINUTE)
        if kind in _WITH_REST and begins < ends
        else (begins, ends)
        for begins, ends, kind, before, after in busy
    ]
