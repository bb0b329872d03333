"""The demo community as values: invented people, what they told, and where their walks stand, in time from now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal.domain.account import Discretion, PeerState, Role
from portal.domain.booking import Felt
from portal.domain.experience import (
    DayPart,
    Format,
    ForWhom,
    Length,
    Need,
    Pathway,
    Readiness,
    Rhythm,
    SharedTo,
    Stage,
    Strength,
    Style,
    WishKind,
)
from portal.domain.matching.walk import State, Step


@dataclass(frozen=True, slots=True)
class MemberTopic:
    """A topic a member asked for, by rank (1 to 3)."""

    slug: str
    rank: int
    stage: Stage


@dataclass(frozen=True, slots=True)
class PeerTopic:
    """A topic a peer has walked through."""

    slug: str
    stage: Stage
    readiness: Readiness


@dataclass(frozen=True, slots=True)
class Wish:
    """Something a member wishes of a peer."""

    kind: WishKind
    strength: Strength
    value: str


@dataclass(frozen=True, slots=True)
class Trait:
    """Something told about oneself, and to whom it is shown."""

    kind: WishKind
    value: str
    shown_to: SharedTo


@dataclass(frozen=True, slots=True)
class SafeContact:
    """How a member may be reached; None is a question that was left open."""

    may_email: bool | None = None
    may_text: bool | None = None
    may_voicemail: bool | None = None
    phone_is_seen: bool | None = None
    hours: str = ""
    name_to_use: str = ""
    subject_words: str = ""


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """A window of a weekday (Monday is 0) in minutes of the peer's wall time; an end past 1440 lies in the next day.

    `ways` are the ways to meet it is open for, none named is every way.
    """

    weekday: int
    start: int
    end: int
    ways: tuple[Format, ...] = ()


@dataclass(frozen=True, slots=True)
class TimeOff:
    """Days away, counted from the day of seeding in the peer's zone, both ends included."""

    from_days: int
    to_days: int


@dataclass(frozen=True, slots=True)
class Season:
    """Days with a week of their own, counted as time off is."""

    from_days: int
    to_days: int
    hours: tuple[WeeklyHours, ...]


@dataclass(frozen=True, slots=True)
class Stay:
    """Days in another zone, counted as time off is."""

    from_days: int
    to_days: int
    zone: str


@dataclass(frozen=True, slots=True)
class Place:
    """A public place to meet at."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Town:
    """A town somebody could meet in, by its number at GeoNames, in degrees rounded to a tenth."""

    id: int
    name: str
    zone: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class MemberTold:
    """What a member told."""

    for_whom: ForWhom
    topics: tuple[MemberTopic, ...]
    own_words: str
    needs: tuple[Need, ...]
    styles: tuple[Style, ...]
    formats: tuple[Format, ...]
    town: Town | None
    radius_km: int | None
    languages: tuple[str, ...]
    pathways: tuple[Pathway, ...]
    times: tuple[DayPart, ...]
    rhythm: Rhythm
    length: Length
    wishes: tuple[Wish, ...]
    traits: tuple[Trait, ...]
    safe_contact: SafeContact | None


@dataclass(frozen=True, slots=True)
class OpenHour:
    """An hour to come to without booking, so many days from now, in minutes of the peer's wall time."""

    in_days: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class PeerTold:
    """What a peer told, and when they are free; `capacity_units` are whole units, a new match takes 1.5."""

    about: str
    story: str
    topics: tuple[PeerTopic, ...]
    styles: tuple[Style, ...]
    formats: tuple[Format, ...]
    town: Town | None
    radius_km: int | None
    languages: tuple[str, ...]
    traits: tuple[Trait, ...]
    capacity_units: int
    length: Length
    rest_minutes: int
    notice_hours: int
    horizon_days: int
    hours: tuple[WeeklyHours, ...]
    time_off: tuple[TimeOff, ...]
    resting: bool
    state: PeerState
    ready_days_ago: int = 3
    busy: tuple[WeeklyHours, ...] = ()
    seasons: tuple[Season, ...] = ()
    stays: tuple[Stay, ...] = ()
    places: tuple[Place, ...] = ()
    other_lengths: tuple[int, ...] = ()
    says_yes_first: bool = False
    open_hours: tuple[OpenHour, ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody invented."""

    key: str
    email: str
    name: str
    roles: tuple[Role, ...]
    zone: str
    language: str
    discretion: Discretion
    member: MemberTold | None
    peer: PeerTold | None
    looks_after: tuple[str, ...] = ()
    wishes_talk: bool = False


@dataclass(frozen=True, slots=True)
class Chat:
    """A coffee chat at the peer's own clock; `at` is minutes of the day, and may pass 1440."""

    days_from_now: int
    weekday: int
    at: int
    format: Format
    place: str

    def day(self, today: date) -> date:
        """Return the first such weekday on or after that many days from now; counted back where it is in the past."""
        near = today + timedelta(days=self.days_from_now)
        if self.days_from_now < 0:
            return near - timedelta(days=(near.weekday() - self.weekday) % 7)
        return near + timedelta(days=(self.weekday - near.weekday()) % 7)

    def starts_at(self, now: datetime, zone: str) -> datetime:
        """Return the start as an instant (UTC), `zone` being the peer's."""
        midnight = datetime.combine(self.day(now.astimezone(ZoneInfo(zone)).date()), time())
        return (midnight + timedelta(minutes=self.at)).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Swap:
    """A coordinator offered another peer in place of the one first chosen; the member reads the reason."""

    from_peer: str
    to_peer: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reflections:
    """What each answered, privately, after the first chat, if they did: KEEP_GOING or UNSURE."""

    member: Step | None = None
    peer: Step | None = None


@dataclass(frozen=True, slots=True)
class Keepsakes:
    """What each left for both while the walk came to its end."""

    member: str = ""
    peer: str = ""


@dataclass(frozen=True, slots=True)
class Walk:
    """Where a member's walk stands; people are named by their keys."""

    member: str
    state: State
    asked_days_ago: int
    shortlist: tuple[str, ...] = ()
    chosen: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    choose_with_me: bool = False
    hold_reason: str = ""
    peer: str | None = None
    invited_hours_ago: int | None = None
    swap: Swap | None = None
    chat: Chat | None = None
    not_made: Chat | None = None
    reflections: Reflections | None = None
    ends_in_days: int | None = None
    keepsakes: Keepsakes | None = None
    quiet_days: int | None = None
    felt: Felt | None = None


@dataclass(frozen=True, slots=True)
class Community:
    """Everybody, by key, and all walks, in the order of the files."""

    people: Mapping[str, Person]
    walks: tuple[Walk, ...]
