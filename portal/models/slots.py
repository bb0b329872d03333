"""When a peer is free: weekly hours, seasons, other hours on a date, time off, travelling, and what calendars tell."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Base
from portal.models.types import EncryptedText

DAYS = "last_day >= first_day"
WINDOW = "starts BETWEEN 0 AND 1435 AND ends > starts AND ends <= 2880 AND starts % 5 = 0 AND ends % 5 = 0"


class Season(Base):
    """Some weeks of the year, both local dates included, in which a week of its own stands instead of the usual one."""

    __tablename__ = "season"
    __table_args__ = (CheckConstraint(DAYS, name="days"), Index(None, "peer_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    peer_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    first_day: Mapped[date]
    last_day: Mapped[date]


class ZoneStay(Base):
    """Days spent in another time zone, both local dates included; the hours of these dates are read on its clock."""

    __tablename__ = "zone_stay"
    __table_args__ = (CheckConstraint(DAYS, name="days"), Index(None, "peer_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    peer_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    zone: Mapped[str] = mapped_column(String(64))


class WeeklyHours(Base):
    """A window of every week or of a season's, in minutes of the peer's local day; an end past 1440 runs into the next
    day. `formats` are the ways to meet it is open for, with commas; empty is every way."""

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
    formats: Mapped[str] = mapped_column(String(60), default="")
    season_id: Mapped[int | None] = mapped_column(ForeignKey("season.id"))


class OtherHours(Base):
    """A window on one local date; the windows of a date stand instead of the weekly ones that start on it."""

    __tablename__ = "other_hours"
    __table_args__ = (CheckConstraint(WINDOW, name="window"), Index(None, "peer_id", "day"))

    id: Mapped[int] = mapped_column(primary_key=True)
    peer_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    day: Mapped[date]
    starts: Mapped[int]
    ends: Mapped[int]
    formats: Mapped[str] = mapped_column(String(60), default="")


class TimeOff(Base):
    """A stretch of time away, whole local days made into instants when it was entered."""

    __tablename__ = "time_off"
    __table_args__ = (CheckConstraint("ends_at > starts_at", name="stretch"), Index(None, "peer_id", "ends_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    peer_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class MeetingPlace(Base):
    """A public place that a peer likes to meet at."""

    __tablename__ = "meeting_place"
    __table_args__ = (Index(None, "peer_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    peer_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(EncryptedText("meeting_place.name"))
    address: Mapped[str] = mapped_column(EncryptedText("meeting_place.address"), default="")
    position: Mapped[int] = mapped_column(default=0)


class BusyCalendar(Base):
    """A calendar of a peer's own that tells when they are busy: at a secret address, or a file when that is None."""

    __tablename__ = "busy_calendar"
    __table_args__ = (Index(None, "peer_id"), Index(None, "due_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    peer_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(EncryptedText("busy_calendar.name"), default="")
    address: Mapped[str | None] = mapped_column(EncryptedText("busy_calendar.address"))
    etag: Mapped[str | None] = mapped_column(String(200))
    last_modified: Mapped[str | None] = mapped_column(String(80))
    read_at: Mapped[datetime | None]
    tried_at: Mapped[datetime | None]
    trouble: Mapped[str | None] = mapped_column(String(40))
    trouble_detail: Mapped[str | None] = mapped_column(EncryptedText("busy_calendar.trouble_detail"))
    due_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class BusyTime(Base):
    """A stretch that a peer's own calendar fills: only its start and end, never what it is."""

    __tablename__ = "busy_time"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="stretch"),
        Index(None, "calendar_id"),
        Index(None, "peer_id", "ends_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    calendar_id: Mapped[int] = mapped_column(ForeignKey("busy_calendar.id"))
    peer_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
