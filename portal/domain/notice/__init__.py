"""Letters owed to people: their kinds, when they are due, when a try is repeated. Pure rules; models keep the rows."""

from portal.domain.notice.asked import Asked, asked_of
from portal.domain.notice.channel import Channel, Group
from portal.domain.notice.delivery import LEASE, LONGEST_WAIT, MOST_TRIES, NoticeState, retry_at
from portal.domain.notice.ending import ENDED_BY_ITS_KEY
from portal.domain.notice.groups import GROUP_OF, ONE_WAY
from portal.domain.notice.kind import CALENDAR_KINDS, REMINDERS, Kind
from portal.domain.notice.leads import MOST_LEADS, OFFERED, USUAL_PLAN, Lead, lead_of, plan_of, plan_text
from portal.domain.notice.one_line import one_line
from portal.domain.notice.outside import LONGEST_WORDS, own_words
from portal.domain.notice.reminders import (
    ONE_LETTER_WITHIN,
    UNDO_FOR,
    WILL_COME,
    Fate,
    Foreseen,
    cancellation_due_at,
    foreseen,
    held_until,
    near_in_time,
    reminders_due,
    same_local_day,
    undo_over_at,
)
from portal.domain.notice.segments import MOST_SEGMENTS, plain_marks, segments, text_of
from portal.domain.notice.wall_clock import QuietHours, at_wall

__all__ = [
    "CALENDAR_KINDS",
    "ENDED_BY_ITS_KEY",
    "GROUP_OF",
    "LEASE",
    "LONGEST_WAIT",
    "LONGEST_WORDS",
    "MOST_LEADS",
    "MOST_SEGMENTS",
    "MOST_TRIES",
    "OFFERED",
    "ONE_LETTER_WITHIN",
    "ONE_WAY",
    "REMINDERS",
    "UNDO_FOR",
    "USUAL_PLAN",
    "WILL_COME",
    "Asked",
    "Channel",
    "Fate",
    "Foreseen",
    "Group",
    "Kind",
    "Lead",
    "NoticeState",
    "QuietHours",
    "ReminderPlan",
    "asked_of",
    "at_wall",
    "cancellation_due_at",
    "foreseen",
    "held_until",
    "lead_of",
    "near_in_time",
    "one_line",
    "own_words",
    "plain_marks",
    "plan_of",
    "plan_text",
    "reminders_due",
    "retry_at",
    "same_local_day",
    "segments",
    "text_of",
    "undo_over_at",
]
