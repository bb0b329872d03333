"""What tests of texts and signs share: settings with both set up, a phone that takes texts, a device with signs."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from portal.cli.keys import new_push_key
from portal.db import read, transaction
from portal.domain.account import Discretion
from portal.domain.notice import Channel, Group
from portal.models import ChannelChoice, Notice, Phone, PushDevice, TextMessage
from portal.services.account import add_device, set_device_discretion, set_ways
from portal.services.notice.office import Office, office, open_office
from portal.settings import Settings, Texts
from tests.servers.push_service import Device, PushService
from tests.servers.twilio import ACCOUNT, NUMBER, TOKEN, Carrier

KEY = new_push_key()
ANAS, BENS = "+12025550123", "+12025550124"


def with_texts(settings: Settings, carrier: Carrier, countries: tuple[str, ...] = ("US",)) -> Settings:
    """Return the settings of a site that sends texts by this carrier, and signs."""
    return replace(settings, texts=Texts(ACCOUNT, TOKEN, NUMBER, carrier.url, countries), push_key=KEY)


def signs_end_here(service: PushService) -> None:
    """Have every sign of the open office end at this server."""
    post: Office = office()
    open_office(replace(post, ways={**post.ways, Channel.PUSH: service.way(KEY)}))


def add_phone(person_id: int, number: str, now: datetime, *, stopped: bool = False) -> None:
    """Give somebody a phone whose code was typed in."""
    with transaction() as session:
        session.add(
            Phone(
                person_id=person_id,
                number=number,
                number_hash=office().hash_of_number(number),
                created_at=now,
                confirmed_at=now,
                stopped_at=now if stopped else None,
            )
        )


def choose(person_id: int, now: datetime, *channels: Channel, groups: Iterable[Group] = tuple(Group)) -> None:
    """Have somebody choose these ways for all news, or for these groups."""
    set_ways(person_id, {group: frozenset(channels) for group in groups}, now=now)


def have_signs(
    person_id: int, service: PushService, now: datetime, discretion: Discretion = Discretion.DOT
) -> tuple[int, Device]:
    """Give somebody a device with signs; returns its id."""
    device = service.device()
    device_id = add_device(person_id, device.subscription, now=now)
    set_device_discretion(person_id, device_id, discretion, now=now)
    return device_id, device


def texts() -> list[TextMessage]:
    """Return what is known of the texts that the carrier took."""
    session = read()
    session.rollback()
    found = list(session.scalars(select(TextMessage).order_by(TextMessage.id)))
    session.expunge_all()
    session.rollback()
    return found


def phone(person_id: int) -> Phone | None:
    """Return somebody's phone as it is in the database."""
    session = read()
    session.rollback()
    found = session.get(Phone, person_id)
    session.expunge_all()
    session.rollback()
    return found


def devices(person_id: int) -> list[PushDevice]:
    """Return somebody's devices as they are in the database."""
    session = read()
    session.rollback()
    found = list(session.scalars(select(PushDevice).where(PushDevice.person_id == person_id).order_by(PushDevice.id)))
    session.expunge_all()
    session.rollback()
    return found


def choices(person_id: int) -> set[tuple[Group, Channel]]:
    """Return what somebody chose, as it is in the database."""
    session = read()
    session.rollback()
    rows = session.scalars(select(ChannelChoice).where(ChannelChoice.person_id == person_id))
    found = {(row.group, row.channel) for row in rows}
    session.rollback()
    return found


def code_in(row: Notice) -> str:
    """Return the code that a row of the outbox brings to a phone."""
    return (row.details or {})["code"]
