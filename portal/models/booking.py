"""Coffee chats, the times they occupy for both people, and each person's invitation."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.domain.booking import BookingState, Felt
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

    walk: Mapped[Walk] = relationship(lazy="raise")
    member: Mapped[Person] = relationship(lazy="raise", foreign_keys=[member_id])
    peer: Mapped[Person] = relationship(lazy="raise", foreign_keys=[peer_id])
    invitations: Mapped[list["Invitation"]] = relationship(lazy="raise", back_populates="booking")


class Hold(Base):
    """The time a live booking occupies for one person; the database refuses two that overlap."""

    __tablename__ = "hold"
    __table_args__ = (CheckConstraint("ends_at > starts_at", name="stretch"), Index(None, "person_id", "ends_at"))

    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    rest_minutes: Mapped[int] = mapped_column(default=0)
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

    booking: Mapped[Booking] = relationship(lazy="raise", back_populates="invitations")


class ChatFelt(Base):
    """How a chat was for a peer, by their own word; the member is never told."""

    __tablename__ = "chat_felt"
    __table_args__ = (Index(None, "person_id", "at"),)

    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    felt: Mapped[Felt] = mapped_column(state(Felt))
    at: Mapped[datetime]
