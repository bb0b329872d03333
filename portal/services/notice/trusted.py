"""Letters to a person of trust: owed for what somebody says around a chat, taken back when it no longer holds.

Their address stands in the chat's own row, never in the outbox: it is read when the letter is written.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from portal.domain.booking import BookingState
from portal.domain.booking.safe_coffee import Tell, as_told
from portal.domain.notice import Kind, NoticeState
from portal.models import Booking, Notice, SafeCoffee
from portal.queries.booking import safe_coffee as queries
from portal.services.notice.owe import owe


def owe_trusted(
    session: Session, booking: Booking, person_id: int, tell: Tell, *, due_at: datetime, now: datetime
) -> None:
    """Owe one letter to whom this person trusts; each thing is told once."""
    owe(
        session,
        Kind.TRUSTED,
        person_id,
        about=_about(booking.id, tell),
        due_at=due_at,
        now=now,
        revision=booking.revision,
        booking_id=booking.id,
        walk_id=booking.walk_id,
    )


def void_waiting(session: Session, booking_id: int, person_id: int, *, now: datetime) -> None:
    """Take back the letter that would say that somebody has not said they are home."""
    # A row that was never tried is taken away rather than voided, so that naming somebody anew can owe it again.
    session.execute(
        delete(Notice).where(
            Notice.about == _about(booking_id, Tell.WAITS),
            Notice.person_id == person_id,
            Notice.state == NoticeState.DUE,
            Notice.attempts == 0,
        ),
        execution_options={"synchronize_session": False},
    )


def forget_written(session: Session, booking_id: int, person_id: int) -> None:
    """Forget what was written to a person of trust: the bytes of a letter name them. One still owed is written anew."""
    letters = update(Notice).where(
        Notice.kind == Kind.TRUSTED, Notice.booking_id == booking_id, Notice.person_id == person_id
    )
    session.execute(
        letters.values(rendered=None, message_id=None, doubts=0), execution_options={"synchronize_session": False}
    )


def shift_waiting(session: Session, booking: Booking, by: timedelta, *, now: datetime) -> None:
    """Wait for the word "home" by the chat's new time, for each of the two who wished that."""
    for row in queries.safe_rows(booking.id):
        if row.home_by is None or row.home_at is not None:
            continue
        row.home_by += by
        session.flush()
        void_waiting(session, booking.id, row.person_id, now=now)
        owe_trusted(session, booking, row.person_id, Tell.WAITS, due_at=row.home_by, now=now)


def tell_of(about: str) -> Tell:
    """Return what a letter's name says it tells."""
    return Tell(about.split("-")[1])


def still_to_tell(row: SafeCoffee | None, tell: Tell, booking: Booking, now: datetime) -> bool:
    """Say whether a letter's reason holds: it was wished, it was said, and the chat was not called off in time.

    Once somebody has arrived only their own word ends the waiting: not the other's, nor the end of the walk.
    """
    if row is None or tell not in as_told(row.tells) or not row.trusted_address:
        return False
    if tell is Tell.ARRIVED:
        return row.arrived_at is not None
    if tell is Tell.HOME:
        return row.home_at is not None
    went = booking.state in (BookingState.BOOKED, BookingState.HAPPENED) or row.arrived_at is not None
    return went and row.home_at is None and row.home_by is not None and row.home_by <= now


def _about(booking_id: int, tell: Tell) -> str:
    return f"safe-{tell.value}-{booking_id}"
