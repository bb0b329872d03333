"""The thread between two people, what each has seen of it, and the check-in that goes out in it by itself."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.checkin import CheckInState, LineKind
from portal.models.base import Base, state
from portal.models.types import EncryptedText


class Thread(Base):
    """The thread of a walk; ended by either, and heavy when one of them asked for a coordinator."""

    __tablename__ = "thread"

    walk_id: Mapped[int] = mapped_column(ForeignKey("walk.id"), primary_key=True)
    opened_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    heavy_at: Mapped[datetime | None] = mapped_column(index=True)
    heavy_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class ThreadLine(Base):
    """One line of a thread: words, or a height from 1 (the foot) to 5 (the top)."""

    __tablename__ = "thread_line"
    __table_args__ = (
        Index(None, "walk_id", "id"),
        CheckConstraint("height IS NULL OR height BETWEEN 1 AND 5", name="height"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    walk_id: Mapped[int] = mapped_column(ForeignKey("walk.id"))
    writer_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[LineKind] = mapped_column(state(LineKind))
    words: Mapped[str] = mapped_column(EncryptedText("thread_line.words"), default="")
    height: Mapped[int | None]
    # The check-in that this answers.
    answers_id: Mapped[int | None] = mapped_column(ForeignKey("thread_line.id"))
    written_at: Mapped[datetime]


class ThreadReader(Base):
    """How far one of the two has read, for their own eyes only; and whether they want the thread by text message."""

    __tablename__ = "thread_reader"

    walk_id: Mapped[int] = mapped_column(ForeignKey("walk.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    seen_line_id: Mapped[int] = mapped_column(default=0)
    by_text: Mapped[bool] = mapped_column(default=False)


class CheckIn(Base):
    """A member's check-in: on which days (0 is Monday) at which minute of their day, until when, in whose words."""

    __tablename__ = "check_in"
    __table_args__ = (
        CheckConstraint("at_minute BETWEEN 0 AND 1439", name="at_minute"),
        Index(None, "state", "next_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    walk_id: Mapped[int] = mapped_column(ForeignKey("walk.id"), unique=True)
    weekdays: Mapped[str] = mapped_column(String(14))
    at_minute: Mapped[int]
    last_day: Mapped[date]
    # The peer's own words; empty where the usual ones are to go out.
    words: Mapped[str] = mapped_column(EncryptedText("check_in.words"), default="")
    # After how many days without a sign the peer's page says so; None: never.
    silence_days: Mapped[int | None]
    state: Mapped[CheckInState] = mapped_column(state(CheckInState), default=CheckInState.GOING)
    held_until: Mapped[date | None]
    next_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
