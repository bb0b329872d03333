"""What a coffee chat owes to its two people: the invitation, its update or cancellation, and the reminders."""

from collections.abc import Collection
from datetime import datetime
from uuid import uuid4

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.domain.invitation import Partstat
from portal.domain.notice import (
    REMINDERS,
    Kind,
    NoticeState,
    QuietHours,
    ReminderPlan,
    cancellation_due_at,
    reminders_due,
)
from portal.models import Booking, Invitation, Notice, Person
from portal.queries import notice as queries
from portal.services.notice.event import at_first
from portal.services.notice.owe import owe, void


def owe_chat_letters(session: Session, booking: Booking, *, now: datetime) -> None:
    """Owe both people the invitation now and the reminders each of them wants."""
    for person in _both(booking):
        entry = Invitation(booking_id=booking.id, person_id=person.id, uid=str(uuid4()), sequence=0)
        _stands(entry, now, at_first(person.id == booking.booked_by))
        session.add(entry)
        _owe(session, booking, person, Kind.INVITATION, now, now, _own(person, booking.booked_by))
        _owe_reminders(session, booking, person, now)


def owe_chat_update(
    session: Session, booking: Booking, *, before: datetime, now: datetime, by: int | None = None
) -> None:
    """Take back what was owed for the time `before`; owe the new time and its reminders. Needs the raised revision."""
    void(session, about(booking.id), now=now)
    entries = queries.invitations(booking.id)
    for person in _both(booking):
        entries[person.id].sequence += 1
        # Whoever did not move it is asked anew, whatever they or their calendar said about the time before.
        _stands(entries[person.id], now, at_first(person.id == by))
        _owe(session, booking, person, Kind.UPDATE, now, now, _own(person, by, before=before.isoformat()))
        _owe_reminders(session, booking, person, now)


def owe_chat_cancellation(session: Session, booking: Booking, *, now: datetime, by: int | None = None) -> None:
    """Take back what was owed and owe the cancellation: at once to who cancelled, else after the quiet hours."""
    void(session, about(booking.id), now=now)
    entries = queries.invitations(booking.id)
    for person in _both(booking):
        entries[person.id].sequence += 1
        _stands(entries[person.id], now)
        held = cancellation_due_at(booking.starts_at, person.zone, _quiet(person), now)
        _owe(session, booking, person, Kind.CANCELLATION, now if person.id == by else held, now, _own(person, by))


def renew_reminders(session: Session, person: Person, *, now: datetime) -> None:
    """Owe reminders by what somebody wants from now on: when they changed their plan, quiet hours or zone."""
    for booking in queries.chats_ahead(person.id, now):
        # Rows that were never tried are made anew rather than changed, so that their order is that of their times.
        session.execute(
            delete(Notice).where(
                Notice.booking_id == booking.id,
                Notice.person_id == person.id,
                Notice.kind.in_(list(REMINDERS)),
                Notice.state.in_([NoticeState.DUE, NoticeState.VOID]),
                Notice.attempts == 0,
            ),
            execution_options={"synchronize_session": False},
        )
        _owe_reminders(session, booking, person, now, without=queries.reminder_kinds(booking, person.id))


def about(booking_id: int) -> str:
    """Return the name under which a chat's letters stand in order."""
    return f"booking-{booking_id}"


def _owe_reminders(
    session: Session, booking: Booking, person: Person, now: datetime, without: Collection[Kind] = ()
) -> None:
    plan = ReminderPlan(person.remind_day_before, person.remind_hours_before)
    for kind, due_at in reminders_due(booking.starts_at, person.zone, plan, _quiet(person), now):
        if kind not in without:
            _owe(session, booking, person, kind, due_at, now)


def _stands(entry: Invitation, now: datetime, partstat: Partstat | None = None) -> None:
    entry.changed_at = now
    if partstat is not None:
        entry.partstat = partstat.value


def _owe(
    session: Session,
    booking: Booking,
    person: Person,
    kind: Kind,
    due_at: datetime,
    now: datetime,
    details: dict[str, str] | None = None,
) -> None:
    owe(
        session,
        kind,
        person.id,
        about=about(booking.id),
        due_at=due_at,
        now=now,
        revision=booking.revision,
        booking_id=booking.id,
        walk_id=booking.walk_id,
        details=details,
    )


def _own(person: Person, by: int | None, **details: str) -> dict[str, str]:
    # Who did it themselves knows of it, even where no letter may reach them.
    return {**details, "own": "yes"} if person.id == by else details


def _both(booking: Booking) -> list[Person]:
    found = queries.people([booking.member_id, booking.peer_id])
    return [found[booking.member_id], found[booking.peer_id]]


def _quiet(person: Person) -> QuietHours:
    return QuietHours(person.quiet_from, person.quiet_until)
