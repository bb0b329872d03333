"""A safe coffee: naming a person of trust, "I have arrived", "I am home"; where somebody is, is asked by nobody."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from portal.db import retry_once, transaction
from portal.domain.booking import BookingState
from portal.domain.booking.safe_coffee import (
    HOURS_AFTER,
    NO_ADDRESS,
    NOBODY_GOES,
    NOT_OFFERED,
    NOTHING_TOLD,
    OWN_ADDRESS,
    TOO_EARLY,
    TOO_LATE,
    Tell,
    as_stored,
    as_told,
    home_by,
    is_for,
    may_arrive,
    may_be_home,
)
from portal.domain.errors import BadInput, NotFound, Stale
from portal.mail.address import bare_address, host_of
from portal.models import Booking, SafeCoffee
from portal.queries import booking as booking_queries
from portal.queries.booking import safe_coffee as queries
from portal.services import audit, once
from portal.services.notice.trusted import forget_written, owe_trusted, void_waiting
from portal.services.one_by_one import in_pages, one_by_one


class _Side(NamedTuple):
    session: Session
    booking: Booking
    row: SafeCoffee


@retry_once
def trust(
    booking_id: int,
    actor_id: int,
    name: str,
    address: str,
    tells: Collection[Tell],
    hours: int,
    *,
    key: str,
    now: datetime,
) -> int:
    """Name a person of trust for one chat and what they may be told; BadInput for an address that is none."""
    mailbox = _mailbox(address, actor_id)
    if not tells:
        raise BadInput("tells", NOTHING_TOLD)
    if hours not in HOURS_AFTER:
        raise BadInput("hours", NOT_OFFERED)
    form = once.form(actor_id, key, "trust", booking_id, name, mailbox, as_stored(tells), hours)
    with _own_side(form, booking_id, now) as side:
        if side is not None:
            if now >= side.booking.ends_at:
                raise Stale(TOO_LATE)
            row = side.row
            row.trusted_name, row.trusted_address, row.tells = name, mailbox, as_stored(tells)
            row.home_by = home_by(side.booking.ends_at, hours) if Tell.WAITS in tells else None
            side.session.flush()
            forget_written(side.session, booking_id, actor_id)
            _owe_waiting(side, now)
            audit.record(side.session, "trust named", "booking", booking_id, actor_id=actor_id, now=now)
    return booking_id


@retry_once
def trust_nobody(booking_id: int, actor_id: int, *, key: str, now: datetime) -> int:
    """Take the person of trust back: their name and address are let go at once, and nothing more is told."""
    form = once.form(actor_id, key, "trust nobody", booking_id)
    with _own_side(form, booking_id, now, whatever_came=True) as side:
        if side is not None:
            _let_go(side.session, side.row)
            void_waiting(side.session, booking_id, actor_id, now=now)
            audit.record(side.session, "trust taken back", "booking", booking_id, actor_id=actor_id, now=now)
    return booking_id


@retry_once
def arrived(booking_id: int, actor_id: int, *, key: str, now: datetime) -> int:
    """Say "I have arrived"; the other of the two sees it, a person of trust is told where that was wished."""
    with _own_side(once.form(actor_id, key, "arrived", booking_id), booking_id, now) as side:
        if side is not None and side.row.arrived_at is None:
            if not may_arrive(side.booking.starts_at, side.booking.ends_at, now):
                raise Stale(TOO_EARLY if now < side.booking.starts_at else TOO_LATE)
            side.row.arrived_at = now
            _tell(side, Tell.ARRIVED, now)
    return booking_id


@retry_once
def home(booking_id: int, actor_id: int, *, key: str, now: datetime) -> int:
    """Say "I am home"; only a person of trust is told, where that was wished, and nobody waits any more."""
    with _own_side(once.form(actor_id, key, "home", booking_id), booking_id, now, whatever_came=True) as side:
        if side is not None and side.row.home_at is None:
            if not may_be_home(side.booking.starts_at, side.booking.ends_at, now):
                raise Stale(TOO_EARLY if now < side.booking.starts_at else TOO_LATE)
            side.row.home_at = now
            side.session.flush()
            void_waiting(side.session, booking_id, actor_id, now=now)
            _tell(side, Tell.HOME, now)
    return booking_id


def let_go_of_trusted(*, now: datetime) -> int:
    """Forget who was trusted for chats that are long over; returns for how many."""
    return one_by_one("chat", in_pages(lambda after: queries.of_no_more_use(now, after)), _let_go_of_chat)


@retry_once
def _let_go_of_chat(booking_id: int) -> bool:
    with transaction() as session:
        for row in queries.safe_rows(booking_id):
            _let_go(session, row)
        return True


@contextmanager
def _own_side(
    form: once.Form, booking_id: int, now: datetime, *, whatever_came: bool = False
) -> Iterator[_Side | None]:
    """Open a verb on one's own side of a chat to which one goes; gives None when this form was used before.

    `whatever_came`: also after the chat was called off or the walk has ended, for whoever had said something here.
    """
    actor_id = form.person_id
    with transaction() as session:
        said = whatever_came and queries.safe_row(booking_id, actor_id) is not None
        if not said and booking_queries.two_of_chat(actor_id, booking_id) is None:
            raise NotFound
        booking_queries.lock_people(actor_id)
        if form.result() is not None:
            yield None
            return
        booking = session.get_one(Booking, booking_id, populate_existing=True)
        if not is_for(booking.format):
            raise Stale(NOBODY_GOES)
        if not said and booking.state not in (BookingState.BOOKED, BookingState.HAPPENED):
            raise Stale(TOO_LATE)
        row = queries.safe_row(booking_id, actor_id)
        if row is None:
            row = SafeCoffee(booking_id=booking_id, person_id=actor_id)
            session.add(row)
            session.flush()
        yield _Side(session, booking, row)
        form.remember(session, booking_id, now)


def _tell(side: _Side, tell: Tell, now: datetime) -> None:
    side.session.flush()
    if tell in as_told(side.row.tells):
        owe_trusted(side.session, side.booking, side.row.person_id, tell, due_at=now, now=now)


def _owe_waiting(side: _Side, now: datetime) -> None:
    void_waiting(side.session, side.booking.id, side.row.person_id, now=now)
    if side.row.home_by is not None and side.row.home_at is None:
        owe_trusted(side.session, side.booking, side.row.person_id, Tell.WAITS, due_at=side.row.home_by, now=now)


def _let_go(session: Session, row: SafeCoffee) -> None:
    forget_written(session, row.booking_id, row.person_id)
    row.trusted_name = row.trusted_address = row.tells = ""
    row.home_by = None


def _mailbox(typed: str, actor_id: int) -> str:
    try:
        mailbox = bare_address(typed)
    except ValueError:
        raise BadInput("address", NO_ADDRESS) from None
    if "." not in host_of(mailbox):
        raise BadInput("address", NO_ADDRESS)
    if mailbox.lower() == queries.email_of(actor_id).lower():
        raise BadInput("address", OWN_ADDRESS)
    return mailbox
