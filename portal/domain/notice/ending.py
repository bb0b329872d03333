"""The letters that somebody can end from their mail program with one tap (RFC 8058), by what ends with them."""

from portal.domain.notice.channel import Group
from portal.domain.notice.kind import Kind

ENDED_BY_ITS_KEY: dict[Kind, Group] = {
    Kind.REMINDER_DAY: Group.REMINDERS,
    Kind.REMINDER_HOURS: Group.REMINDERS,
    Kind.CHECK_IN: Group.CHECK_INS,
}
