"""Brute force, obviously right: every fifth minute is held against every rule and every busy range."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bench.slots.case import NOW, WEEK, ZONE, Case
from portal.domain.slots import BusyKind

_MINUTE = timedelta(minutes=1)


def brute_force(case: Case) -> list[datetime]:
    """Return the open starts."""
    policy, zone = case.policy, ZoneInfo(ZONE)
    length, rest = policy.length_minutes * _MINUTE, policy.rest_after_minutes * _MINUTE
    earliest = NOW + policy.notice_minutes * _MINUTE
    busy = [
        (each.starts_at - rest, each.ends_at + rest) if each.kind is BusyKind.TAKEN else (each.starts_at, each.ends_at)
        for each in case.busy
    ]
    found = []
    for days in range((case.last - case.first).days + 1):
        day = case.first + timedelta(days=days)
        for opens, closes in WEEK[day.weekday()]:
            for minutes in range(opens, closes - policy.length_minutes + 1, policy.step):
                wall = datetime(day.year, day.month, day.day, minutes // 60, minutes % 60, tzinfo=zone)
                at = wall.astimezone(UTC)
                if at >= earliest and all(at + length <= starts or ends <= at for starts, ends in busy):
                    found.append(at)
    return found
