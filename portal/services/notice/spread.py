"""The ways a notice takes: chosen when it is claimed and not when it is owed, so that a changed mind reaches all that
waits; and the letter that goes instead where a text or a sign came to nothing."""

from collections.abc import Sequence
from datetime import datetime

from portal import queue
from portal.db import after_commit, read
from portal.domain.notice import CALENDAR_KINDS, GROUP_OF, Channel, Group, Kind, NoticeState
from portal.domain.notice.reminders import TOO_NEAR_TO_HOLD, held_until
from portal.models import Notice, Person
from portal.queries import notice as queries
from portal.queries.notice import ways
from portal.queries.notice.ways import Choices, Reach
from portal.services.notice.office import Office

USUAL = frozenset({Channel.EMAIL})
# What the carrier says of a number: that it is none, takes no texts, or wants none.
ABOUT_THE_NUMBER = "refused-21"
# A reminder has been pulled before the quiet hours, and a check-in comes when it was asked for.
AT_THEIR_TIME = frozenset({Group.REMINDERS, Group.CHECK_INS})


def spread(rows: Sequence[Notice], office: Office, *, now: datetime) -> None:
    """Give each row that is about to be claimed the ways its person chose; further ways get rows of their own.

    A row may afterwards be of another way, due later, or void because another row tells the same.
    """
    fresh = [row for row in rows if not row.spread and row.kind in GROUP_OF and row.person_id is not None]
    if set(office.ways) - USUAL and fresh:
        chosen = ways.chosen_ways({row.person_id for row in fresh if row.person_id is not None})
        for row in fresh:
            if row.person_id in chosen:
                _choose(row, chosen[row.person_id], office, now)
    for row in rows:
        if row.channel is not Channel.EMAIL and row.state is NoticeState.DUE:
            _still_open(row, office, now)


def nobody_needed(notice: Notice, code: str, *, now: datetime) -> bool:
    """Say whether nobody has to look at what ended with this code: the letter goes instead of a text or a sign, and
    that a number takes no code is told to who typed it."""
    if notice.kind is Kind.PHONE_CODE:
        return code.startswith(ABOUT_THE_NUMBER)
    return letter_instead(notice, now=now)


def letter_instead(notice: Notice, *, now: datetime) -> bool:
    """Owe the letter where a text or a sign has come to nothing; says whether there is one."""
    if notice.channel is Channel.EMAIL or notice.kind not in GROUP_OF or notice.person_id is None:
        return False
    letter = ways.sibling(notice, Channel.EMAIL)
    if letter is None:
        if not ways.reach_of(notice.person_id).may_email:
            return False
        _beside(notice, Channel.EMAIL, now, now)
        return True
    # One that was taken back or failed is no letter; that it failed has been said already.
    return letter.state in (NoticeState.DUE, NoticeState.SENDING, NoticeState.SENT)


def _choose(row: Notice, chosen: Choices, office: Office, now: datetime) -> None:
    person_id = row.person_id or 0
    group = GROUP_OF[row.kind]
    wanted = chosen.get(group, USUAL)
    row.spread = True
    if wanted == USUAL:
        return
    reach = ways.reach_of(person_id)
    usable = wanted & open_ways(reach, office)
    if row.kind in CALENDAR_KINDS and reach.may_email:
        # The entry in their calendar comes by letter only.
        usable |= USUAL
    if not usable:
        return
    first, *further = sorted(usable, key=list(Channel).index)
    due_at = _due(row, queries.person(person_id), now)
    for channel in further:
        if ways.sibling(row, channel) is None:
            _beside(row, channel, due_at, now)
    if first is not Channel.EMAIL:
        _turn(row, first, due_at, now)


def open_ways(reach: Reach, office: Office) -> frozenset[Channel]:
    """Return the ways to somebody that are set up here, and that they have not closed."""
    open_to_them = {
        Channel.EMAIL: reach.may_email,
        Channel.TEXT: reach.has_phone and reach.may_text,
        Channel.PUSH: reach.has_devices,
    }
    return frozenset(channel for channel in office.ways if open_to_them[channel])


def _still_open(row: Notice, office: Office, now: datetime) -> None:
    if row.kind not in GROUP_OF:
        if row.channel not in office.ways:
            row.state, row.error, row.settled_at, row.rendered = NoticeState.VOID, "off", now, None
        return
    if row.channel in open_ways(ways.reach_of(row.person_id or 0), office):
        return
    # The phone or the device is gone, or was closed since: the letter goes instead.
    _turn(row, Channel.EMAIL, now, now)


def _turn(row: Notice, channel: Channel, due_at: datetime, now: datetime) -> None:
    if ways.sibling(row, channel) is not None:
        row.state, row.error, row.settled_at, row.rendered = NoticeState.VOID, "elsewhere", now, None
        return
    row.channel, row.spread, row.due_at = channel, True, max(row.due_at, due_at)
    row.rendered = row.message_id = None
    row.attempts = row.doubts = 0


def _beside(row: Notice, channel: Channel, due_at: datetime, now: datetime) -> None:
    beside = Notice(
        about=row.about,
        person_id=row.person_id,
        booking_id=row.booking_id,
        walk_id=row.walk_id,
        kind=row.kind,
        channel=channel,
        spread=True,
        revision=row.revision,
        lead=row.lead,
        due_at=due_at,
        created_at=now,
        details=row.details,
    )
    read().add(beside)
    read().flush()
    if due_at <= now:
        _ring(beside.id)


def _ring(notice_id: int) -> None:
    after_commit(lambda: queue.post([notice_id]))


def _due(row: Notice, person: Person | None, now: datetime) -> datetime:
    """Texts and signs are heard at night: what may wait does so, but never into the last hours before a chat."""
    if person is None or GROUP_OF[row.kind] in AT_THEIR_TIME or "own" in (row.details or {}):
        return now
    booking = queries.chat(row.booking_id) if row.booking_id is not None else None
    quiet = queries.as_recipient(person).quiet
    if booking is None:
        return quiet.over(now, person.zone)
    return held_until(booking.starts_at - TOO_NEAR_TO_HOLD, person.zone, quiet, now)
