"""The outbox: every letter owed to somebody; and the heartbeats of those who send it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.notice import Kind, NoticeState
from portal.models.base import Base, state
from portal.models.types import EncryptedBytes, EncryptedJson


class Notice(Base):
    """One letter owed; `about` names its reason ("booking-12", "walk-3", "code-9")."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("about", "person_id", "kind", "channel", "revision"),
        Index(None, "state", "due_at"),
        Index(None, "about", "person_id"),
        CheckConstraint("attempts >= 0", name="attempts"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    about: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id"))
    walk_id: Mapped[int | None] = mapped_column(ForeignKey("walk.id"))
    kind: Mapped[Kind] = mapped_column(state(Kind))
    channel: Mapped[str] = mapped_column(String(12), default="email")
    revision: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    state: Mapped[NoticeState] = mapped_column(state(NoticeState), default=NoticeState.DUE)
    attempts: Mapped[int] = mapped_column(default=0)
    doubts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(String(40))
    details: Mapped[dict[str, str] | None] = mapped_column(EncryptedJson("notice.details"))
    message_id: Mapped[str | None] = mapped_column(String(120))
    rendered: Mapped[bytes | None] = mapped_column(EncryptedBytes("notice.rendered"))
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


class Heartbeat(Base):
    """When the worker and the clock last ran."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(String(24), primary_key=True)
    at: Mapped[datetime]


class Unsubscribe(Base):
    """The key in a reminder's foot that ends reminders without signing in (RFC 8058); stored hashed."""

    __tablename__ = "unsubscribe"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
