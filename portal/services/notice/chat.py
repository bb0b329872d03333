"""What a coffee chat owes to its two people: the invitation, its update or cancellation, and the reminders."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import uuid4

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from portal.db import plain
from portal.domain.invitation import Partstat
from portal.domain.notice import (
    REMINDERS,
    Kind,
    NoticeState,
    cancellation_due_at,
    plan_of,
    reminders_due,
    undo_over_at,
)
from portal.models import Booking, Invitation, Notice, Person, table_of
from portal.queries import notice as queries
from portal.queries.notice import Recipient
from portal.services.notice.event import at_first
from portal.services.notice.owe import Owed, owe_together, void
from portal.services.notice.trusted import shift_waiting

# Where a verb keeps whom it holds, so that nobody has to read them once more.
HELD = "people held"
_ENTRIES = insert(table_of(Invitation))


class NewChat(NamedTuple):
    """A chat that was just written, as far as others have to know of it."""

    id: int
    walk_id: int
    member_id: int
    peer_id: int
    starts_at: datetime
    ends_at: datetime
    booked_by: int
    answer_by: datetime | None
    revision: int = 0


def owe_chat_letters(session: Session, booking: Booking | NewChat, *, now: datetime) -> None:
    """Owe both people the invitation now and the reminders each of them wants."""
    both = _both(session, booking)
    entries = [
        {
            "booking_id": booking.id,
            "person_id": person.id,
            "uid": str(uuid4()),
            "changed_at": now,
            "partstat": at_first(person.id == booking.booked_by).value,
        }
        for person in both
    ]
    plain().execute(_ENTRIES, entries)
    letters: list[Owed] = []
    for person in both:
        letters.append(_owed(booking, person, Kind.INVITATION, now, _own(person, booking.booked_by)))
        letters.extend(_reminders(booking, person, now))
    owe_together(session, letters, now=now)


def owe_chat_update(
    session: Session, booking: Booking, *, before: datetime, now: datetime, by: int | None = None
) -> None:
    """Take back what was owed for the time `before`; owe the new time and its reminders. Needs the raised revision."""
    void(session, about(booking.id), now=now)
    entries = queries.invitations(booking.id)
    letters: list[Owed] = []
    for person in _both(session, booking):
        entries[person.id].sequence += 1
        # Whoever did not move it is asked anew, whatever they or their calendar said about the time before.
        _stands(entries[person.id], now, at_first(person.id == by))
        letters.append(_owed(booking, person, Kind.UPDATE, now, _own(person, by, before=before.isoformat())))
        letters.extend(_reminders(booking, person, now))
    owe_together(session, letters, now=now)
    shift_waiting(session, booking, booking.starts_at - before, now=now)


def owe_chat_cancellation(
    session: Session, booking: Booking, *, now: datetime, by: int | None = None, undoable: bool = False
) -> None:
    """Take back what was owed and owe the cancellation: at once to who cancelled, else after the quiet hours; what
    can be undone waits ten minutes for that, unless the chat is near."""
    void(session, about(booking.id), now=now)
    entries = queries.invitations(booking.id)
    letters: list[Owed] = []
    for person in _both(session, booking):
        entries[person.id].sequence += 1
        _stands(entries[person.id], now)
        at = undo_over_at(booking.starts_at, now) if undoable else now
        held = cancellation_due_at(booking.starts_at, person.zone, person.quiet, at)
        due_at = at if person.id == by else held
        letters.append(_owed(booking, person, Kind.CANCELLATION, due_at, _own(person, by)))
    owe_together(session, letters, now=now)


def owe_chat_again(session: Session, booking: Booking, *, now: datetime, by: int | None = None) -> None:
    """Take back the cancellation; needs the raised revision. Whose letter had not gone out keeps their calendar entry
    as it was; whoever got it, or had not been told of this time yet, is invited anew."""
    told = queries.told_of(booking.id, booking.revision - 1)
    void(session, about(booking.id), now=now)
    entries = queries.invitations(booking.id)
    letters: list[Owed] = []
    for person in _both(session, booking):
        entry = entries[person.id]
        if person.id in told.cancelled or person.id not in told.invited:
            entry.sequence += 1
            _stands(entry, now, at_first(person.id == by))
            letters.append(_owed(booking, person, Kind.INVITATION, now, _own(person, by)))
        else:
            # The number their calendar knows, so that its answers still count.
            entry.sequence -= 1
            _stands(entry, now)
        letters.extend(_reminders(booking, person, now))
    owe_together(session, letters, now=now)


def owe_chat_not_made(session: Session, booking: Booking, *, now: datetime, by: int) -> None:
    """Tell the other one that a chat could not take place: at once while they may be waiting, later not at night."""
    person = next(each for each in _both(session, booking) if each.id != by)
    late = now >= booking.ends_at
    due_at = person.quiet.over(now, person.zone) if late else now
    # When nobody sits and waits any more, no coordinator has to reach them where a letter may not.
    letter = _owed(booking, person, Kind.NOT_MADE, due_at, {"own": "yes"} if late else None)
    owe_together(session, [letter], now=now)


def renew_reminders(session: Session, person: Person, *, now: datetime) -> None:
    """Owe reminders by what somebody wants from now on: when they changed their plan, quiet hours or zone."""
    letters: list[Owed] = []
    for booking in queries.chats_ahead(person.id, now):
        # Rows that were never tried are made anew rather than changed, so that their order is that of their times.
        session.execute(
            delete(Notice).where(
                Notice.booking_id == booking.id,
                Notice.person_id == person.id,
                Notice.kind.in_(list(REMINDERS)),
                Notice.state.in_([NoticeState.DUE, NoticeState.VOID]),
                Notice.attempts == 0,
                Notice.spread.is_(False),
            ),
            execution_options={"synchronize_session": False},
        )
        stands = queries.reminder_leads(booking, person.id)
        letters.extend(_reminders(booking, queries.as_recipient(person), now, without=stands))
    owe_together(session, letters, now=now)


def about(booking_id: int) -> str:
    """Return the name under which a chat's letters stand in order."""
    return f"booking-{booking_id}"


def _reminders(
    booking: Booking | NewChat, person: Recipient, now: datetime, without: Collection[str] = ()
) -> Iterator[Owed]:
    plan = plan_of(person.reminder_leads)
    for lead, due_at in reminders_due(booking.starts_at, person.zone, plan, person.quiet, now):
        if lead.code not in without:
            yield _owed(booking, person, lead.kind, due_at, lead=lead.code)


def _stands(entry: Invitation, now: datetime, partstat: Partstat | None = None) -> None:
    entry.changed_at = now
    if partstat is not None:
        entry.partstat = partstat.value


def _owed(
    booking: Booking | NewChat,
    person: Recipient,
    kind: Kind,
    due_at: datetime,
    details: dict[str, str] | None = None,
    lead: str = "",
) -> Owed:
    return Owed(
        kind,
        person.id,
        about(booking.id),
        due_at,
        booking.revision,
        booking_id=booking.id,
        walk_id=booking.walk_id,
        details=details,
        lead=lead,
    )


def _own(person: Recipient, by: int | None, **details: str) -> dict[str, str]:
    # Who did it themselves knows of it, even where no letter may reach them.
    return {**details, "own": "yes"} if person.id == by else details


def _both(session: Session, booking: Booking | NewChat) -> list[Recipient]:
    found: Mapping[int, Recipient] = session.info.get(HELD, {})
    if not {booking.member_id, booking.peer_id} <= found.keys():
        found = queries.recipients(booking.member_id, booking.peer_id)
    return [found[booking.member_id], found[booking.peer_id]]
