"""Topics, and what people say of themselves: a member's needs and wishes, a peer's story and limits."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.domain.account import PeerState
from portal.domain.experience import Readiness, SharedTo, Stage, Strength, WishKind
from portal.models.base import Base, state
from portal.models.types import EncryptedJson, EncryptedText


class TopicGroup(Base):
    """A heading that topics stand under."""

    __tablename__ = "topic_group"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    position: Mapped[int]

    topics: Mapped[list["Topic"]] = relationship(lazy="raise", back_populates="group", order_by="Topic.position")


class Topic(Base):
    """Something lived through; an organisation may rename, hide and add."""

    __tablename__ = "topic"

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("topic_group.id"))
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    synonyms: Mapped[list[str]] = mapped_column(JSON)
    tender: Mapped[bool]
    ahead_only: Mapped[bool]
    hidden: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int]

    group: Mapped[TopicGroup] = relationship(lazy="raise", back_populates="topics")


class MemberProfile(Base):
    """What a member has told so far; every question but the topics may stay unanswered."""

    __tablename__ = "member_profile"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    about: Mapped[dict[str, Any]] = mapped_column(EncryptedJson("member_profile.about"), default=dict)
    own_words: Mapped[str] = mapped_column(EncryptedText("member_profile.own_words"), default="")
    access_needs: Mapped[str] = mapped_column(EncryptedText("member_profile.access_needs"), default="")
    step: Mapped[int] = mapped_column(default=1)
    finished_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]


class MemberTopic(Base):
    """One of at most three topics a member ranked."""

    __tablename__ = "member_topic"
    __table_args__ = (
        UniqueConstraint("person_id", "rank"),
        CheckConstraint("rank BETWEEN 1 AND 3", name="rank"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"), primary_key=True)
    rank: Mapped[int]
    stage: Mapped[Stage] = mapped_column(state(Stage), default=Stage.UNSURE)

    topic: Mapped[Topic] = relationship(lazy="raise")


class Wish(Base):
    """What a member would like, or must have, in the person they meet."""

    __tablename__ = "wish"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    kind: Mapped[WishKind] = mapped_column(state(WishKind), primary_key=True)
    strength: Mapped[Strength] = mapped_column(state(Strength))
    value: Mapped[str] = mapped_column(EncryptedText("wish.value"), default="")


class Trait(Base):
    """Something a person chose to say of themselves, and who may see it."""

    __tablename__ = "trait"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    kind: Mapped[WishKind] = mapped_column(state(WishKind), primary_key=True)
    value: Mapped[str] = mapped_column(EncryptedText("trait.value"))
    shown_to: Mapped[SharedTo] = mapped_column(state(SharedTo), default=SharedTo.COORDINATOR)


class PeerProfile(Base):
    """A peer: their application, story, room, and how their time is cut into chats."""

    __tablename__ = "peer_profile"
    __table_args__ = (
        CheckConstraint("capacity_halves >= 0", name="capacity"),
        CheckConstraint("length_minutes > 0 AND length_minutes % 5 = 0", name="length"),
        CheckConstraint("rest_before_minutes >= 0 AND rest_before_minutes % 5 = 0", name="rest"),
        CheckConstraint("rest_after_minutes >= 0 AND rest_after_minutes % 5 = 0", name="rest_after"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    state: Mapped[PeerState] = mapped_column(state(PeerState), default=PeerState.APPLIED)
    about: Mapped[dict[str, Any]] = mapped_column(EncryptedJson("peer_profile.about"), default=dict)
    story: Mapped[str] = mapped_column(EncryptedText("peer_profile.story"), default="")
    step: Mapped[int] = mapped_column(default=1)
    applied_at: Mapped[datetime | None]
    approved_at: Mapped[datetime | None]
    agreed_at: Mapped[datetime | None]
    resting_since: Mapped[datetime | None]
    ready_at: Mapped[datetime | None]
    last_matched_at: Mapped[datetime | None]
    # When a light letter last asked whether they are still ready.
    ready_asked_at: Mapped[datetime | None]
    # When they last answered an offer of rest with "I am fine".
    fine_at: Mapped[datetime | None]
    capacity_halves: Mapped[int] = mapped_column(default=6)
    length_minutes: Mapped[int] = mapped_column(default=30)
    rest_before_minutes: Mapped[int] = mapped_column(default=15)
    rest_after_minutes: Mapped[int] = mapped_column(default=15)
    notice_hours: Mapped[int] = mapped_column(default=12)
    horizon_days: Mapped[int] = mapped_column(default=28)
    cap_per_day: Mapped[int | None]
    cap_per_week: Mapped[int | None]
    cap_minutes_per_day: Mapped[int | None]
    cap_minutes_per_week: Mapped[int | None]
    # From one start to the next; None is one chat after the other.
    step_minutes: Mapped[int | None]
    # Further lengths a member may choose, in minutes, with commas.
    other_lengths: Mapped[str] = mapped_column(String(24), default="")
    says_yes_first: Mapped[bool] = mapped_column(default=False)
    holiday_country: Mapped[str] = mapped_column(String(8), default="")
    updated_at: Mapped[datetime]


class PeerTopic(Base):
    """A hill a peer has climbed, how far along they are, and whether they would talk of it now."""

    __tablename__ = "peer_topic"
    __table_args__ = (Index(None, "topic_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"), primary_key=True)
    stage: Mapped[Stage] = mapped_column(state(Stage), default=Stage.UNSURE)
    readiness: Mapped[Readiness] = mapped_column(state(Readiness), default=Readiness.LISTEN)

    topic: Mapped[Topic] = relationship(lazy="raise")


class Apart(Base):
    """Two people who are never to be suggested to one another; nobody but the one who said so is told."""

    __tablename__ = "apart"
    __table_args__ = (UniqueConstraint("person_id", "email"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    email: Mapped[str] = mapped_column(String(254))
    at: Mapped[datetime]


class Town(Base):
    """A town somebody may meet in; the same for every site, filled once."""

    __tablename__ = "town"
    __table_args__ = (Index(None, "search"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(120))
    # By the bytes on both databases, so that a range of the index holds all names with the same beginning.
    search: Mapped[str] = mapped_column(String(120).with_variant(String(120, collation="C"), "postgresql"))
    region: Mapped[str] = mapped_column(String(80), default="")
    country: Mapped[str] = mapped_column(String(2))
    lat: Mapped[float]
    lon: Mapped[float]
    population: Mapped[int]
    zone: Mapped[str] = mapped_column(String(64))


class LooksAfter(Base):
    """The coordinator who looks after a peer."""

    __tablename__ = "looks_after"
    __table_args__ = (Index(None, "coordinator_id"),)

    peer_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    coordinator_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    since: Mapped[datetime]


class TalkWish(Base):
    """A peer would like a talk with a coordinator; about what is theirs to say."""

    __tablename__ = "talk_wish"
    __table_args__ = (Index(None, "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    settled_at: Mapped[datetime | None]
