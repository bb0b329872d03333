"""The ways to somebody: what they chose for a group of notices, their phone, their devices, what became of a text."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select

from portal.db import plain, read
from portal.domain.notice import Channel, Group, Kind, NoticeState
from portal.models import ChannelChoice, Notice, Person, Phone, PushDevice, SafeContact, TextMessage

# What the carrier says of a text at its end.
ARRIVED = frozenset({"delivered", "read"})
NOT_ARRIVED = frozenset({"undelivered", "failed", "canceled"})
Choices = dict[Group, frozenset[Channel]]


@dataclass(frozen=True)
class Reach:
    """Which ways to somebody are open as they said it: a letter, a text; and whether others see their phone."""

    may_email: bool = True
    may_text: bool = True
    phone_is_seen: bool = False
    has_phone: bool = False
    has_devices: bool = False


def chosen_ways(person_ids: Collection[int]) -> dict[int, Choices]:
    """Return what these people chose, by group; whoever chose nothing is left out."""
    rows = plain().execute(
        select(ChannelChoice.person_id, ChannelChoice.group, ChannelChoice.channel).where(
            ChannelChoice.person_id.in_(list(person_ids))
        )
    )
    found: dict[int, Choices] = {}
    for person_id, group, channel in rows:
        theirs = found.setdefault(person_id, {})
        theirs[group] = theirs.get(group, frozenset()) | {channel}
    return found


def reach_of(person_id: int) -> Reach:
    """Return which ways to somebody are open: a phone counts once its code was typed in, and until they wrote STOP."""
    phone = and_(Phone.person_id == Person.id, Phone.confirmed_at.is_not(None), Phone.stopped_at.is_(None))
    row = (
        read()
        .execute(
            select(
                SafeContact.may_email,
                SafeContact.may_text,
                SafeContact.phone_is_seen,
                Phone.person_id,
                select(PushDevice.id).where(PushDevice.person_id == Person.id).limit(1).scalar_subquery(),
            )
            .select_from(Person)
            .outerjoin(SafeContact, SafeContact.person_id == Person.id)
            .outerjoin(Phone, phone)
            .where(Person.id == person_id)
        )
        .one()
    )
    may_email, may_text, seen, phone_id, device_id = row
    return Reach(
        may_email is not False, may_text is not False, seen is True, phone_id is not None, device_id is not None
    )


def sibling(row: Notice, channel: Channel) -> Notice | None:
    """Return the row that tells the same by another way."""
    return read().scalar(
        select(Notice).where(
            Notice.about == row.about,
            Notice.person_id == row.person_id,
            Notice.kind == row.kind,
            Notice.channel == channel,
            Notice.revision == row.revision,
            Notice.lead == row.lead,
            Notice.id != row.id,
        )
    )


def phone(person_id: int) -> Phone | None:
    """Return somebody's phone as it is now, confirmed or not."""
    return read().get(Phone, person_id, populate_existing=True)


def phone_waits(person_id: int, now: datetime) -> bool:
    """Say whether somebody's phone waits for its code, and the code can still be typed in."""
    found = phone(person_id)
    return found is not None and found.code_expires_at is not None and now < found.code_expires_at


def phones_of(number_hash: str) -> list[Phone]:
    """Return whose phone this is, once its code was typed in."""
    confirmed = select(Phone).where(Phone.confirmed_at.is_not(None), Phone.number_hash == number_hash)
    return list(read().scalars(confirmed.order_by(Phone.person_id)))


def phones_of_other_keys(key_name: str) -> list[Phone]:
    """Return the phones that are hashed by another key than the one with this name (in hexadecimal digits)."""
    of_others = or_(Phone.number_hash < key_name, Phone.number_hash >= f"{key_name}g")
    return list(read().scalars(select(Phone).where(Phone.confirmed_at.is_not(None), of_others)))


def devices(person_id: int) -> list[PushDevice]:
    """Return the devices that asked for signs, in the order they did."""
    theirs = select(PushDevice).where(PushDevice.person_id == person_id).order_by(PushDevice.id)
    return list(read().scalars(theirs))


def device_by_hash(endpoint_hash: str) -> PushDevice | None:
    """Return the device with this endpoint, whoever it belongs to."""
    return read().scalar(select(PushDevice).where(PushDevice.endpoint_hash == endpoint_hash))


def text_by_sid(sid: str) -> TextMessage | None:
    """Return what is known of a text by the carrier's name for it."""
    return read().scalar(select(TextMessage).where(TextMessage.sid == sid).execution_options(populate_existing=True))


def told_by_another_text(text: TextMessage) -> bool:
    """Say whether another text of the same notice has arrived, or a later one may still."""
    later = and_(TextMessage.id > text.id, TextMessage.status.not_in(NOT_ARRIVED))
    other = select(TextMessage.id).where(
        TextMessage.notice_id == text.notice_id,
        TextMessage.id != text.id,
        or_(TextMessage.status.in_(ARRIVED), later),
    )
    return read().scalar(other.limit(1)) is not None


def told_of_chat(row: Notice) -> bool:
    """Say whether somebody was told of a chat's time by the way of this row."""
    told = select(Notice.id).where(
        Notice.about == row.about,
        Notice.person_id == row.person_id,
        Notice.channel == row.channel,
        Notice.kind.in_([Kind.INVITATION, Kind.UPDATE]),
        Notice.state == NoticeState.SENT,
    )
    return read().scalar(told.limit(1)) is not None


def codes_since(person_id: int, about: str, since: datetime) -> tuple[int, int]:
    """Return how many codes somebody has asked for since then, and how many went to the number with this name."""
    recent = select(func.count()).where(Notice.kind == Kind.PHONE_CODE, Notice.created_at >= since)
    theirs = read().scalar(recent.where(Notice.person_id == person_id)) or 0
    return theirs, read().scalar(recent.where(Notice.about == about)) or 0


def last_code(person_id: int) -> Notice | None:
    """Return the newest row of a code that went, or goes, to somebody's phone."""
    codes = select(Notice).where(Notice.person_id == person_id, Notice.kind == Kind.PHONE_CODE)
    return read().scalar(codes.order_by(Notice.id.desc()).limit(1))
