"""What calendars answer by mail: an answer is kept and shown, and one that says no offers another time.

Mail can be forged and a tap can slip: no answer calls a chat off or moves it, only somebody who is signed in does.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.calendars.reply import NoReply, read_reply
from portal.db import retry_once, transaction
from portal.domain.booking import changeable
from portal.domain.errors import NotFound
from portal.domain.invitation import Asked, Partstat, Reply, passed_over
from portal.domain.notice import Kind
from portal.mail.inbound import Answered, NothingInIt, answered
from portal.models import Booking, Heartbeat, Invitation, Person
from portal.queries import booking as booking_queries
from portal.queries import notice as notice_queries
from portal.queries.booking import replies as queries
from portal.queries.notice import standing
from portal.services import audit, once
from portal.services.booking.guarded import check_changeable
from portal.services.notice.owe import owe


@dataclass(frozen=True)
class Heard:
    """What became of a letter, in one word, and the chat it was about: all that may stand in a log."""

    what: str
    booking_id: int | None = None


NOTHING = Heard("no-answer")
UNKNOWN = Heard("unknown-entry")


@retry_once
def take_reply(raw: bytes, *, now: datetime) -> Heard:
    """Keep what a letter answers for its sender's own calendar entry; every other letter changes nothing."""
    try:
        sent = answered(raw)
        reply = read_reply(sent.ics)
    except (NothingInIt, NoReply):
        return NOTHING
    found = queries.entry_behind(reply.uid)
    return UNKNOWN if found is None else _take(reply, sent, *found, now=now)


def _take(reply: Reply, sent: Answered, booking_id: int, person_id: int, *, now: datetime) -> Heard:
    with transaction() as session:
        booking = booking_queries.booking_to_change(booking_id)
        entry = queries.entry_to_change(booking_id, person_id)
        person = notice_queries.person(person_id)
        if person is None:
            return UNKNOWN
        passed = passed_over(reply, sent.sender, _asked(booking, entry, person, now), now)
        if passed is not None:
            return Heard(passed.value, booking_id)
        entry.partstat, entry.replied_at = reply.partstat.value, now
        entry.reply_stamp, entry.reply_sequence = reply.stamp, reply.sequence
        if reply.partstat is Partstat.DECLINED:
            _offer_another(session, booking, person_id, now)
        # By mail, which anybody can write: the record names nobody who did it.
        audit.record(session, "calendar answered", "booking", booking_id, actor_id=None, now=now)
        return Heard(reply.partstat.value.lower(), booking_id)


@retry_once
def keep_time(booking_id: int, actor_id: int, revision: int, *, key: str, now: datetime) -> int:
    """Say that the time fits after all, whatever one's calendar said; Stale where the chat has changed or begun."""
    if booking_queries.two_of_chat(actor_id, booking_id) is None:
        raise NotFound
    with transaction() as session:
        form = once.form(actor_id, key, "keep", booking_id, revision)
        if form.result() is not None:
            return booking_id
        check_changeable(booking_queries.booking_to_change(booking_id), revision, now)
        entry = queries.entry_to_change(booking_id, actor_id)
        # When it was answered is let go, so that nothing is shown of it; its stamp stays, so that it comes up no more.
        entry.partstat, entry.replied_at = Partstat.ACCEPTED.value, None
        audit.record(session, "time kept", "booking", booking_id, actor_id=actor_id, now=now)
        form.remember(session, booking_id, now)
    return booking_id


def note_listening(*, now: datetime) -> None:
    """Note that somebody listens for answers."""
    with transaction() as session:
        session.merge(Heartbeat(name=standing.INBOUND, at=now))


def _asked(booking: Booking, entry: Invitation, person: Person, now: datetime) -> Asked:
    theirs = person.id in (booking.member_id, booking.peer_id) and person.suspended_at is None
    live = theirs and changeable(booking.state, booking.starts_at, now)
    return Asked(person.email, entry.sequence, live, entry.reply_sequence, entry.reply_stamp)


def _offer_another(session: Session, booking: Booking, person_id: int, now: datetime) -> None:
    # One letter for one time, however often a calendar changes its mind. Its reason has a name of its own: it must
    # not stand in the way of the reminders, which are older.
    if queries.was_offered_another(booking.id, person_id, booking.revision):
        return
    owe(
        session,
        Kind.OTHER_TIME,
        person_id,
        about=f"answer-{booking.id}",
        due_at=now,
        now=now,
        revision=booking.revision,
        booking_id=booking.id,
        walk_id=booking.walk_id,
    )
