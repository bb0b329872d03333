"""Several chats on one day are told in one letter on the day before: the first that leaves takes the others with it."""

from datetime import datetime

from portal.domain.booking import BookingState
from portal.domain.notice import Kind, NoticeState, same_local_day
from portal.models import Booking, Notice, Person
from portal.queries import notice as queries

WITH = "with"


def also_told(notice: Notice, booking: Booking, person: Person, now: datetime) -> list[Booking]:
    """Return the other chats of that day in the reader's zone, and note in the row that its letter tells of them."""
    others = [_live(other.booking_id, other.revision) for other in _waiting(notice)]
    ahead = [other for other in others if other is not None and other.starts_at > now]
    shared = [other for other in ahead if same_local_day(other.starts_at, booking.starts_at, person.zone)]
    notice.details = {WITH: " ".join(f"{other.id}.{other.revision}" for other in shared)} if shared else None
    return shared


def told_elsewhere(notice: Notice) -> NoticeState | None:
    """Return how far a letter is that tells of this chat too: SENT, SENDING, or None where there is none."""
    if notice.kind is not Kind.REMINDER_DAY:
        return None
    mine = f"{notice.booking_id}.{notice.revision}"
    states = {other.state for other in queries.day_reminders(notice) if mine in _named(other)}
    return next((state for state in (NoticeState.SENT, NoticeState.SENDING) if state in states), None)


def still_holds(notice: Notice) -> bool:
    """Say whether all chats that the written letter tells of still stand as it says."""
    pairs = (pair.split(".") for pair in _named(notice))
    return all(_live(int(booking_id), int(revision)) is not None for booking_id, revision in pairs)


def _waiting(notice: Notice) -> list[Notice]:
    return [
        other for other in queries.day_reminders(notice) if other.id != notice.id and other.state is NoticeState.DUE
    ]


def _named(notice: Notice) -> list[str]:
    return (notice.details or {}).get(WITH, "").split() if notice.kind is Kind.REMINDER_DAY else []


def _live(booking_id: int | None, revision: int) -> Booking | None:
    booking = queries.chat(booking_id) if booking_id is not None else None
    stands = booking is not None and booking.state is BookingState.BOOKED and booking.revision == revision
    return booking if stands else None
