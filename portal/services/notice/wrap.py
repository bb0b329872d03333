"""Puts a notice into what its way takes: a letter whole, of a text or a sign only the subject and the one link."""

from datetime import datetime

from portal.channels import push, text
from portal.domain.account import CODE_LIFE, Discretion
from portal.domain.notice import MOST_SEGMENTS, Channel, Kind, plain_marks, segments, text_of
from portal.mail.texts import phone_code
from portal.models import Notice, PushDevice
from portal.queries import notice as queries
from portal.queries.notice import ways
from portal.services.notice import write
from portal.services.notice.office import Office
from portal.services.notice.write import Written

WORDS = "words"


def address_of(notice: Notice) -> str:
    """Return where the notice goes, as it stands now; a LookupError where nobody is there any more."""
    if notice.channel is Channel.EMAIL:
        return write.address_of(notice)
    if notice.kind is Kind.PHONE_CODE:
        return (notice.details or {})["to"]
    if notice.channel is Channel.PUSH:
        return push.addressed([_as_device(device) for device in _devices(notice)])
    phone = ways.phone(notice.person_id or 0)
    if phone is None:
        raise LookupError("there is no phone any more")
    return phone.number


def written(notice: Notice, office: Office, *, now: datetime) -> Written:
    """Write what goes out. The same bytes are kept for every repeat."""
    if notice.channel is Channel.EMAIL:
        return write.written(notice, office, now=now)
    if notice.channel is Channel.PUSH:
        return Written(push.wrapped(_signs(notice, office, now)))
    return Written(text.wrapped(_text(notice, office, now), office.receipt_link(notice.id)))


def _text(notice: Notice, office: Office, now: datetime) -> str:
    details, person = notice.details or {}, write.person_of(notice)
    if notice.kind is Kind.PHONE_CODE:
        return phone_code(person.language, details["code"], int(CODE_LIFE.total_seconds() // 60))
    link = office.link(notice.id)
    if WORDS in details and not ways.reach_of(person.id).phone_is_seen:
        # Two who agreed to it have their thread by text: the words themselves are the message. Not on a phone of
        # which its owner says that others see it.
        words = plain_marks(details[WORDS])
        return words if segments(words) <= MOST_SEGMENTS else text_of(words, link)
    return text_of(_subject(notice, office, person.discretion, now), link)


def _signs(notice: Notice, office: Office, now: datetime) -> dict[str, dict[str, str]]:
    wanted = {Discretion.DOT, *(device.discretion for device in _devices(notice))}
    return {
        discretion.value: {
            "title": _subject(notice, office, discretion, now),
            "body": "",
            "url": office.link(notice.id),
        }
        for discretion in sorted(wanted)
    }


def _subject(notice: Notice, office: Office, discretion: Discretion, now: datetime) -> str:
    """Write a letter's subject; where others see the phone it is the words somebody chose for that, or just a dot."""
    person = write.person_of(notice)
    covered = bool(queries.own_words_of(person)) and discretion is Discretion.DISCREET
    seen = ways.reach_of(person.id).phone_is_seen and not covered
    return write.letter_for(notice, office, now, Discretion.DOT if seen else discretion).subject


def _devices(notice: Notice) -> list[PushDevice]:
    return ways.devices(notice.person_id or 0)


def _as_device(device: PushDevice) -> dict[str, object]:
    return {
        "id": device.id,
        "endpoint": device.endpoint,
        "p256dh": device.p256dh,
        "auth": device.auth,
        "discretion": device.discretion.value,
    }
