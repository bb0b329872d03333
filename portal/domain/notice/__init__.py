"""Letters owed to people: their kinds, when they are due, when a try is repeated. Pure rules; models keep the rows."""

from portal.domain.notice.channel import Channel, Group
from portal.domain.notice.delivery import LEASE, MOST_TRIES, NoticeState, retry_at
from portal.domain.notice.kind import CALENDAR_KINDS, REMINDERS, Kind
from portal.domain.notice.one_line import one_line
from portal.domain.notice.outside import LONGEST_WORDS, own_words
from portal.domain.notice.reminders import (
    UNDO_FOR,
    ReminderPlan,
    cancellation_due_at,
    held_until,
    reminders_due,
    same_local_day,
    undo_over_at,
)
from portal.domain.notice.wall_clock import QuietHours, at_wall

__all__ = [
    "CALENDAR_KINDS",
    "LEASE",
    "LONGEST_WORDS",
    "MOST_TRIES",
    "REMINDERS",
    "UNDO_FOR",
    "Channel",
    "Group",
    "Kind",
    "NoticeState",
    "QuietHours",
    "ReminderPlan",
    "at_wall",
    "cancellation_due_at",
    "held_until",
    "one_line",
    "own_words",
    "reminders_due",
    "retry_at",
    "same_local_day",
    "undo_over_at",
]
