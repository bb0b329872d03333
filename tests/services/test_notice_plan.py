"""A changed wish about reminders holds for the chats that are already booked."""

from datetime import datetime, timedelta

import pytest

from portal.db import transaction
from portal.domain.errors import BadInput
from portal.domain.notice import OFFERED, USUAL_PLAN, Kind, Lead, NoticeState, plan_of
from portal.models import Person
from portal.services.account.choices import Reminders, set_reminders, set_zone
from portal.services.notice.chat import renew_reminders
from tests.servers.smtp import Sink
from tests.services.conftest import Chat
from tests.services.outbox import deliver_due, one, rows

NINE_PM, NINE_AM = 21 * 60, 9 * 60
HOURS_ONLY = (Lead(minutes=120),)


def owed(chat: Chat) -> list[tuple[Kind, timedelta]]:
    """Return Ana's reminders that are still owed, with how long before the start they come, in their order."""
    return [
        (notice.kind, chat.starts_at - notice.due_at)
        for notice in rows([Kind.REMINDER_DAY, Kind.REMINDER_HOURS])
        if notice.person_id == chat.member_id and notice.state is NoticeState.DUE
    ]


def test_a_reminder_turned_off_is_taken_back_and_turned_on_it_is_owed_again(chat: Chat, now: datetime) -> None:
    set_reminders(chat.member_id, Reminders(HOURS_ONLY, NINE_PM, NINE_AM), now=now)
    assert owed(chat) == [(Kind.REMINDER_HOURS, timedelta(hours=2))]
    set_reminders(chat.member_id, Reminders(USUAL_PLAN, NINE_PM, NINE_AM), now=now)
    assert owed(chat) == [(Kind.REMINDER_DAY, timedelta(days=1)), (Kind.REMINDER_HOURS, timedelta(hours=2))]


def test_both_go_out_in_order_after_one_was_turned_on_late(chat: Chat, smtp: Sink, now: datetime) -> None:
    set_reminders(chat.member_id, Reminders(HOURS_ONLY, NINE_PM, NINE_AM), now=now)
    deliver_due(now)
    set_reminders(chat.member_id, Reminders(USUAL_PLAN, NINE_PM, NINE_AM), now=now)
    for kind in (Kind.REMINDER_DAY, Kind.REMINDER_HOURS):
        deliver_due(one(kind, chat.member_id).due_at)
    kinds = {kind: one(kind, chat.member_id).state for kind in (Kind.REMINDER_DAY, Kind.REMINDER_HOURS)}
    assert kinds == {Kind.REMINDER_DAY: NoticeState.SENT, Kind.REMINDER_HOURS: NoticeState.SENT}


def test_one_that_was_sent_is_not_sent_again(chat: Chat, smtp: Sink, now: datetime) -> None:
    deliver_due(now)
    sent_at = one(Kind.REMINDER_DAY, chat.member_id).due_at
    deliver_due(sent_at)
    set_reminders(chat.member_id, Reminders(USUAL_PLAN, NINE_PM, NINE_AM), now=sent_at)
    assert owed(chat) == [(Kind.REMINDER_HOURS, timedelta(hours=2))]


def test_a_longer_plan_reaches_a_chat_that_is_booked_and_never_sends_twice(
    chat: Chat, smtp: Sink, now: datetime
) -> None:
    deliver_due(now)
    day_before = one(Kind.REMINDER_DAY, chat.member_id).due_at
    deliver_due(day_before)
    set_reminders(chat.member_id, Reminders(plan_of("7d,2d,1d,120m,60m,15m"), NINE_PM, NINE_AM), now=day_before)
    assert [before for _kind, before in owed(chat)] == [timedelta(minutes=minutes) for minutes in (120, 60, 15)]
    for minutes in (120, 60, 15):
        deliver_due(chat.starts_at - timedelta(minutes=minutes))
    mine = [notice for notice in rows([Kind.REMINDER_DAY, Kind.REMINDER_HOURS]) if notice.person_id == chat.member_id]
    assert [(notice.lead, notice.state) for notice in mine] == [
        (lead, NoticeState.SENT) for lead in ("1d", "120m", "60m", "15m")
    ]


def test_a_plan_of_none_owes_nothing_and_seven_are_refused(chat: Chat, now: datetime) -> None:
    set_reminders(chat.member_id, Reminders((), NINE_PM, NINE_AM), now=now)
    assert owed(chat) == []
    with pytest.raises(BadInput):
        set_reminders(chat.member_id, Reminders(OFFERED[:7], NINE_PM, NINE_AM), now=now)


def test_quiet_hours_and_zone_move_what_is_owed(chat: Chat, now: datetime) -> None:
    set_zone(chat.member_id, "America/Los_Angeles", now=now)
    assert owed(chat) == [(Kind.REMINDER_DAY, timedelta(hours=35)), (Kind.REMINDER_HOURS, timedelta(hours=11))]


def test_the_others_reminders_stay_as_they_are(chat: Chat, now: datetime) -> None:
    before = [notice.id for notice in rows() if notice.person_id == chat.peer_id]
    with transaction() as session:
        renew_reminders(session, session.get_one(Person, chat.member_id), now=now)
    assert [notice.id for notice in rows() if notice.person_id == chat.peer_id] == before
