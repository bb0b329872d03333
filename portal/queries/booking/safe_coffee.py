"""What one of the two said around a chat, and whom they trust: always only for the one who said it."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import bindparam, or_, select

from portal.db import plain, read
from portal.domain.booking.safe_coffee import HOME_WITHIN, KEPT, Tell, as_told
from portal.models import Booking, Person, SafeCoffee

FORGOTTEN_AT_ONCE = 100


@dataclass(frozen=True)
class Safe:
    """One person's own side of a safe coffee."""

    trusted_name: str = ""
    trusted_address: str = field(default="", repr=False)
    tells: frozenset[Tell] = frozenset()
    home_by: datetime | None = None
    arrived_at: datetime | None = None
    home_at: datetime | None = None


def safe_of(person_id: int, booking_id: int) -> Safe:
    """Return what somebody said around a chat; nothing said is an empty one."""
    row = safe_row(booking_id, person_id)
    if row is None:
        return Safe()
    tells = as_told(row.tells)
    return Safe(row.trusted_name, row.trusted_address, tells, row.home_by, row.arrived_at, row.home_at)


def has_arrived(person_id: int, booking_id: int) -> bool:
    """Say whether somebody said that they have arrived: the one thing the other of the two sees."""
    said = select(SafeCoffee.arrived_at).where(
        SafeCoffee.booking_id == booking_id, SafeCoffee.person_id == person_id, SafeCoffee.arrived_at.is_not(None)
    )
    return read().scalar(said) is not None


def safe_row(booking_id: int, person_id: int) -> SafeCoffee | None:
    """Return the row of one person's side, as it is now."""
    return read().get(SafeCoffee, (booking_id, person_id), populate_existing=True)


def safe_rows(booking_id: int) -> list[SafeCoffee]:
    """Return both people's rows of a chat, where there are any."""
    rows = select(SafeCoffee).where(SafeCoffee.booking_id == booking_id).order_by(SafeCoffee.person_id)
    return list(read().scalars(rows))


def not_home_yet(person_id: int, now: datetime) -> list[int]:
    """Return the chats somebody went to and has not said they are home from, while somebody may wait for that."""
    asked = {"person_id": person_id, "now": now, "since": now - HOME_WITHIN}
    return list(plain().execute(_NOT_HOME, asked).scalars())


def email_of(person_id: int) -> str:
    """Return the address somebody signs in with."""
    return read().scalars(select(Person.email).where(Person.id == person_id)).one()


def of_no_more_use(now: datetime, after: int) -> list[int]:
    """Return the chats that are long over and for which somebody is still trusted, from the first id after `after` on,
    at most FORGOTTEN_AT_ONCE."""
    # One that was called off lies behind from then on, however far ahead it was.
    over = or_(Booking.ends_at < now - KEPT, Booking.cancelled_at < now - KEPT)
    # Whoever is trusted is told something; what is encrypted cannot be compared.
    rows = select(Booking.id).join(SafeCoffee, SafeCoffee.booking_id == Booking.id).where(SafeCoffee.tells != "", over)
    return list(read().scalars(rows.where(Booking.id > after).distinct().order_by(Booking.id).limit(FORGOTTEN_AT_ONCE)))


# Stands ready: everybody's page asks.
_NOT_HOME = (
    select(SafeCoffee.booking_id)
    .join(Booking, Booking.id == SafeCoffee.booking_id)
    .where(SafeCoffee.person_id == bindparam("person_id"))
    .where(SafeCoffee.arrived_at.is_not(None), SafeCoffee.home_at.is_(None), SafeCoffee.home_by.is_not(None))
    .where(Booking.starts_at <= bindparam("now"), Booking.ends_at > bindparam("since"))
    .order_by(Booking.starts_at)
)
