"""Writes the letter of a row: reads what it is about, gives plain values to `mail`, and returns the bytes to send."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from secrets import token_urlsafe

from portal.calendars.invitation import cancel, request
from portal.domain.account import CODE_LIFE, Discretion
from portal.domain.notice import CALENDAR_KINDS, ENDED_BY_ITS_KEY, REMINDERS, Group, Kind
from portal.domain.slots import nearest
from portal.mail import letters
from portal.mail.compose import compose
from portal.mail.letter import Letter, Reader
from portal.mail.letters import Chat
from portal.models import Booking, Notice, Person, SafeCoffee, Walk
from portal.queries import booking as booking_queries
from portal.queries import checkin as checkin_queries
from portal.queries import notice as queries
from portal.queries.account import hash_of
from portal.queries.booking import Two, asking, earlier, open_hours, times_of
from portal.queries.booking import safe_coffee as safe_queries
from portal.services.notice import together
from portal.services.notice.event import event_of, place_of
from portal.services.notice.office import Office
from portal.services.notice.reason import WAITING_KINDS
from portal.services.notice.trusted import tell_of

KEY_BYTES = 32
# A row of Unsubscribe.
Key = Mapping[str, object]


def address_of(notice: Notice) -> str:
    """Return where the letter goes, as it stands now."""
    if notice.person_id is None or notice.kind is Kind.SIGN_IN_CODE:
        return (notice.details or {})["to"]
    if notice.kind is Kind.TRUSTED:
        return _safe(notice).trusted_address
    return person_of(notice).email


@dataclass(frozen=True)
class Written:
    """What goes out, and the row of the key in it, where it has one."""

    raw: bytes
    key: Key | None = None


def written(notice: Notice, office: Office, *, now: datetime) -> Written:
    """Write the letter; its Message-ID is already in the row. The same bytes are kept for every repeat."""
    letter = _code(notice, office) if notice.kind is Kind.SIGN_IN_CODE else letter_for(notice, office, now)
    way_out, key = None, None
    if notice.kind in ENDED_BY_ITS_KEY and notice.person_id is not None:
        token = token_urlsafe(KEY_BYTES)
        way_out, key = office.unsubscribe_link(token), _key(token, notice, now)
    raw = compose(letter, address_of(notice), office.sender, notice.message_id or "", now, way_out)
    return Written(office.signer.signed(raw) if office.signer is not None else raw, key)


def _key(token: str, notice: Notice, now: datetime) -> Key:
    ends = ENDED_BY_ITS_KEY[notice.kind]
    return {
        "token_hash": hash_of(token),
        "person_id": notice.person_id,
        "ends": ends,
        "walk_id": notice.walk_id if ends is Group.CHECK_INS else None,
        "created_at": now,
    }


def _code(notice: Notice, office: Office) -> Letter:
    details = notice.details or {}
    person = queries.person(notice.person_id) if notice.person_id is not None else None
    reader = Reader(
        language=person.language if person else details.get("language", "en"),
        zone=person.zone if person else details.get("zone", "UTC"),
        discretion=person.discretion if person else Discretion.DISCREET,
        lines=office.lines,
        own_words=queries.own_words_of(person) if person else "",
    )
    return letters.sign_in_code(reader, details["code"], int(CODE_LIFE.total_seconds() // 60))


def letter_for(notice: Notice, office: Office, now: datetime, discretion: Discretion | None = None) -> Letter:
    """Write the letter of any kind but a code, by this discretion or by its reader's own."""
    person, link = person_of(notice), office.link(notice.id)
    if notice.kind is Kind.TRUSTED:
        return _trusted(notice, person, office)
    own_words = queries.own_words_of(person) if discretion in (None, Discretion.DISCREET) else ""
    reader = Reader(person.language, person.zone, discretion or person.discretion, office.lines, own_words)
    if notice.booking_id is not None and notice.kind in CHAT_KINDS:
        booking = queries.chat(notice.booking_id)
        if booking is not None:
            return _about_chat(notice, booking, person, reader, office, now)
    if notice.booking_id is not None and notice.kind in WAITING_KINDS:
        booking = queries.chat(notice.booking_id)
        if booking is not None:
            return _about_question(notice.kind, booking, person, reader, link, now)
    walk = queries.walk(notice.walk_id) if notice.walk_id is not None else None
    return _about_walk(notice, walk, person, reader, link)


CHAT_KINDS = frozenset({*CALENDAR_KINDS, Kind.NOT_MADE, Kind.OTHER_TIME}) | REMINDERS


def _about_chat(
    notice: Notice, booking: Booking, person: Person, reader: Reader, office: Office, now: datetime
) -> Letter:
    entry, chat, link = queries.invitations(booking.id)[person.id], chat_for(booking, person), office.link(notice.id)
    if notice.kind in REMINDERS:
        others = together.taken_along(notice)
        reminder = letters.reminder_day if notice.kind is Kind.REMINDER_DAY else letters.reminder_hours
        return reminder(reader, (chat, *(chat_for(other, person) for other in others)), link)
    if notice.kind is Kind.OTHER_TIME:
        return letters.other_time(reader, chat, _open_to_both(booking, now), link)
    if notice.kind is Kind.NOT_MADE:
        return letters.not_made(reader, chat, link)
    event = event_of(booking, entry, person, office, now=now)
    if notice.kind is Kind.CANCELLATION:
        return letters.cancellation(reader, chat, link, cancel(event))
    if notice.kind is Kind.UPDATE and entry.invited_at is not None:
        before = datetime.fromisoformat((notice.details or {})["before"])
        return letters.update(reader, chat, before, link, request(event))
    # Whoever was never invited knows of no earlier time: for them the new time is the invitation.
    return letters.invitation(reader, chat, link, request(event))


def _open_to_both(booking: Booking, now: datetime) -> tuple[datetime, ...]:
    two = booking_queries.Two(booking.walk_id, booking.member_id, booking.peer_id)
    minutes = int((booking.ends_at - booking.starts_at).total_seconds()) // 60
    times = booking_queries.times_of(two, now, without=booking.id, minutes=minutes, way=booking.format)
    others = [slot for slot in times.slots if slot.starts_at != booking.starts_at]
    return tuple(slot.starts_at for slot in nearest(others, booking.starts_at))


def _trusted(notice: Notice, person: Person, office: Office) -> Letter:
    safe, tell = _safe(notice), tell_of(notice.about)
    return letters.trusted(
        person.name,
        safe.trusted_name,
        tell,
        safe.home_by or notice.due_at,
        language=person.language,
        zone=person.zone,
        lines=office.lines,
    )


def _safe(notice: Notice) -> SafeCoffee:
    row = safe_queries.safe_row(notice.booking_id or 0, notice.person_id or 0)
    if row is None:
        raise LookupError("nobody is trusted with this letter any more")
    return row


def _about_question(kind: Kind, booking: Booking, person: Person, reader: Reader, link: str, now: datetime) -> Letter:
    until = booking.answer_by or booking.starts_at
    if kind is Kind.TIME_ASKED:
        waiting = [queries.chat(asked.id) for asked in asking.waiting_of_walk(person.id, booking.walk_id, now)]
        chats = tuple(chat_for(each, person) for each in waiting if each is not None)
        return letters.time_asked(reader, chats or (chat_for(booking, person),), until, link)
    if kind is Kind.TIME_OFFERED:
        wish = earlier.wish_of_walk(booking.walk_id)
        later = queries.chat(wish.chat_id) if wish is not None and wish.chat_id is not None else None
        return letters.time_offered(reader, chat_for(booking, person), later.starts_at if later else None, until, link)
    two = Two(booking.walk_id, booking.member_id, booking.peer_id)
    near = nearest(times_of(two, now, way=booking.format).slots, booking.starts_at)
    return letters.time_released(reader, chat_for(booking, person), [slot.starts_at for slot in near], link)


def _about_walk(notice: Notice, walk: Walk | None, person: Person, reader: Reader, link: str) -> Letter:
    kind = notice.kind
    plain = {
        Kind.SHORTLIST_READY: letters.shortlist_ready,
        Kind.CHOICE_APPROVED: letters.choice_approved,
        Kind.WALK_HELD: letters.walk_held,
        Kind.SWAPPED: letters.swapped,
        Kind.NEXT_ASKED: letters.next_asked,
        Kind.PEER_APPROVED: letters.peer_approved,
        Kind.OFFER_ASKED: letters.offer_asked,
        Kind.OFFER_MADE: letters.offer_made,
        Kind.READY_AGAIN: letters.ready_again,
        Kind.CALENDAR_LOOK: letters.calendar_look,
        Kind.FIND_A_TIME: letters.find_a_time,
        Kind.WALK_RESTS: letters.walk_rests,
        Kind.WALK_GOES_ON: letters.walk_goes_on,
        Kind.WALK_ENDING: letters.walk_ending,
        Kind.KEEPSAKE: letters.keepsake,
    }
    if kind in plain:
        return plain[kind](reader, link)
    if walk is None or walk.peer_id is None:
        raise LookupError("this kind of letter needs a walk with a peer")
    if kind is Kind.ASKED_PEER and walk.answer_by is not None:
        return letters.asked_peer(reader, walk.answer_by, link)
    other = walk.peer if person.id == walk.member_id else walk.member
    name = other.name if other is not None else ""
    if kind is Kind.BOTH_YES:
        return letters.both_yes(reader, name, queries.chat_minutes(walk.peer_id), link)
    if kind is Kind.CHECK_IN:
        return letters.check_in(reader, name, checkin_queries.check_in_words(walk.id), link)
    if kind is Kind.CHECK_IN_SET:
        return letters.check_in_set(reader, name, link)
    if kind is Kind.THREAD_LINE:
        return letters.thread_line(reader, name, link)
    if kind is Kind.OPEN_HOUR:
        return letters.open_hour(reader, name, link)
    if kind is Kind.HOUR_OFF:
        starts_at, ends_at = open_hours.span_of(open_hours.hour_of_letter(notice.about))
        return letters.hour_off(reader, name, starts_at, ends_at, link)
    if kind is Kind.REFLECT:
        return letters.reflect(reader, name, link)
    raise LookupError("nobody knows how to write this kind of letter")


def chat_for(booking: Booking, person: Person) -> Chat:
    """Return a chat as letters tell it to one of its two people."""
    other = booking.peer if person.id == booking.member_id else booking.member
    moves = person.id == booking.peer_id or not queries.says_yes_first(booking.peer_id)
    return Chat(booking.starts_at, booking.ends_at, place_of(booking), other.name, other.zone, moves)


def person_of(notice: Notice) -> Person:
    """Return who a letter goes to; a LookupError where there is nobody."""
    person = queries.person(notice.person_id) if notice.person_id is not None else None
    if person is None:
        raise LookupError("this letter has nobody to go to")
    return person
