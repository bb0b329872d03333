"""Asking for a time with a peer who says yes to each chat first: it holds both people's time until it is answered."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.db import retry_once
from portal.domain.booking import BookingState, Meeting
from portal.domain.booking.asking import MOST_WAITING, TOO_MANY, answer_by
from portal.domain.errors import NoRoom, NotFound, Stale
from portal.domain.experience import Format
from portal.domain.matching.walk import MOVED_ON, Actor
from portal.domain.notice import Kind
from portal.queries import booking as queries
from portal.queries.booking import Standing, Two, asking
from portal.services import once
from portal.services.booking.guarded import last_word_on, open_slot, walkers_held
from portal.services.booking.setting import check_room, check_wishes, set_chat
from portal.services.notice.chat import NewChat, about
from portal.services.notice.owe import owe, void


@retry_once
def ask(
    walk_id: int,
    member_id: int,
    starts_at: datetime,
    way: Format,
    place: str,
    *,
    note: str = "",
    minutes: int | None = None,
    key: str,
    now: datetime,
) -> int:
    """Ask the peer of a walk for a time; returns the booking. Raises TimeTaken where it is not open, NoRoom where as
    many questions wait as may."""
    meeting = Meeting(way, place, note, minutes)
    form = once.form(member_id, key, "ask", walk_id, starts_at, str(way), place, note, minutes)
    said = last_word_on(walk_id, member_id, starts_at, now, meeting=meeting)
    with said, walkers_held(walk_id, member_id) as (session, two):
        if two.as_actor(member_id) is not Actor.MEMBER:
            raise NotFound
        stands = queries.standing_of(walk_id, now, member_id, form.key)
        done = form.result_of(stands.used)
        if done is not None:
            return done
        check_may_ask(stands, two, meeting, now)
        slot, policy = open_slot(two, starts_at, now, meeting=meeting, reader=Actor.MEMBER, stands=stands)
        until = answer_by(slot.starts_at, now)
        asked = set_chat(
            session, two, slot, meeting, policy, by=member_id, now=now, state=BookingState.ASKED, answer_by=until
        )
        owe_question(session, asked, now=now)
        form.remember(session, asked.id, now)
        return asked.id


def check_may_ask(stands: Standing, two: Two, meeting: Meeting, now: datetime) -> None:
    """Raise unless this peer is asked first, there is room for a chat, and one more question may wait."""
    check_room(stands, two, stands.ahead)
    if not check_wishes(stands.offer, meeting):
        raise Stale(MOVED_ON)
    if asking.questions_waiting(two.member_id, now) >= MOST_WAITING:
        raise NoRoom(TOO_MANY)


def owe_question(session: Session, asked: NewChat, *, now: datetime) -> None:
    """Owe the peer the letter about a question; it tells of all that wait, so one that has not left yet need not go."""
    for row in asking.rows_beside(Two(asked.walk_id, asked.member_id, asked.peer_id)):
        if row.walk_id == asked.walk_id and row.id != asked.id:
            void(session, about(row.id), now=now, kinds=[Kind.TIME_ASKED])
    owe(
        session,
        Kind.TIME_ASKED,
        asked.peer_id,
        about=about(asked.id),
        booking_id=asked.id,
        walk_id=asked.walk_id,
        revision=asked.revision,
        due_at=now,
        now=now,
    )
