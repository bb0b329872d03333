"""The outbox read: what is due, what stands in a letter's way, what a letter is about, who has shown a sign of life."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import BindParameter, ColumnElement, ScalarSelect, and_, bindparam, func, or_, select, true
from sqlalchemy.orm import joinedload

from portal.db import plain, read
from portal.domain.account import PeerState, Purpose
from portal.domain.booking import BookingState
from portal.domain.notice import CALENDAR_KINDS, REMINDERS, Channel, Kind, NoticeState, QuietHours, own_words
from portal.domain.slots import Policy
from portal.models import (
    Booking,
    Consent,
    Invitation,
    Notice,
    Offer,
    PeerProfile,
    Person,
    SafeContact,
    SignInCode,
    Suggestion,
    Unsubscribe,
    Walk,
)
from portal.queries.account import hash_of
from portal.queries.notice.ahead import ANEW, SAME_DAY, ahead, look_ahead
from portal.queries.notice.standing import may_go_out

AT_ONCE = 200
# More than the workers send between two sweeps.
POSTED_AT_ONCE = 10_000


class Recipient(NamedTuple):
    """When somebody wants letters, and which reminders; quiet hours in minutes of their day."""

    id: int
    zone: str
    reminder_leads: str
    quiet_from: int
    quiet_until: int

    @property
    def quiet(self) -> QuietHours:
        """When they want to hear nothing."""
        return QuietHours(self.quiet_from, self.quiet_until)


_RECIPIENTS = select(*(getattr(Person, name) for name in Recipient._fields)).where(
    or_(Person.id == bindparam("one"), Person.id == bindparam("other"))
)
_PERSON: BindParameter[int] = bindparam("person_id")


def _may_email(person_id: BindParameter[int]) -> ScalarSelect[bool]:
    return select(SafeContact.may_email).where(SafeContact.person_id == person_id).scalar_subquery()


def _letters_taken_back(person_id: BindParameter[int]) -> ScalarSelect[datetime | None]:
    theirs = select(Consent.withdrawn_at).where(Consent.person_id == person_id, Consent.purpose == Purpose.LETTERS)
    return theirs.order_by(Consent.given_at.desc(), Consent.id.desc()).limit(1).scalar_subquery()


def may_write_to(person_id: BindParameter[int]) -> ColumnElement[bool]:
    """Return the condition of may_be_written_to, for statements that ask for more than that."""
    return and_(func.coalesce(_may_email(person_id), true()), _letters_taken_back(person_id).is_(None))


_MAY_BE_WRITTEN_TO = select(_may_email(_PERSON), _letters_taken_back(_PERSON))


_CLAIMABLE = (
    select(Notice)
    .where(
        Notice.id.in_(bindparam("ids", expanding=True)),
        Notice.state == NoticeState.DUE,
        Notice.due_at <= bindparam("now"),
        may_go_out(),
    )
    .order_by(Notice.id)
    .with_for_update(skip_locked=True)
)
_SENDING = (
    select(Notice.id, Notice.attempts)
    .where(Notice.id.in_(bindparam("ids", expanding=True)), Notice.state == NoticeState.SENDING)
    .order_by(Notice.id)
    .with_for_update()
)


@dataclass(frozen=True)
class Reason:
    """What a letter is about, as far as the page behind its link needs to know."""

    kind: Kind
    booking_id: int | None
    walk_id: int | None
    about: str


def notice(notice_id: int) -> Notice | None:
    """Return one row of the outbox as it is now."""
    return read().get(Notice, notice_id, populate_existing=True)


def claimable(notice_ids: Sequence[int], now: datetime) -> list[Notice]:
    """Return those of these letters that are due and free, locked, in the order of their ids; with them is read what
    decides about them and what they tell of. None of it is part of the session: a claim writes its rows all at once,
    and what they tell of is looked at when its transaction is over."""
    due = read().scalars(_CLAIMABLE, {"ids": notice_ids, "now": now}, execution_options=ANEW)
    rows = look_ahead(due.all(), now)
    read().flush()
    read().expunge_all()
    return rows


def still_sending(tries: Mapping[int, int]) -> set[int]:
    """Return which of these letters are still on their way by this try, locked."""
    found = plain().execute(_SENDING, {"ids": list(tries)})
    return {notice_id for notice_id, attempts in found if attempts == tries[notice_id]}


def doubted(notice_ids: Sequence[int]) -> set[int]:
    """Return which of these letters may have been taken already."""
    return set(read().scalars(select(Notice.id).where(Notice.id.in_(notice_ids), Notice.doubts > 0)))


def tries_of_due(notice_id: int, now: datetime) -> int | None:
    """Return how often a letter was tried that is due; None where it is not. Nothing of it is opened."""
    tries = select(Notice.attempts).where(Notice.id == notice_id, Notice.state == NoticeState.DUE, Notice.due_at <= now)
    return read().scalar(tries.with_for_update())


def reminders_beside(row: Notice) -> list[Notice]:
    """Return this reminder and the others of its kind to the same person at about that time: waiting, on their way,
    sent."""
    theirs = ahead().reminders.get((row.person_id, row.kind), [])
    return [each for each in theirs if abs(each.due_at - row.due_at) <= SAME_DAY]


def waits_for_older(row: Notice, now: datetime) -> bool:
    """Say whether an older letter of this reason to this person is still on its way, or about to be."""
    return any(each.id < row.id and each.state is not NoticeState.SENT for each in ahead().siblings_of(row))


def newer_went_out(row: Notice) -> bool:
    """Say whether a newer letter of this reason has already gone to this person."""
    return any(each.id > row.id and each.state is not NoticeState.DUE for each in ahead().siblings_of(row))


def due_ids(now: datetime) -> list[int]:
    """Return what should go out now, the longest owed first, at most POSTED_AT_ONCE."""
    due = select(Notice.id).where(Notice.state == NoticeState.DUE, Notice.due_at <= now, may_go_out())
    return list(read().scalars(due.order_by(Notice.due_at, Notice.id).limit(POSTED_AT_ONCE)))


def lapsed_ids(now: datetime, after: int) -> list[int]:
    """Return the letters whose worker has not come back in time, the ids after `after`, at most AT_ONCE."""
    gone = select(Notice.id).where(*_gone(now), Notice.id > after)
    return list(read().scalars(gone.order_by(Notice.id).limit(AT_ONCE)))


def lapsed_letter(notice_id: int, now: datetime) -> Notice | None:
    """Return one of them, locked; None where its worker came back, or somebody else decides about it just now."""
    gone = select(Notice).where(Notice.id == notice_id, *_gone(now)).with_for_update(skip_locked=True)
    return read().scalar(gone.execution_options(populate_existing=True))


def _gone(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (Notice.state == NoticeState.SENDING, Notice.lease_until <= now)


def person(person_id: int) -> Person | None:
    """Return who a letter goes to."""
    return ahead().people.get(person_id) or read().get(Person, person_id)


def may_be_written_to(person_id: int) -> bool:
    """Say whether letters are allowed: consent not taken back, and e-mail not named as unsafe."""
    known = ahead().safe.get(person_id)
    if known is not None:
        return known.allowed
    may_email, taken_back = plain().execute(_MAY_BE_WRITTEN_TO, {"person_id": person_id}).one()
    return may_email is not False and taken_back is None


def agrees_to_letters(person_id: int) -> bool:
    """Say whether somebody has not taken back that they are written to."""
    _, taken_back = plain().execute(_MAY_BE_WRITTEN_TO, {"person_id": person_id}).one()
    return taken_back is None


def own_words_of(reader: Person) -> str:
    """Return what somebody wants their letters to say on the outside; empty where the usual words are to stand."""
    known = ahead().safe.get(reader.id)
    if known is not None:
        return own_words(known.words, reader.discretion)
    chosen = read().scalar(select(SafeContact.subject_words).where(SafeContact.person_id == reader.id))
    return own_words(chosen or "", reader.discretion)


def chat(booking_id: int) -> Booking | None:
    """Return a chat with both people."""
    held = ahead().chats.get(booking_id)
    if held is not None:
        return held
    return read().scalar(
        select(Booking)
        .where(Booking.id == booking_id)
        .options(joinedload(Booking.member), joinedload(Booking.peer))
        .execution_options(populate_existing=True)
    )


def recipients(one_id: int, other_id: int) -> dict[int, Recipient]:
    """Return two people by id, as far as it decides when letters reach them."""
    return {row[0]: Recipient(*row) for row in plain().execute(_RECIPIENTS, {"one": one_id, "other": other_id})}


def as_recipient(person: Person) -> Recipient:
    """Return somebody as far as it decides when letters reach them."""
    return Recipient(*(getattr(person, name) for name in Recipient._fields))


def chats_ahead(person_id: int, now: datetime) -> list[Booking]:
    """Return somebody's booked chats that have not begun, the next one first."""
    theirs = or_(Booking.member_id == person_id, Booking.peer_id == person_id)
    ahead = select(Booking).where(theirs, Booking.state == BookingState.BOOKED, Booking.starts_at > now)
    return list(read().scalars(ahead.order_by(Booking.starts_at)))


def reminder_leads(booking: Booking, person_id: int) -> set[str]:
    """Return which reminders of a chat, at its time now, somebody has a row for."""
    leads = select(Notice.lead).where(
        Notice.booking_id == booking.id,
        Notice.person_id == person_id,
        Notice.revision == booking.revision,
        Notice.kind.in_(list(REMINDERS)),
    )
    return set(read().scalars(leads))


def sent_leads(booking: Booking, person_id: int) -> set[str]:
    """Return which reminders of a chat, at its time now, have gone out to somebody, or are on their way."""
    sent = select(Notice.lead).where(
        Notice.booking_id == booking.id,
        Notice.person_id == person_id,
        Notice.revision == booking.revision,
        Notice.kind.in_(list(REMINDERS)),
        Notice.state.in_([NoticeState.SENT, NoticeState.SENDING]),
    )
    return set(read().scalars(sent))


def invitations(booking_id: int) -> dict[int, Invitation]:
    """Return a chat's calendar entries by the person they belong to."""
    known = ahead().entries.get(booking_id)
    if known is not None:
        return known
    found = read().scalars(select(Invitation).where(Invitation.booking_id == booking_id))
    return {invitation.person_id: invitation for invitation in found}


@dataclass(frozen=True)
class Told:
    """Whose letter with the time of a chat has gone out, and whose letter that it is cancelled."""

    invited: frozenset[int]
    cancelled: frozenset[int]


def told_of(booking_id: int, revision: int) -> Told:
    """Return who has been told of a chat's last time, and who of its cancelling at this revision; a letter that may
    have gone out counts as gone."""
    rows = read().execute(
        select(Notice.person_id, Notice.kind, Notice.revision, Notice.state, Notice.doubts)
        .where(
            Notice.booking_id == booking_id,
            Notice.kind.in_(list(CALENDAR_KINDS)),
            Notice.channel == Channel.EMAIL,  # the entry in a calendar came by letter
        )
        .order_by(Notice.id)
    )
    invited: dict[int, bool] = {}
    cancelled: set[int] = set()
    for person_id, kind, at, state, doubts in rows:
        if person_id is None:
            continue
        went_out = state in (NoticeState.SENT, NoticeState.SENDING) or doubts > 0
        if kind is not Kind.CANCELLATION:
            invited[person_id] = went_out
        elif went_out and at == revision:
            cancelled.add(person_id)
    return Told(frozenset(each for each, told in invited.items() if told), frozenset(cancelled))


def walk(walk_id: int) -> Walk | None:
    """Return a walk with both people."""
    return ahead().walks.get(walk_id) or read().scalar(
        select(Walk)
        .where(Walk.id == walk_id)
        .options(joinedload(Walk.member), joinedload(Walk.peer))
        .execution_options(populate_existing=True)
    )


def code_lives(code_id: int, now: datetime) -> bool:
    """Say whether a sign-in code can still be typed in."""
    code = read().get(SignInCode, code_id, populate_existing=True)
    return code is not None and code.used_at is None and now < code.expires_at


def says_yes_first(peer_id: int) -> bool:
    """Say whether this peer is asked for each time before it stands."""
    known = ahead().says_yes_first
    if peer_id in known:
        return known[peer_id]
    return bool(read().scalar(select(PeerProfile.says_yes_first).where(PeerProfile.person_id == peer_id)))


def chat_minutes(peer_id: int) -> int:
    """Return how long a chat with this peer takes; the usual length where they have not said."""
    said = read().scalar(select(PeerProfile.length_minutes).where(PeerProfile.person_id == peer_id))
    return said or Policy().length_minutes


def is_approved_peer(person_id: int) -> bool:
    """Say whether this peer's application stands approved."""
    state = read().scalar(select(PeerProfile.state).where(PeerProfile.person_id == person_id))
    return state is PeerState.APPROVED


def waits_to_say_ready(person_id: int) -> bool:
    """Say whether this peer is still to be asked whether they are ready: approved, not resting, silent since."""
    profile = read().get(PeerProfile, person_id, populate_existing=True)
    if profile is None or profile.state is not PeerState.APPROVED or profile.resting_since is not None:
        return False
    said, asked = profile.ready_at, profile.ready_asked_at
    return said is not None and asked is not None and said < asked


def reason_for(person_id: int, notice_id: int) -> Reason | None:
    """Return what a letter is about, for the person it went to; None for anybody else."""
    row = read().scalar(select(Notice).where(Notice.id == notice_id, Notice.person_id == person_id))
    return Reason(row.kind, row.booking_id, row.walk_id, row.about) if row is not None else None


def key_of(token: str) -> Unsubscribe | None:
    """Return this key from a letter's header: whose it is, what it ends and what it has ended."""
    return read().get(Unsubscribe, hash_of(token), populate_existing=True)


def has_unseen_offer(walk_id: int) -> bool:
    """Say whether somebody has offered whom the member has not seen yet."""
    unseen = select(Suggestion.id).where(
        Suggestion.walk_id == walk_id,
        Suggestion.offered_at.is_not(None),
        Suggestion.shown_at.is_(None),
        Suggestion.closed_at.is_(None),
    )
    return read().scalar(unseen.limit(1)) is not None


def may_still_offer(walk_id: int, person_id: int | None) -> bool:
    """Say whether this peer was asked who offers and has not answered yet."""
    unanswered = select(Offer.peer_id).where(Offer.walk_id == walk_id, Offer.answer.is_(None))
    return person_id in set(read().scalars(unanswered))
