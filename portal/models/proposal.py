"""Everyone together: a proposal for all who wait, its pairs, and the pairs a coordinator pinned or forbade."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.domain.matching.together import Fairness, Mark, PairState, ProposalState
from portal.models.account import Person
from portal.models.base import Base, state
from portal.models.matching import Walk
from portal.models.types import EncryptedJson


class Proposal(Base):
    """One run for all who wait; the newest one that is not closed stands for every coordinator."""

    __tablename__ = "proposal"
    __table_args__ = (
        CheckConstraint("progress BETWEEN 0 AND 100", name="progress"),
        # One at a time: two coordinators who ask at once get the same run.
        Index(
            "uq_proposal_open",
            "open",
            unique=True,
            sqlite_where=text("open"),
            postgresql_where=text("open"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    fairness: Mapped[Fairness] = mapped_column(state(Fairness))
    state: Mapped[ProposalState] = mapped_column(state(ProposalState), default=ProposalState.WAITING)
    open: Mapped[bool] = mapped_column(default=True)
    revision: Mapped[int] = mapped_column(default=0)
    progress: Mapped[int] = mapped_column(default=0)
    weights_version: Mapped[int | None] = mapped_column(ForeignKey("weights.version"))
    # What was found, in numbers for coordinators: how many wait, are placed, the worst fit, the total, the certainty.
    found: Mapped[dict[str, Any] | None] = mapped_column(EncryptedJson("proposal.found"))
    created_at: Mapped[datetime]
    beat_at: Mapped[datetime | None]
    ready_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    pairs: Mapped[list["ProposedPair"]] = relationship(lazy="raise", back_populates="proposal")


class ProposedPair(Base):
    """One member and the peer proposed for them; nobody hears of it until it is published."""

    __tablename__ = "proposed_pair"
    __table_args__ = (UniqueConstraint("proposal_id", "walk_id"), Index(None, "walk_id"), Index(None, "peer_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    walk_id: Mapped[int] = mapped_column(ForeignKey("walk.id"))
    # Empty where nobody was found; `why` then says what holds people back.
    peer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    was_peer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    walk_revision: Mapped[int]
    state: Mapped[PairState] = mapped_column(state(PairState), default=PairState.PENDING)
    why: Mapped[dict[str, Any] | None] = mapped_column(EncryptedJson("proposed_pair.why"))
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    settled_at: Mapped[datetime | None]

    proposal: Mapped[Proposal] = relationship(lazy="raise", back_populates="pairs")
    walk: Mapped[Walk] = relationship(lazy="raise")
    peer: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[peer_id])
    was_peer: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[was_peer_id])


class PairMark(Base):
    """A pair a coordinator wants together, or never; neither of the two is told."""

    __tablename__ = "pair_mark"
    __table_args__ = (
        # Nobody is kept together with two.
        Index(
            "uq_pair_mark_pin",
            "member_id",
            unique=True,
            sqlite_where=text("mark = 'pin'"),
            postgresql_where=text("mark = 'pin'"),
        ),
    )

    member_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    peer_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    mark: Mapped[Mark] = mapped_column(state(Mark))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
