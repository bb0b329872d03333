"""The walk: asking, suggestions, choice, approval, both yeses, the first coffee; every transition kept."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.domain.matching.walk import OfferAnswer, State, Step
from portal.models.account import Person
from portal.models.base import Base, state
from portal.models.types import EncryptedJson, EncryptedText


class Walk(Base):
    """One asking, from the first word to the ending; `revision` goes up with every step, so a stale screen is told."""

    __tablename__ = "walk"
    __table_args__ = (
        Index(None, "state", "since"),
        Index(None, "peer_id"),
        Index(None, "member_id"),
        Index(
            "ix_walk_open_state_asked_at",
            *("state", "asked_at", "id"),
            # SQLite takes a partial index where the query says the same in the same words.
            sqlite_where=text("open = 1"),
            postgresql_where=text("open"),
        ),
        Index(
            "uq_walk_member_open",
            "member_id",
            unique=True,
            sqlite_where=text("open"),
            postgresql_where=text("open"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    peer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    coordinator_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    state: Mapped[State] = mapped_column(state(State), default=State.ASKED)
    open: Mapped[bool] = mapped_column(default=True)
    revision: Mapped[int] = mapped_column(default=0)
    choose_with_me: Mapped[bool] = mapped_column(default=False)
    choice_approved: Mapped[bool] = mapped_column(default=False)
    asked_at: Mapped[datetime]
    since: Mapped[datetime]
    # Until when a question stands open: to the peer who is asked, or to those who may offer.
    answer_by: Mapped[datetime | None]
    ends_on: Mapped[date | None]

    member: Mapped[Person] = relationship(lazy="raise", foreign_keys=[member_id])
    peer: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[peer_id])
    suggestions: Mapped[list["Suggestion"]] = relationship(
        lazy="raise", back_populates="walk", order_by="Suggestion.position"
    )
    steps: Mapped[list["WalkStep"]] = relationship(lazy="raise", back_populates="walk", order_by="WalkStep.id")


class Suggestion(Base):
    """One peer suggested on a walk, with everything needed to tell later why."""

    __tablename__ = "suggestion"
    __table_args__ = (
        UniqueConstraint("walk_id", "peer_id"),
        Index(None, "peer_id"),
        Index(
            "ix_suggestion_on_offer",
            "walk_id",
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    walk_id: Mapped[int] = mapped_column(ForeignKey("walk.id"))
    peer_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    position: Mapped[int]
    rank: Mapped[int | None]
    why: Mapped[dict[str, Any]] = mapped_column(EncryptedJson("suggestion.why"))
    weights_version: Mapped[int] = mapped_column(ForeignKey("weights.version"))
    made_at: Mapped[datetime]
    shown_at: Mapped[datetime | None]
    asked_at: Mapped[datetime | None]
    offered_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    walk: Mapped[Walk] = relationship(lazy="raise", back_populates="suggestions")
    peer: Mapped[Person] = relationship(lazy="raise")


class PastSuggestion(Base):
    """A suggestion as it was before the same peer was suggested anew on the same walk."""

    __tablename__ = "past_suggestion"
    __table_args__ = (Index(None, "walk_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    walk_id: Mapped[int] = mapped_column(ForeignKey("walk.id"))
    peer_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    position: Mapped[int]
    why: Mapped[dict[str, Any]] = mapped_column(EncryptedJson("past_suggestion.why"))
    weights_version: Mapped[int] = mapped_column(ForeignKey("weights.version"))
    made_at: Mapped[datetime]
    shown_at: Mapped[datetime | None]
    asked_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    peer: Mapped[Person] = relationship(lazy="raise")


class WalkStep(Base):
    """One transition: who, when, from where to where, and words the member may read where there are any."""

    __tablename__ = "walk_step"
    __table_args__ = (Index(None, "walk_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    walk_id: Mapped[int] = mapped_column(ForeignKey("walk.id"))
    step: Mapped[Step] = mapped_column(state(Step))
    was: Mapped[State] = mapped_column(state(State))
    became: Mapped[State] = mapped_column(state(State))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    peer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(EncryptedText("walk_step.reason"), default="")
    at: Mapped[datetime]

    walk: Mapped[Walk] = relationship(lazy="raise", back_populates="steps")


class Seat(Base):
    """The room one walk takes with a peer, in half units; the database refuses more than the peer's capacity."""

    __tablename__ = "seat"
    __table_args__ = (CheckConstraint("halves > 0", name="halves"), Index(None, "peer_id"))

    walk_id: Mapped[int] = mapped_column(ForeignKey("walk.id"), primary_key=True)
    peer_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    halves: Mapped[int]


class Offer(Base):
    """A peer who may offer to walk with somebody they do not know by name; `answer` stays empty until they say."""

    __tablename__ = "offer"
    __table_args__ = (Index(None, "peer_id"),)

    walk_id: Mapped[int] = mapped_column(ForeignKey("walk.id"), primary_key=True)
    peer_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    asked_at: Mapped[datetime]
    answer: Mapped[OfferAnswer | None] = mapped_column(state(OfferAnswer))
    answered_at: Mapped[datetime | None]


class Keepsake(Base):
    """What one of the two wrote for both to keep."""

    __tablename__ = "keepsake"

    walk_id: Mapped[int] = mapped_column(ForeignKey("walk.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    words: Mapped[str] = mapped_column(EncryptedText("keepsake.words"), default="")
    updated_at: Mapped[datetime]


class Reflection(Base):
    """What one of the two said to the portal after the first chat; the other never sees it."""

    __tablename__ = "reflection"
    __table_args__ = (UniqueConstraint("walk_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    walk_id: Mapped[int] = mapped_column(ForeignKey("walk.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    answer: Mapped[str] = mapped_column(String(24))
    words: Mapped[str] = mapped_column(EncryptedText("reflection.words"), default="")
    at: Mapped[datetime]


class Weights(Base):
    """One version of the points of each part of the score."""

    __tablename__ = "weights"

    version: Mapped[int] = mapped_column(primary_key=True)
    parts: Mapped[dict[str, float]] = mapped_column(EncryptedJson("weights.parts"))
    since: Mapped[datetime]
    # Why the points were changed, for the coordinators who come after.
    note: Mapped[str | None] = mapped_column(EncryptedText("weights.note"))
