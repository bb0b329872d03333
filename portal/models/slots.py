"""When a peer is free: weekly hours, other hours on a date, time off."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Base

WINDOW = "starts BETWEEN 0 AND 1435 AND ends > starts AND ends <= 2880 AND starts % 5 = 0 AND ends % 5 = 0"


class WeeklyHours(Base):
    """A window of every week, in minutes of the peer's local day; an end past 1440 runs into the next day."""

    __tablename__ = "weekly_hours"
    __table_args__ = (
        CheckConstraint(WINDOW, name="window"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        Index(None, "peer_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    peer_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    weekday: Mapped[int]
    starts: Mapped[int]
    ends: Mapped[int]


class OtherHours(Base):
    """A window on one local date; the windows of a date stand instead of the weekly ones that start on it."""

    __tablename__ = "other_hours"
    __table_args__ = (CheckConstraint(WINDOW, name="window"), Index(None, "peer_id", "day"))

    id: Mapped[int] = mapped_column(primary_key=True)
    peer_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    day: Mapped[date]
    starts: Mapped[int]
    ends: Mapped[int]


class TimeOff(Base):
    """A stretch of time away, whole local days made into instants when it was entered."""

    __tablename__ = "time_off"
    __table_args__ = (CheckConstraint("ends_at > starts_at", name="stretch"), Index(None, "peer_id", "ends_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    peer_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
