"""What closes a start that the hours allow: notice, horizon, caps and busy time, each decided in one place."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal.domain.slots.grid import Span
from portal.domain.slots.values import Busy, BusyKind, Policy, as_utc, local_date


@dataclass(frozen=True, slots=True)
class Limits:
    """How near, how far and how many: what a policy means at one moment, by the peer's local dates."""

    policy: Policy
    today: date
    earliest: datetime
    last_day: date
    chats_on: Counter[date]
    chats_in_week: Counter[date]

    def day_is_full(self, day: date) -> bool:
        """Say whether a local date has all the chats its cap allows."""
        cap = self.policy.cap_per_day
        return cap is not None and self.chats_on[day] >= cap

    def week_is_full(self, day: date) -> bool:
        """Say whether the week of a local date, Monday to Sunday, has all the chats its cap allows."""
        cap = self.policy.cap_per_week
        return cap is not None and self.chats_in_week[_monday(day)] >= cap


def limits_at(zone: str, policy: Policy, busy: Iterable[Busy], now: datetime) -> Limits:
    """Return the limits at `now`; `busy` holds the chats of every whole local day and week that a cap covers."""
    today = local_date(now, zone)
    capped = policy.cap_per_day is not None or policy.cap_per_week is not None
    chats = [b.starts_at for b in busy if b.kind is BusyKind.TAKEN and b.starts_at < b.ends_at] if capped else []
    days = [local_date(chat, zone) for chat in chats]
    return Limits(
        policy=policy,
        today=today,
        earliest=as_utc(now) + timedelta(minutes=policy.notice_minutes),
        last_day=today + timedelta(days=policy.horizon_days),
        chats_on=Counter(days),
        chats_in_week=Counter(_monday(day) for day in days),
    )


def closed_spans(busy: Sequence[Busy], policy: Policy) -> list[Span]:
    """Return the time that no chat may touch: chats with the rest around them, all other busy ranges as they are.

    The rest between two chats is the larger of both sides' needs, never the sum.
    """
    taken, member_taken = BusyKind.TAKEN, BusyKind.MEMBER_TAKEN
    rests = {need: timedelta(minutes=max(policy.rest_minutes, need)) for need in {b.rest_minutes for b in busy}}
    return [
        (b.starts_at - rests[b.rest_minutes], b.ends_at + rests[b.rest_minutes])
        if b.kind is taken or b.kind is member_taken
        else (b.starts_at, b.ends_at)
        for b in busy
        if b.starts_at < b.ends_at
    ]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
