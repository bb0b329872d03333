"""How news reaches somebody: by which ways for which group of notices, and on which devices how much is said."""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import delete

from portal.calendars.busy import address_of
from portal.channels.push import Push
from portal.db import retry_once, transaction
from portal.domain.account import Discretion
from portal.domain.errors import BadInput, NotFound
from portal.domain.notice import Channel, Group
from portal.domain.slots.calendars import Unreadable
from portal.domain.words import N_
from portal.models import ChannelChoice, PushDevice
from portal.queries.notice import ways as queries
from portal.services import audit
from portal.services.account.people import locked
from portal.services.notice.office import office

USUAL = frozenset({Channel.EMAIL})
MOST_DEVICES = 10
POINT_BYTES, SECRET_BYTES = 65, 16
NOT_TAKEN = N_("This browser did not answer as we expected. Nothing was changed.")
TOO_MANY = N_("You have signs on %(most)s devices already. Please take one away first.")


@dataclass(frozen=True)
class Subscription:
    """What a browser gives out when it is asked for signs (RFC 8030, RFC 8291)."""

    endpoint: str = field(repr=False)
    p256dh: str = field(repr=False)
    auth: str = field(repr=False)


@retry_once
def set_ways(person_id: int, chosen: Mapping[Group, frozenset[Channel]], *, now: datetime) -> None:
    """Keep by which ways each group of notices comes; nothing chosen means by letter. Ways that are not set up here,
    or not by this person, are left out."""
    with transaction() as session:
        locked(session, person_id)
        groups = delete(ChannelChoice).where(
            ChannelChoice.person_id == person_id, ChannelChoice.group.in_(list(chosen))
        )
        session.execute(groups, execution_options={"synchronize_session": False})
        for group, channels in chosen.items():
            kept = channels & ways_here()
            if kept - USUAL:
                session.add_all(ChannelChoice(person_id=person_id, group=group, channel=each) for each in sorted(kept))
        audit.record(session, "ways changed", "person", person_id, actor_id=person_id, now=now)


@retry_once
def add_device(person_id: int, asked: Subscription, *, now: datetime) -> int:
    """Keep a device that asked for signs; returns its id. A device that somebody else used before is this one's now.

    BadInput where signs are not set up, the endpoint is not on the open internet, or there are too many devices.
    """
    endpoint = _checked(asked)
    hashed = hashlib.sha256(endpoint.encode()).hexdigest()
    with transaction() as session:
        locked(session, person_id)
        known = queries.device_by_hash(hashed)
        if known is not None and known.person_id == person_id:
            return known.id
        if known is not None:
            session.delete(known)
            session.flush()
        if len(queries.devices(person_id)) >= MOST_DEVICES:
            raise BadInput("endpoint", TOO_MANY, most=MOST_DEVICES)
        device = PushDevice(
            person_id=person_id,
            endpoint=endpoint,
            endpoint_hash=hashed,
            p256dh=asked.p256dh,
            auth=asked.auth,
            discretion=Discretion.DOT,
            created_at=now,
        )
        session.add(device)
        session.flush()
        audit.record(session, "device added", "person", person_id, actor_id=person_id, now=now)
        return device.id


@retry_once
def set_device_discretion(person_id: int, device_id: int, discretion: Discretion, *, now: datetime) -> None:
    """Set how much a sign says on this device; NotFound for somebody else's."""
    with transaction() as session:
        locked(session, person_id)
        _own(person_id, device_id).discretion = discretion
        audit.record(session, "device changed", "person", person_id, actor_id=person_id, now=now)


@retry_once
def remove_device(person_id: int, device_id: int, *, now: datetime) -> None:
    """Send no more signs to this device; NotFound for somebody else's, or one that is gone already."""
    with transaction() as session:
        locked(session, person_id)
        session.delete(_own(person_id, device_id))
        audit.record(session, "device removed", "person", person_id, actor_id=person_id, now=now)


def _own(person_id: int, device_id: int) -> PushDevice:
    found = next((device for device in queries.devices(person_id) if device.id == device_id), None)
    if found is None:
        raise NotFound
    return found


def _checked(asked: Subscription) -> str:
    if Channel.PUSH not in office().ways:
        raise BadInput("endpoint", NOT_TAKEN)
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes(asked.p256dh, POINT_BYTES))
        _bytes(asked.auth, SECRET_BYTES)
        return address_of(asked.endpoint).text
    except (Unreadable, ValueError, binascii.Error):
        raise BadInput("endpoint", NOT_TAKEN) from None


def _bytes(text: str, size: int) -> bytes:
    found = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if len(found) != size:
        raise ValueError("not a key of this size")
    return found


def ways_here() -> frozenset[Channel]:
    """Return the ways that this site has set up; letters always."""
    return USUAL | frozenset(office().ways)


def push_key() -> str:
    """Return what a browser needs to ask for signs of this site; empty where they are not set up."""
    way = office().ways.get(Channel.PUSH)
    return way.public_key if isinstance(way, Push) else ""
