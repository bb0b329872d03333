"""A letter between its claim and its settling, and what became of it on the way."""

from dataclasses import dataclass, field

from portal.domain.notice import Channel, Kind
from portal.mail.errors import SendingError


@dataclass(frozen=True)
class Parcel:
    """A claimed notice on its way; `attempt` tells this try from a later one by another worker."""

    notice_id: int
    attempt: int
    kind: Kind
    channel: Channel
    booking_id: int | None
    person_id: int | None
    to: str = field(repr=False)
    raw: bytes = field(repr=False)


@dataclass(frozen=True)
class Outcome:
    """What the other side said: taken where there is no trouble, by `receipt` where the carrier names what it takes."""

    parcel: Parcel
    trouble: SendingError | None = None
    receipt: str | None = None
