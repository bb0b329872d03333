"""Several chats on one day are told in one letter, where their reminders come as long before, or at about the same
time: the first that leaves takes the others with it."""

from datetime import datetime

from portal.domain.booking import BookingState
from portal.domain.notice import REMINDERS, Channel, Kind, NoticeState, near_in_time, same_local_day
from portal.models import Booking, Notice
from portal.queries import notice as queries
from portal.queries.notice import ways

WITH = "with"


def take_along(notice: Notice, now: datetime) -> None:
    """Note in a reminder that is claimed which other chats of that day, in the reader's zone, its letter tells of."""
    booking, person = queries.chat(notice.booking_id or 0), queries.person(notice.person_id or 0)
    if booking is None or person is None:
        return
    beside = {_name(other): (other.booking_id, other.revision) for other in _waiting(notice)}
    named = []
    for name, (booking_id, revision) in (_told_by_letter(notice) | beside).items():
        chat = _live(booking_id, revision)
        if chat is not None and chat.starts_at > now and same_local_day(chat.starts_at, booking.starts_at, person.zone):
            named.append(name)
    told = {WITH: " ".join(named)} if named else None
    if notice.details != told:
        notice.details = told


def taken_along(notice: Notice) -> list[Booking]:
    """Return the other chats that a reminder's letter tells of, each once."""
    chats = (_live(int(booking_id), int(revision)) for booking_id, revision in _chats(notice))
    return list({chat.id: chat for chat in chats if chat is not None}.values())


def told_elsewhere(notice: Notice) -> NoticeState | None:
    """Return how far a letter is that tells of this chat too: SENT, SENDING, or None where there is none."""
    if notice.kind not in REMINDERS:
        return None
    mine = _name(notice)
    states = {other.state for other in queries.reminders_beside(notice) if mine in _named(other)}
    return next((state for state in (NoticeState.SENT, NoticeState.SENDING) if state in states), None)


def still_holds(notice: Notice) -> bool:
    """Say whether all chats that the written letter tells of still stand as it says."""
    return all(_live(int(booking_id), int(revision)) is not None for booking_id, revision in _chats(notice))


def _waiting(notice: Notice) -> list[Notice]:
    beside = (other for other in queries.reminders_beside(notice) if other.booking_id != notice.booking_id)
    return [other for other in beside if other.state is NoticeState.DUE and _goes_along(other, notice)]


def _told_by_letter(notice: Notice) -> dict[str, tuple[int | None, int]]:
    """Return the chats that the letter beside a text or a sign took along: they have no reminder of their own now."""
    letter = ways.sibling(notice, Channel.EMAIL) if notice.channel is not Channel.EMAIL else None
    names = _named(letter) if letter is not None else []
    return {name: (int(name.split(".")[0]), int(name.split(".")[1])) for name in names}


def _goes_along(other: Notice, notice: Notice) -> bool:
    if notice.kind is Kind.REMINDER_DAY:
        return other.lead == notice.lead
    return near_in_time(other.due_at, notice.due_at)


def _name(notice: Notice) -> str:
    # By what it is and not by its row: a changed plan makes rows anew.
    return f"{notice.booking_id}.{notice.revision}.{notice.lead}"


def _named(notice: Notice) -> list[str]:
    return (notice.details or {}).get(WITH, "").split() if notice.kind in REMINDERS else []


def _chats(notice: Notice) -> list[tuple[str, str]]:
    names = (name.split(".") for name in _named(notice))
    return [(booking_id, revision) for booking_id, revision, _lead in names]


def _live(booking_id: int | None, revision: int) -> Booking | None:
    booking = queries.chat(booking_id) if booking_id is not None else None
    stands = booking is not None and booking.state is BookingState.BOOKED and booking.revision == revision
    return booking if stands else None
