"""Everybody who waits and of whom nobody has been asked yet: what a proposal for all, or a preview, begins with."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy import Row, func, select

from portal.db import read
from portal.domain.account import Purpose
from portal.domain.experience import DayPart
from portal.domain.matching.values import Member
from portal.domain.matching.walk import State
from portal.models import PeerProfile, Person, Suggestion, Walk
from portal.queries.matching.fitting import AGAIN_AFTER
from portal.queries.matching.values import member_values, took_back
from portal.queries.slots import times_told_of

# A held walk is somebody's own decision, and while offers are open the member decides among those who offer.
PROPOSED_FOR = (State.ASKED, State.SHORTLISTED, State.CHOSEN)
# What a database takes in one question is limited.
AT_ONCE = 5_000

OnOffer = Row[int, int, int | None, int, datetime | None]
WAITS = (Walk.open, Walk.state.in_(PROPOSED_FOR))


@dataclass(frozen=True)
class WaitingWalk:
    """One walk to find somebody for. `cards` are those on offer today in their order, `ordered` where the member gave
    it; `allowed` whom the member chose (None: nobody is chosen yet), `without` who lately could not."""

    walk_id: int
    member_id: int
    state: State
    revision: int
    asked_at: datetime
    cards: tuple[int, ...]
    ordered: bool
    allowed: frozenset[int] | None
    without: frozenset[int]

    @property
    def first(self) -> int | None:
        """Who stands first on the cards today."""
        return self.cards[0] if self.cards else None

    @property
    def ranked(self) -> tuple[int, ...]:
        """Those the member chose, in the order they gave."""
        return self.cards if self.ordered else ()


def waiting_walks(now: datetime) -> tuple[WaitingWalk, ...]:
    """Return the walks of everybody who waits, agrees, and is not suspended; the longest wait first."""
    columns = (Walk.id, Walk.member_id, Walk.state, Walk.revision, Walk.asked_at, Walk.choose_with_me)
    rows = (
        read()
        .execute(
            select(*columns)
            .join(Person, Person.id == Walk.member_id)
            .where(*WAITS, Person.suspended_at.is_(None))
            .order_by(Walk.asked_at, Walk.id)
        )
        .all()
    )
    on_offer = _suggestions()
    away: set[int] = set()
    for some in _in_runs([row.member_id for row in rows]):
        away |= took_back(Purpose.MATCHING, some)
    return tuple(
        _walk(row.id, row.member_id, row.state, row.revision, row.asked_at, row.choose_with_me, on_offer[row.id], now)
        for row in rows
        if row.member_id not in away
    )


def how_many_wait() -> int:
    """Return how many walks a proposal is about, at most."""
    return read().scalar(select(func.count()).select_from(Walk).where(*WAITS)) or 0


def how_many_offer() -> int:
    """Return how many peers a proposal could choose from, at most."""
    return read().scalar(select(func.count()).select_from(PeerProfile)) or 0


def members_who_wait(member_ids: Sequence[int]) -> tuple[Member, ...]:
    """Return what these members told, in their order, however many they are."""
    return tuple(member for some in _in_runs(member_ids) for member in member_values(some))


def times_of_who_wait(member_ids: Sequence[int]) -> dict[int, tuple[frozenset[DayPart], str]]:
    """Return the parts of the week they told and their time zones, by id, however many they are."""
    return {member_id: told for some in _in_runs(member_ids) for member_id, told in times_told_of(some).items()}


def _suggestions() -> dict[int, list[OnOffer]]:
    rows = read().execute(
        select(Suggestion.walk_id, Suggestion.peer_id, Suggestion.rank, Suggestion.position, Suggestion.closed_at)
        .join(Walk, Walk.id == Suggestion.walk_id)
        .where(*WAITS)
        .order_by(Suggestion.walk_id, Suggestion.position, Suggestion.id)
    )
    found: dict[int, list[OnOffer]] = defaultdict(list)
    for row in rows:
        found[row.walk_id].append(row)
    return found


def _walk(
    walk_id: int,
    member_id: int,
    state: State,
    revision: int,
    asked_at: datetime,
    choose_with_me: bool,
    suggested: Sequence[OnOffer],
    now: datetime,
) -> WaitingWalk:
    live = sorted(
        (one for one in suggested if one.closed_at is None and state is not State.ASKED),
        key=lambda one: (one.rank is None, one.rank or 0, one.position),
    )
    if state is State.CHOSEN and not choose_with_me:
        live = [one for one in live if one.rank is not None]
    return WaitingWalk(
        walk_id=walk_id,
        member_id=member_id,
        state=state,
        revision=revision,
        asked_at=asked_at,
        cards=tuple(one.peer_id for one in live),
        ordered=state is State.CHOSEN and not choose_with_me,
        allowed=frozenset(one.peer_id for one in live) if state is State.CHOSEN else None,
        without=frozenset(
            one.peer_id for one in suggested if one.closed_at is not None and now - one.closed_at < AGAIN_AFTER
        ),
    )


def _in_runs(ids: Sequence[int]) -> Iterator[list[int]]:
    rest = iter(ids)
    while some := list(islice(rest, AT_ONCE)):
        yield some
