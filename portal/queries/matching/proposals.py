"""Proposals for all who wait: the rows that verbs change, and what a coordinator reads of them."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from portal.db import read
from portal.domain.matching.found import Found, from_json
from portal.domain.matching.left import Left
from portal.domain.matching.shortlist import Loosened
from portal.domain.matching.stored import from_json as suggestion_from_json
from portal.domain.matching.together import Fairness, Mark, PairState, ProposalState
from portal.domain.matching.walk import State
from portal.models import PairMark, PeerProfile, Person, Proposal, ProposedPair, Walk
from portal.models import Suggestion as SuggestionRow
from portal.queries.care.kind_words import kind_words
from portal.queries.matching.board import topic_names
from portal.queries.matching.why import Why, why_now

UNDER_WAY = (ProposalState.WAITING, ProposalState.RUNNING)
_WALK, _MARK = aliased(Walk), aliased(PairMark)
# What can still be published: nothing was decided, the walk stands as it was read, nobody keeps the two apart.
_STILL = and_(
    ProposedPair.state == PairState.PENDING,
    ProposedPair.peer_id.is_not(None),
    exists().where(_WALK.id == ProposedPair.walk_id, _WALK.open, _WALK.revision == ProposedPair.walk_revision),
    ~exists().where(
        _WALK.id == ProposedPair.walk_id,
        _MARK.member_id == _WALK.member_id,
        _MARK.peer_id == ProposedPair.peer_id,
        _MARK.mark == Mark.FORBID,
    ),
)
# What the table can be narrowed to.
SHOWS: Mapping[str, ColumnElement[bool]] = {
    "open": _STILL,
    "changed": and_(_STILL, or_(ProposedPair.was_peer_id.is_(None), ProposedPair.was_peer_id != ProposedPair.peer_id)),
    "nobody": ProposedPair.peer_id.is_(None),
    "settled": or_(ProposedPair.state != PairState.PENDING, and_(ProposedPair.peer_id.is_not(None), ~_STILL)),
    "all": ProposedPair.id.is_not(None),
}
# A run whose worker has given no sign for so long may be started again.
SILENT = timedelta(minutes=2)
# What was posted to a broker that was away is posted again after so long.
UNHEARD = timedelta(seconds=30)


@dataclass(frozen=True)
class ProposalView:
    """One run as a coordinator sees it; `unheard` says that nobody has begun with it for a while."""

    id: int
    revision: int
    state: ProposalState
    fairness: Fairness
    progress: int
    by_id: int
    by: str
    created_at: datetime
    ready_at: datetime | None
    unheard: bool
    found: Found | None


@dataclass(frozen=True)
class PairView:
    """One member in a proposal: whom it proposes, whom today's cards put first, and what became of it.

    `moved` says that the walk has gone on since. Of `why`, `left` and `opens` one holds: why these two, or why nobody
    and what would open most people (`words` fills its %(words)s).
    """

    id: int
    walk_id: int
    member_id: int
    name: str
    walk_state: State
    asked_at: datetime
    peer_id: int | None
    peer: str
    was_peer_id: int | None
    was_peer: str
    rank: int | None
    state: PairState
    moved: bool
    mark: Mark | None
    said: str
    why: Why | None
    left: Left | None
    loosened: Loosened | None
    words: str


@dataclass(frozen=True)
class Marked:
    """A pair that a coordinator pinned or forbade; `waits` says whether its member waits now."""

    member_id: int
    member: str
    peer_id: int
    peer: str
    mark: Mark
    by: str
    at: datetime


def proposal_to_change(proposal_id: int) -> Proposal | None:
    """Return a proposal as it is now, its row locked for the verb that asks."""
    found = select(Proposal).where(Proposal.id == proposal_id).with_for_update()
    return read().scalar(found.execution_options(populate_existing=True))


def open_proposal_to_change() -> Proposal | None:
    """Return the proposal that stands for everybody, its row locked for the verb that asks."""
    found = select(Proposal).where(Proposal.open).with_for_update()
    return read().scalar(found.execution_options(populate_existing=True))


def open_proposal_id() -> int | None:
    """Return the id of the proposal that stands for everybody."""
    return read().scalar(select(Proposal.id).where(Proposal.open))


def is_proposal(proposal_id: int) -> bool:
    """Say whether there is or was such a proposal."""
    return read().scalar(select(Proposal.id).where(Proposal.id == proposal_id)) is not None


def last_revision() -> int:
    """Return the revision of the newest proposal, open or not; -1 before the first."""
    newest = read().scalar(select(Proposal.revision).order_by(Proposal.id.desc()).limit(1))
    return -1 if newest is None else newest


def proposals_unheard(now: datetime) -> list[int]:
    """Return the runs nobody has begun with for a while, or whose worker has gone silent."""
    asked_for = func.coalesce(Proposal.beat_at, Proposal.created_at)
    waiting = and_(Proposal.state == ProposalState.WAITING, asked_for <= now - UNHEARD)
    silent = and_(Proposal.state == ProposalState.RUNNING, asked_for <= now - SILENT)
    return list(read().scalars(select(Proposal.id).where(Proposal.open, or_(waiting, silent))))


def pair_to_change(pair_id: int) -> ProposedPair | None:
    """Return a proposed pair as it is now, its row locked for the verb that asks."""
    found = select(ProposedPair).where(ProposedPair.id == pair_id).with_for_update()
    return read().scalar(found.execution_options(populate_existing=True))


def pending_pairs(proposal_id: int) -> list[int]:
    """Return the pairs of a proposal that can still be published, the longest wait first."""
    found = select(ProposedPair.id).where(ProposedPair.proposal_id == proposal_id, _STILL)
    return list(read().scalars(found.order_by(ProposedPair.id)))


def to_publish_together(proposal_id: int, coordinator_id: int, now: datetime) -> list[int]:
    """Return the pairs that this coordinator may publish all at once, the longest wait first.

    Where the peer would like a talk, or a kind word would be good, a pair is left for a look of its own.
    """
    found = select(ProposedPair.id, ProposedPair.peer_id).where(ProposedPair.proposal_id == proposal_id, _STILL)
    peer_of = {pair_id: peer_id for pair_id, peer_id in read().execute(found.order_by(ProposedPair.id)) if peer_id}
    first_a_word = kind_words(set(peer_of.values()), coordinator_id, now)
    return [pair_id for pair_id, peer_id in peer_of.items() if peer_id not in first_a_word]


def kept_apart(member_id: int, peer_id: int) -> bool:
    """Say whether a coordinator keeps these two apart."""
    mark = read().get(PairMark, (member_id, peer_id), populate_existing=True)
    return mark is not None and mark.mark is Mark.FORBID


def published_by(pair_ids: Collection[int]) -> Counter[tuple[int, str]]:
    """Return who published these pairs (by id and name), and how many each."""
    rows = read().execute(
        select(Person.id, Person.name)
        .join(ProposedPair, ProposedPair.settled_by == Person.id)
        .where(ProposedPair.id.in_(pair_ids), ProposedPair.state == PairState.PUBLISHED)
    )
    return Counter((person_id, name) for person_id, name in rows)


def pins() -> list[tuple[int, int]]:
    """Return (member, peer) of every pinned pair, the oldest pin first."""
    found = select(PairMark.member_id, PairMark.peer_id).where(PairMark.mark == Mark.PIN)
    return [(member_id, peer_id) for member_id, peer_id in read().execute(found.order_by(PairMark.at))]


def can_be_marked(member_id: int, peer_id: int) -> bool:
    """Say whether there is such a member, who asks now, and such a peer."""
    asks = select(Walk.id).where(Walk.member_id == member_id, Walk.open)
    offers = select(PeerProfile.person_id).where(PeerProfile.person_id == peer_id)
    return read().scalar(asks) is not None and read().scalar(offers) is not None


def marks() -> tuple[Marked, ...]:
    """Return every pinned and forbidden pair, pins first, then the newest."""
    member, peer, by = aliased(Person), aliased(Person), aliased(Person)
    rows = read().execute(
        select(PairMark, member.name, peer.name, by.name)
        .join(member, member.id == PairMark.member_id)
        .join(peer, peer.id == PairMark.peer_id)
        .join(by, by.id == PairMark.by_id)
        .order_by(PairMark.mark.desc(), PairMark.at.desc(), PairMark.member_id, PairMark.peer_id)
    )
    return tuple(
        Marked(mark.member_id, name, mark.peer_id, peer_name, mark.mark, by_name, mark.at)
        for mark, name, peer_name, by_name in rows
    )


def proposal(now: datetime) -> ProposalView | None:
    """Return the run that stands for every coordinator now."""
    row = read().execute(
        select(Proposal, Person.name)
        .join(Person, Person.id == Proposal.made_by)
        .where(Proposal.open)
        .execution_options(populate_existing=True)
    )
    found = row.one_or_none()
    if found is None:
        return None
    one, name = found
    sign = one.beat_at or one.created_at
    late = SILENT if one.state is ProposalState.RUNNING else UNHEARD
    return ProposalView(
        id=one.id,
        revision=one.revision,
        state=one.state,
        fairness=one.fairness,
        progress=one.progress,
        by_id=one.made_by,
        by=name,
        created_at=one.created_at,
        ready_at=one.ready_at,
        unheard=one.state in UNDER_WAY and now - sign >= late,
        found=None if one.found is None else from_json(one.found),
    )


def names_of_lost(found: Found) -> dict[int, str]:
    """Return the names of those whose pin could not be kept, by id."""
    ids = {person_id for lost in found.lost for person_id in (lost.member_id, lost.peer_id)}
    return dict(read().execute(select(Person.id, Person.name).where(Person.id.in_(ids))).all())


def how_many(proposal_id: int) -> dict[str, int]:
    """Return how many rows of a proposal each of SHOWS has."""
    counted = [func.count().filter(which).label(name) for name, which in SHOWS.items()]
    row = read().execute(select(*counted).where(ProposedPair.proposal_id == proposal_id)).one()
    return dict(zip(SHOWS, row, strict=True))


def proposed(proposal_id: int, show: str, *, first: int, count: int) -> tuple[PairView, ...]:
    """Return some of a proposal's rows, the longest wait first; `first` counts from 0."""
    return _pairs(ProposedPair.proposal_id == proposal_id, SHOWS[show], first=first, count=count)


def proposed_pair(pair_id: int) -> PairView | None:
    """Return one row of the proposal that stands now."""
    stands = ProposedPair.proposal_id.in_(select(Proposal.id).where(Proposal.open))
    return next(iter(_pairs(ProposedPair.id == pair_id, stands, first=0, count=1)), None)


def _pairs(*which: ColumnElement[bool], first: int, count: int) -> tuple[PairView, ...]:
    member, peer, was = aliased(Person), aliased(Person), aliased(Person)
    live = and_(
        SuggestionRow.walk_id == ProposedPair.walk_id,
        SuggestionRow.peer_id == ProposedPair.peer_id,
        SuggestionRow.closed_at.is_(None),
    )
    rows = read().execute(
        select(ProposedPair, Walk, member.name, peer.name, was.name, PairMark.mark, SuggestionRow.rank)
        .join(Walk, Walk.id == ProposedPair.walk_id)
        .join(member, member.id == Walk.member_id)
        .outerjoin(peer, peer.id == ProposedPair.peer_id)
        .outerjoin(was, was.id == ProposedPair.was_peer_id)
        .outerjoin(PairMark, and_(PairMark.member_id == Walk.member_id, PairMark.peer_id == ProposedPair.peer_id))
        .outerjoin(SuggestionRow, live)
        .where(*which)
        .order_by(ProposedPair.id)
        .offset(first)
        .limit(count)
        .execution_options(populate_existing=True)
    )
    names = topic_names()
    return tuple(_pair(*row, names) for row in rows)


def _pair(
    pair: ProposedPair,
    walk: Walk,
    name: str,
    peer: str | None,
    was_peer: str | None,
    mark: Mark | None,
    rank: int | None,
    names: dict[str, str],
) -> PairView:
    told = pair.why or {}
    suggestion, left = told.get("suggestion"), told.get("left")
    loosened = told.get("loosened")
    return PairView(
        id=pair.id,
        walk_id=walk.id,
        member_id=walk.member_id,
        name=name,
        walk_state=walk.state,
        asked_at=walk.asked_at,
        peer_id=pair.peer_id,
        peer=peer or "",
        was_peer_id=pair.was_peer_id,
        was_peer=was_peer or "",
        rank=None if walk.choose_with_me else rank,
        state=pair.state,
        moved=pair.state is PairState.PENDING and (not walk.open or walk.revision != pair.walk_revision),
        mark=mark,
        said=told.get("moved", ""),
        why=why_now(suggestion_from_json(suggestion), peer or "", names, 1) if suggestion else None,
        left=Left(left) if left else None,
        loosened=Loosened(loosened) if loosened else None,
        words=told.get("words", ""),
    )
