"""What calendars answered: which chat an entry belongs to, and what each of the two is shown of it."""

from sqlalchemy import select

from portal.db import read
from portal.domain.invitation import Partstat
from portal.domain.notice import Kind
from portal.models import Invitation, Notice


def entry_behind(uid: str) -> tuple[int, int] | None:
    """Return (chat, person) of a calendar entry, or None where it is none of ours."""
    row = read().execute(select(Invitation.booking_id, Invitation.person_id).where(Invitation.uid == uid)).one_or_none()
    return (row.booking_id, row.person_id) if row is not None else None


def entry_to_change(booking_id: int, person_id: int) -> Invitation:
    """Return somebody's entry as it is now; its chat's row is to be held before."""
    return read().get_one(Invitation, (booking_id, person_id), populate_existing=True)


def answers_to(booking_id: int) -> dict[int, Partstat]:
    """Return what calendars have answered to a chat as it stands, by person; an answer to an earlier time is none."""
    answered = select(Invitation.person_id, Invitation.partstat).where(
        Invitation.booking_id == booking_id,
        Invitation.replied_at.is_not(None),
        Invitation.reply_sequence == Invitation.sequence,
    )
    return {person_id: Partstat(partstat) for person_id, partstat in read().execute(answered) if partstat}


def does_not_fit(booking_id: int, person_id: int) -> bool:
    """Say whether somebody's calendar says that the time of this chat does not fit them."""
    return answers_to(booking_id).get(person_id) is Partstat.DECLINED


def was_offered_another(booking_id: int, person_id: int, revision: int) -> bool:
    """Say whether somebody has been written to, about this time of this chat, that another may be chosen."""
    owed = select(Notice.id).where(
        Notice.booking_id == booking_id,
        Notice.person_id == person_id,
        Notice.kind == Kind.OTHER_TIME,
        Notice.revision == revision,
    )
    return read().scalar(owed.limit(1)) is not None
