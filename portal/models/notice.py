"""The outbox: every notice owed to somebody, the ways it may take, and the heartbeats of those who send it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.account import Discretion
from portal.domain.notice import Channel, Group, Kind, NoticeState
from portal.models.base import Base, state
from portal.models.types import EncryptedBytes, EncryptedJson, EncryptedText


class Notice(Base):
    """One notice owed; `about` names its reason ("booking-12", "walk-3", "code-9")."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("about", "person_id", "kind", "channel", "revision", "lead"),
        Index(None, "state", "due_at"),
        Index(None, "about", "person_id"),
        Index(None, "person_id", "due_at"),
        CheckConstraint("attempts >= 0", name="attempts"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    about: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id"))
    walk_id: Mapped[int | None] = mapped_column(ForeignKey("walk.id"))
    kind: Mapped[Kind] = mapped_column(state(Kind))
    channel: Mapped[Channel] = mapped_column(state(Channel), default=Channel.EMAIL)
    # Whether the ways its person chose have been given rows of their own; until then this row stands for all of them.
    spread: Mapped[bool] = mapped_column(default=False)
    revision: Mapped[int] = mapped_column(default=0)
    # Which of several reminders this is: "1d", "120m"; empty for anything else.
    lead: Mapped[str] = mapped_column(String(8), default="")
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
    """The key in a letter's header that ends reminders, or its walk's check-in, without signing in (RFC 8058); stored
    hashed. `was` is what it has ended, to be taken back."""

    __tablename__ = "unsubscribe"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    ends: Mapped[Group] = mapped_column(state(Group), default=Group.REMINDERS)
    walk_id: Mapped[int | None] = mapped_column(ForeignKey("walk.id"))
    was: Mapped[str] = mapped_column(String(80), default="")
    created_at: Mapped[datetime]


class ChannelChoice(Base):
    """A way somebody chose for a group of notices; a group without any comes by letter."""

    __tablename__ = "channel_choice"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    group: Mapped[Group] = mapped_column("notice_group", state(Group), primary_key=True)
    channel: Mapped[Channel] = mapped_column(state(Channel), primary_key=True)


class Phone(Base):
    """A phone that takes texts, once its code was typed in; the hash finds it when it writes to us. Two people may
    share one."""

    __tablename__ = "phone"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    number: Mapped[str] = mapped_column(EncryptedText("phone.number"))
    number_hash: Mapped[str] = mapped_column(String(64), index=True)
    code_hash: Mapped[str | None] = mapped_column(String(64))
    code_expires_at: Mapped[datetime | None]
    code_tries: Mapped[int] = mapped_column(default=0)
    confirmed_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class TextMessage(Base):
    """A text that the carrier took, and what became of it."""

    __tablename__ = "text_message"

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"), index=True)
    sid: Mapped[str] = mapped_column(String(40), unique=True)
    status: Mapped[str] = mapped_column(String(24))
    segments: Mapped[int]
    error: Mapped[str | None] = mapped_column(String(12))
    sent_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class PushDevice(Base):
    """A device that asked for signs (RFC 8030), and how much one may say there."""

    __tablename__ = "push_device"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    endpoint: Mapped[str] = mapped_column(EncryptedText("push_device.endpoint"))
    endpoint_hash: Mapped[str] = mapped_column(String(64), unique=True)
    p256dh: Mapped[str] = mapped_column(EncryptedText("push_device.p256dh"))
    auth: Mapped[str] = mapped_column(EncryptedText("push_device.auth"))
    discretion: Mapped[Discretion] = mapped_column(state(Discretion), default=Discretion.DOT)
    created_at: Mapped[datetime]
    worked_at: Mapped[datetime | None]


class PostHold(Base):
    """A time in which nothing is sent: after a backup was restored, or because somebody said so."""

    __tablename__ = "post_hold"

    id: Mapped[int] = mapped_column(primary_key=True)
    since: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(24))
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
