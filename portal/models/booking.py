"""Coffee chats, the times they occupy for both people, each person's invitation, rhythms, open hours, feeds."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.domain.booking import BookingState, Felt, OpenHourState
from portal.domain.experience import Format
from portal.models.account import Person
from portal.models.base import Base, state
from portal.models.matching import Walk
from portal.models.types import EncryptedText


class Booking(Base):
    """A coffee chat of two people; `revision` goes up when its time or state changes."""

    __tablename__ = "booking"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="stretch"),
        Index(None, "walk_id"),
        Index(None, "state", "ends_at"),
        Index(None, "series_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    walk_id: Mapped[int] = mapped_column(ForeignKey("walk.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    peer_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    format: Mapped[Format] = mapped_column(state(Format))
    place: Mapped[str] = mapped_column(EncryptedText("booking.place"), default="")
    state: Mapped[BookingState] = mapped_column(state(BookingState), default=BookingState.BOOKED)
    revision: Mapped[int] = mapped_column(default=0)
    booked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    # What the member would like the peer to know beforehand; both see it.
    note: Mapped[str | None] = mapped_column(EncryptedText("booking.note"))
    series_id: Mapped[int | None] = mapped_column(ForeignKey("series.id"))
    # Until when an asked or offered time is held for an answer.
    answer_by: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancelled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    walk: Mapped[Walk] = relationship(lazy="raise")
    member: Mapped[Person] = relationship(lazy="raise", foreign_keys=[member_id])
    peer: Mapped[Person] = relationship(lazy="raise", foreign_keys=[peer_id])
    invitations: Mapped[list["Invitation"]] = relationship(lazy="raise", back_populates="booking")


class Hold(Base):
    """The time a live booking or an open hour occupies for one person; the database refuses two that overlap."""

    __tablename__ = "hold"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="stretch"),
        CheckConstraint("(booking_id IS NULL) <> (open_hour_id IS NULL)", name="reason"),
        UniqueConstraint("booking_id", "person_id"),
        Index(None, "open_hour_id"),
        Index(None, "person_id", "ends_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id"))
    open_hour_id: Mapped[int | None] = mapped_column(ForeignKey("open_hour.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    rest_before_minutes: Mapped[int] = mapped_column(default=0)
    rest_after_minutes: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)


class Invitation(Base):
    """One person's calendar entry for a booking: its UID lives as long as the booking does."""

    __tablename__ = "invitation"
    __table_args__ = (UniqueConstraint("uid"),)

    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    uid: Mapped[str] = mapped_column(String(36))
    sequence: Mapped[int] = mapped_column(default=0)
    invited_at: Mapped[datetime | None]
    # When time or state last changed: the same stamp for whoever reads the entry again and again.
    changed_at: Mapped[datetime | None]
    # Where they stand; and what their calendar answered last (METHOD:REPLY), to which state of the entry.
    partstat: Mapped[str | None] = mapped_column(String(16))
    replied_at: Mapped[datetime | None]
    reply_stamp: Mapped[datetime | None]
    reply_sequence: Mapped[int | None]

    booking: Mapped[Booking] = relationship(lazy="raise", back_populates="invitations")


class ChatFelt(Base):
    """How a chat was for a peer, by their own word; the member is never told."""

    __tablename__ = "chat_felt"
    __table_args__ = (Index(None, "person_id", "at"),)

    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    felt: Mapped[Felt] = mapped_column(state(Felt))
    at: Mapped[datetime]


class Series(Base):
    """A rhythm of two people: its bookings are chats of their own, each moved and called off alone."""

    __tablename__ = "series"
    __table_args__ = (CheckConstraint("every_weeks BETWEEN 1 AND 8", name="every"), Index(None, "walk_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    walk_id: Mapped[int] = mapped_column(ForeignKey("walk.id"))
    every_weeks: Mapped[int]
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]


class TimeWish(Base):
    """ "Tell me if something earlier opens": a member's wish for a time before another, offered to one at a time."""

    __tablename__ = "time_wish"
    __table_args__ = (Index(None, "walk_id"), Index(None, "booking_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    walk_id: Mapped[int] = mapped_column(ForeignKey("walk.id"))
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id"))
    before: Mapped[datetime]
    # The starts that are not to be offered, in minutes since 1970: those that were open already, and those not taken.
    passed_over: Mapped[list[int]] = mapped_column(JSON, default=list)
    since: Mapped[datetime]
    offered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class SafeCoffee(Base):
    """ "I have arrived", "I am home": what one of the two said around a chat, and who is told; never where they are."""

    __tablename__ = "safe_coffee"

    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    trusted_name: Mapped[str] = mapped_column(EncryptedText("safe_coffee.trusted_name"), default="")
    trusted_address: Mapped[str] = mapped_column(EncryptedText("safe_coffee.trusted_address"), default="")
    tells: Mapped[str] = mapped_column(String(24), default="")
    home_by: Mapped[datetime | None]
    arrived_at: Mapped[datetime | None]
    home_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]


class OpenHour(Base):
    """A willing ear: an hour in which members matched with a peer may come without booking, in turn."""

    __tablename__ = "open_hour"
    __table_args__ = (CheckConstraint("ends_at > starts_at", name="stretch"), Index(None, "peer_id", "ends_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    peer_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    format: Mapped[Format] = mapped_column(state(Format))
    place: Mapped[str] = mapped_column(EncryptedText("open_hour.place"), default="")
    state: Mapped[OpenHourState] = mapped_column(state(OpenHourState), default=OpenHourState.PLANNED)
    created_at: Mapped[datetime]


class OpenHourVisit(Base):
    """A member who has come to an open hour: the order of coming is the order of turns."""

    __tablename__ = "open_hour_visit"
    __table_args__ = (UniqueConstraint("open_hour_id", "member_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    open_hour_id: Mapped[int] = mapped_column(ForeignKey("open_hour.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    walk_id: Mapped[int] = mapped_column(ForeignKey("walk.id"))
    came_at: Mapped[datetime]
    called_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]


class CalendarFeed(Base):
    """The address under which a calendar reads somebody's own chats: a key, stored hashed, that can be taken back."""

    __tablename__ = "calendar_feed"
    __table_args__ = (UniqueConstraint("token_hash"), Index(None, "person_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    token_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
