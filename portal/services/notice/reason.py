"""Whether a letter's reason still holds at the moment of sending: none goes out for a state that has passed."""

from dataclasses import dataclass
from datetime import datetime

from portal.domain.booking import BookingState
from portal.domain.booking.asking import waits
from portal.domain.checkin import ON_THE_WAY
from portal.domain.matching.walk import TOGETHER, State
from portal.domain.notice import REMINDERS, Channel, Kind, NoticeState, plan_of
from portal.mail.address import bare_address
from portal.models import Booking, Notice, Person, Walk
from portal.queries import busy_calendars as calendar_queries
from portal.queries import checkin as checkin_queries
from portal.queries import notice as queries
from portal.queries.booking import open_hours as open_hours_queries
from portal.queries.booking import replies as reply_queries
from portal.queries.booking import safe_coffee as safe_queries
from portal.queries.booking.open_hours import MAY_COME
from portal.queries.notice import ways
from portal.services.notice import together
from portal.services.notice.trusted import still_to_tell, tell_of


@dataclass(frozen=True)
class Stop:
    """Why a letter does not go out: VOID when nobody needs to know, FAILED when a coordinator does; `code` says why."""

    state: NoticeState
    code: str


WALK_STATES: dict[Kind, frozenset[State]] = {
    Kind.SHORTLIST_READY: frozenset({State.SHORTLISTED}),
    Kind.CHOICE_APPROVED: frozenset({State.INVITED}),
    Kind.WALK_HELD: frozenset({State.HELD}),
    Kind.SWAPPED: frozenset({State.SHORTLISTED}),
    Kind.ASKED_PEER: frozenset({State.INVITED}),
    Kind.NEXT_ASKED: frozenset({State.INVITED}),
    # Still true when the first chat was booked before the letter left.
    Kind.BOTH_YES: frozenset({State.BOTH_YES, State.FIRST_COFFEE}),
    Kind.REFLECT: frozenset({State.REFLECTION}),
    Kind.OFFER_ASKED: frozenset({State.OFFERING}),
    Kind.OFFER_MADE: frozenset({State.OFFERING, State.SHORTLISTED}),
    Kind.FIND_A_TIME: frozenset({State.BOTH_YES}),
    Kind.WALK_RESTS: frozenset({State.RESTING}),
    Kind.WALK_GOES_ON: frozenset({State.WALKING}),
    Kind.WALK_ENDING: frozenset({State.ENDING}),
    Kind.KEEPSAKE: frozenset({State.ENDED}),
    Kind.OPEN_HOUR: MAY_COME,
    Kind.CHECK_IN: ON_THE_WAY,
    Kind.CHECK_IN_SET: ON_THE_WAY,
    Kind.THREAD_LINE: ON_THE_WAY,
    Kind.HOUR_OFF: MAY_COME,
}
# Somebody who is not told of these may sit in a café alone, or wait for a word: a coordinator reaches them another way.
MUST_BE_KNOWN = frozenset({Kind.INVITATION, Kind.BOTH_YES, Kind.UPDATE, Kind.CANCELLATION, Kind.NOT_MADE})
THREAD_KINDS = frozenset({Kind.CHECK_IN, Kind.CHECK_IN_SET, Kind.THREAD_LINE})
WAITING_KINDS = frozenset({Kind.TIME_ASKED, Kind.TIME_RELEASED, Kind.TIME_OFFERED})
# What is told of a chat that takes no place any more.
OF_STATE = {Kind.CANCELLATION: BookingState.CANCELLED, Kind.NOT_MADE: BookingState.NOT_MADE}
OF_HOURS = {Kind.OPEN_HOUR: open_hours_queries.stands, Kind.HOUR_OFF: open_hours_queries.called_off}
GONE = Stop(NoticeState.VOID, "gone")


def stop_of(notice: Notice, now: datetime) -> Stop | None:
    """Return why this letter must not go out, or None when its reason holds."""
    if notice.kind is Kind.SIGN_IN_CODE:
        return _code(notice, now)
    if notice.kind is Kind.PHONE_CODE:
        return None if ways.phone_waits(notice.person_id or 0, now) else GONE
    person = queries.person(notice.person_id) if notice.person_id is not None else None
    if person is None or person.suspended_at is not None:
        return GONE
    if notice.kind is Kind.TRUSTED:
        return _trusted(notice, person, now)
    gone = _gone(notice, person, now)
    if gone is not None:
        return gone
    if not _may_take(notice, person):
        unknown = notice.kind in MUST_BE_KNOWN and "own" not in (notice.details or {})
        return Stop(NoticeState.FAILED if unknown else NoticeState.VOID, "not-allowed")
    if notice.kind is Kind.CANCELLATION and not _was_invited(notice, person):
        return GONE
    if notice.channel is not Channel.EMAIL:
        return None
    return None if _is_mailbox(person.email) else Stop(NoticeState.FAILED, "address")


def _may_take(notice: Notice, person: Person) -> bool:
    """Say whether somebody may be told this way; that their phone takes texts is asked where the way is chosen."""
    if notice.channel is Channel.EMAIL:
        return queries.may_be_written_to(person.id)
    return queries.agrees_to_letters(person.id)


def _gone(notice: Notice, person: Person, now: datetime) -> Stop | None:
    overtaken = not _stands_for_itself(notice) and queries.newer_went_out(notice)
    if overtaken or together.told_elsewhere(notice) is NoticeState.SENT:
        return GONE
    if notice.booking_id is not None and notice.kind not in WALK_STATES:
        return _chat(notice, person, now)
    if notice.walk_id is not None:
        walk = queries.walk(notice.walk_id)
        return None if walk is not None and _walk_holds(notice, walk, now) else GONE
    if notice.kind is Kind.CALENDAR_LOOK:
        return None if calendar_queries.needs_a_look(person.id, notice.about) else GONE
    if notice.kind is Kind.READY_AGAIN:
        return None if queries.waits_to_say_ready(person.id) else GONE
    return None if queries.is_approved_peer(person.id) else GONE


def _stands_for_itself(notice: Notice) -> bool:
    """Say whether this is a text that brings words of its own: a newer one does not say what it said."""
    return notice.channel is Channel.TEXT and notice.kind in THREAD_KINDS and bool(notice.details)


def _trusted(notice: Notice, person: Person, now: datetime) -> Stop | None:
    booking = queries.chat(notice.booking_id or 0)
    row = safe_queries.safe_row(notice.booking_id or 0, person.id)
    told = booking is not None and still_to_tell(row, tell_of(notice.about), booking, now)
    return None if told else GONE


def _code(notice: Notice, now: datetime) -> Stop | None:
    if not queries.code_lives(int(notice.about.removeprefix("code-")), now):
        # One that was tried and never left tells the coordinator that signing in does not work.
        return GONE if notice.attempts <= 1 else Stop(NoticeState.FAILED, "too-late")
    return None if _is_mailbox((notice.details or {}).get("to", "")) else Stop(NoticeState.FAILED, "address")


def _chat(notice: Notice, person: Person, now: datetime) -> Stop | None:
    booking = queries.chat(notice.booking_id or 0)
    if booking is None or person.id not in (booking.member_id, booking.peer_id):
        return GONE
    return None if _chat_holds(notice, booking, person, now) else GONE


def _was_invited(notice: Notice, person: Person) -> bool:
    entry = queries.invitations(notice.booking_id or 0).get(person.id)
    if notice.channel is not Channel.EMAIL and ways.told_of_chat(notice):
        return True
    return entry is not None and entry.invited_at is not None


def _chat_holds(notice: Notice, booking: Booking, person: Person, now: datetime) -> bool:
    kind, revision = notice.kind, notice.revision
    if kind in OF_STATE:
        return booking.state is OF_STATE[kind]
    if kind in WAITING_KINDS:
        return _question_holds(kind, revision, booking, person, now)
    if booking.state is not BookingState.BOOKED or booking.revision != revision or booking.starts_at <= now:
        return False
    if kind is Kind.OTHER_TIME:
        return reply_queries.does_not_fit(booking.id, person.id)
    return kind not in REMINDERS or notice.lead in {lead.code for lead in plan_of(person.reminder_leads)}


def _question_holds(kind: Kind, revision: int, booking: Booking, person: Person, now: datetime) -> bool:
    if booking.revision != revision or person.id != (booking.peer_id if kind is Kind.TIME_ASKED else booking.member_id):
        return False
    if kind is Kind.TIME_RELEASED:
        let_go = booking.state in (BookingState.RELEASED, BookingState.LAPSED) and booking.starts_at > now
        return let_go and _go_on(booking)
    wanted = BookingState.ASKED if kind is Kind.TIME_ASKED else BookingState.OFFERED
    return booking.state is wanted and waits(booking.state, booking.answer_by, now)


def _go_on(booking: Booking) -> bool:
    """Say whether the two still walk together: of somebody they have left nobody is offered other times."""
    walk = queries.walk(booking.walk_id)
    return walk is not None and walk.open and walk.state in TOGETHER and walk.peer_id == booking.peer_id


def _walk_holds(notice: Notice, walk: Walk, now: datetime) -> bool:
    if walk.state not in WALK_STATES[notice.kind]:
        return False
    if notice.kind in OF_HOURS:
        holds = OF_HOURS[notice.kind](open_hours_queries.hour_of_letter(notice.about), now)
        return holds and notice.person_id == walk.member_id
    if notice.kind in THREAD_KINDS:
        return checkin_queries.still_to_tell(notice.kind, walk.id, notice.person_id or 0)
    if notice.kind is Kind.OFFER_ASKED:
        return queries.may_still_offer(walk.id, notice.person_id)
    if notice.kind is Kind.OFFER_MADE:
        return notice.person_id == walk.member_id and queries.has_unseen_offer(walk.id)
    if notice.kind is Kind.ASKED_PEER:
        return walk.peer_id == notice.person_id and walk.answer_by is not None
    return notice.person_id in (walk.member_id, walk.peer_id)


def _is_mailbox(address: str) -> bool:
    try:
        bare_address(address)
    except ValueError:
        return False
    return True
