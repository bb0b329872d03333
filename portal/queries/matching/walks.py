"""Walks: the row a verb changes, and what each of the two people may see of it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from portal.db import plain, read
from portal.domain.account import STAFF
from portal.domain.matching.shortlist import CARDS
from portal.domain.matching.walk import TOGETHER, Actor, State, Step, steps_for
from portal.domain.matching.walk_words import CLOSED_LINE, LONGER_LINE, NEXT_LINE, STATE_WORDS
from portal.models import Person, PersonRole, Reflection, Suggestion, Walk, WalkStep
from portal.queries.listed import one_of

SHOWS_CARDS = frozenset({State.SHORTLISTED, State.OFFERING, State.CHOSEN, State.HELD, State.INVITED})
PEER_SEES = TOGETHER | {State.INVITED, State.ENDED}
# The steps of a coordinator whose words the member reads for as long as the walk stands where they brought it.
WORDED = frozenset({Step.HOLD, Step.RELEASE, Step.SWAP})
# Steps a page offers to people; the portal and the booking take the others.
PEOPLES_STEPS = frozenset(Step) - {Step.BOOK, Step.UNBOOK, Step.HAPPENED, Step.SHORTLIST}

LINES = {Step.ASK_NEXT: NEXT_LINE, Step.NONE_LEFT: LONGER_LINE, Step.OFFERS_CLOSE: CLOSED_LINE}


@dataclass(frozen=True)
class WalkView:
    """A walk as one of the two sees it; who the other is stays empty until both have said yes."""

    id: int
    revision: int
    role: Actor
    state: State
    words: str
    line: str
    asked_at: datetime
    since: datetime
    answer_by: datetime | None
    choose_with_me: bool
    reason: str
    other_id: int | None
    other_name: str
    steps: tuple[Step, ...]
    answered: Step | None
    asks_how_it_was: bool
    ends_on: date | None
    open: bool


def together_with(person_id: int | BindParameter[int]) -> ColumnElement[bool]:
    """Return the condition for open walks on which this person knows the other: both have said yes, nobody has left."""
    return and_(
        Walk.open,
        # Each by itself: a list would be unfolded anew each time the statement is asked.
        or_(*(Walk.state == state for state in sorted(TOGETHER))),
        Walk.peer_id.is_not(None),
        or_(Walk.member_id == person_id, Walk.peer_id == person_id),
    )


_TO_CHANGE = (
    select(Walk).where(Walk.id == bindparam("walk_id")).with_for_update().execution_options(populate_existing=True)
)


def walk_to_change(walk_id: int) -> Walk | None:
    """Return a walk as it is now, its row locked for the verb that asks."""
    return read().scalar(_TO_CHANGE, {"walk_id": walk_id})


def suggestions_of(walk_id: int) -> list[Suggestion]:
    """Return everybody ever suggested on a walk, in order."""
    statement = select(Suggestion).where(Suggestion.walk_id == walk_id).order_by(Suggestion.position, Suggestion.id)
    return list(read().scalars(statement.execution_options(populate_existing=True)))


def live(suggestions: list[Suggestion]) -> list[Suggestion]:
    """Return the few still on offer: in the member's order where there is one, then as suggested.

    Where peers offered beside those who were suggested there may be more; whoever comes after is not shown.
    """
    on_offer = [suggestion for suggestion in suggestions if suggestion.closed_at is None]
    return sorted(on_offer, key=lambda one: (one.rank is None, one.rank or 0, one.position, one.id))[:CARDS]


def chosen_of(walk: Walk, on_offer: list[Suggestion]) -> list[Suggestion]:
    """Return those a coordinator may approve: whom the member put in an order, or everybody left to be chosen with."""
    return [row for row in on_offer if walk.choose_with_me or row.rank is not None]


def offered(walk: Walk) -> list[Suggestion]:
    """Return those on offer on a walk (its suggestions loaded); a walk that waits for a new shortlist has none."""
    return [] if walk.state is State.ASKED else _to_choose(walk.state, live(walk.suggestions))


def cards_of(walk_id: int, member_id: int) -> list[Suggestion]:
    """Return the suggestions a member may choose from on their own walk."""
    state = read().scalar(select(Walk.state).where(Walk.id == walk_id, Walk.member_id == member_id))
    return _to_choose(state, live(suggestions_of(walk_id))) if state in SHOWS_CARDS else []


def _to_choose(state: State, on_offer: list[Suggestion]) -> list[Suggestion]:
    """While peers are asked who offers, only those who have offered can be chosen."""
    return [row for row in on_offer if row.offered_at is not None] if state is State.OFFERING else on_offer


def is_staff(person_id: int) -> bool:
    """Say whether somebody is a coordinator or an administrator."""
    held = select(PersonRole.role).where(PersonRole.person_id == person_id, PersonRole.role.in_(STAFF))
    return read().scalar(held.limit(1)) is not None


def walk_for(actor_id: int, walk_id: int) -> WalkView | None:
    """Return a walk for its member, always, or for its peer, from the asking until they part; None for anybody else."""
    walk = plain().execute(_ONE, {"walk_id": walk_id}).one_or_none()
    if walk is None:
        return None
    if walk.member_id == actor_id:
        return _view(walk, Actor.MEMBER)
    if walk.peer_id == actor_id and walk.state in PEER_SEES:
        return _view(walk, Actor.PEER)
    return None


def state_of(walk_id: int) -> State | None:
    """Return where a walk stands now."""
    return read().scalar(select(Walk.state).where(Walk.id == walk_id))


def open_walk_of(member_id: int) -> int | None:
    """Return the id of the member's open walk."""
    return read().scalar(select(Walk.id).where(Walk.member_id == member_id, Walk.open))


def latest_walk_of(member_id: int) -> int | None:
    """Return the id of the member's open walk, or of the last one that has ended."""
    return plain().execute(_LATEST, {"member_id": member_id}).scalar()


def walks_of_peer(peer_id: int) -> tuple[WalkView, ...]:
    """Return the walks a peer is on: both have said yes, and it has not ended."""
    return tuple(_view(walk, Actor.PEER) for walk in plain().execute(_OF_PEER, {"peer_id": peer_id}).all())


def was_asked(walk_id: int, peer_id: int) -> bool:
    """Say whether this peer was asked by name on a walk, whatever became of it."""
    asked = select(Suggestion.id).where(Suggestion.walk_id == walk_id, Suggestion.peer_id == peer_id)
    return read().scalar(asked.where(Suggestion.asked_at.is_not(None)).limit(1)) is not None


def reflections_of(walk_id: int) -> dict[int, Reflection]:
    """Return what each of the two said after the first chat, by person."""
    found = read().scalars(
        select(Reflection).where(Reflection.walk_id == walk_id).execution_options(populate_existing=True)
    )
    return {reflection.person_id: reflection for reflection in found}


def yes_at(walk_id: int) -> datetime:
    """Return when the two of a walk had both said yes."""
    said = select(WalkStep.at).where(WalkStep.walk_id == walk_id, WalkStep.step == Step.YES)
    return read().scalars(said.order_by(WalkStep.id.desc()).limit(1)).one()


def zone_of_member(walk: Walk) -> str:
    """Return the zone in whose days a walk is counted."""
    return read().scalars(select(Person.zone).where(Person.id == walk.member_id)).one()


def standing_reason(walk: Walk) -> str:
    """Return the coordinator's words that still stand: those of the step that brought the walk where it is."""
    steps: list[WalkStep] = walk.steps
    return steps[-1].reason if steps and steps[-1].step in WORDED else ""


def ender_of(walk_id: int) -> int | None:
    """Return who brought a walk to its end the last time."""
    ended = select(WalkStep.actor_id).where(WalkStep.walk_id == walk_id, WalkStep.step == Step.END)
    return read().scalar(ended.order_by(WalkStep.id.desc()).limit(1))


def asks_again(told: Reflection | None, met_at: datetime) -> bool:
    """Say whether somebody is asked how it was: nothing said yet, or not sure before the two met again."""
    return told is None or (told.answer == Step.UNSURE and told.at < met_at)


def _view(walk: Any, role: Actor) -> WalkView:
    own_id, other_id, other_name = (
        (walk.member_id, walk.peer_id, walk.peer_name)
        if role is Actor.MEMBER
        else (walk.peer_id, walk.member_id, walk.member_name)
    )
    known = walk.state in TOGETHER and walk.open and other_id is not None
    told: Any = plain().execute(_TOLD, {"walk_id": walk.id, "person_id": own_id}).one_or_none()
    return WalkView(
        id=walk.id,
        revision=walk.revision,
        role=role,
        state=walk.state,
        words=STATE_WORDS[role][walk.state],
        line=LINES.get(walk.last_step, "") if role is Actor.MEMBER else "",
        asked_at=walk.asked_at,
        since=walk.since,
        answer_by=walk.answer_by,
        choose_with_me=walk.choose_with_me,
        reason=walk.last_reason if role is Actor.MEMBER and walk.last_step in WORDED else "",
        other_id=other_id if known else None,
        other_name=other_name if known else "",
        steps=_steps(walk, role, own_id),
        answered=Step(told.answer) if told is not None else None,
        asks_how_it_was=walk.state is State.REFLECTION and asks_again(told, walk.since),
        ends_on=walk.ends_on,
        open=walk.open,
    )


def _steps(walk: Any, role: Actor, own_id: int) -> tuple[Step, ...]:
    steps = tuple(step for step in steps_for(role, walk.state) if step in PEOPLES_STEPS)
    if walk.state is State.ENDING and own_id != ender_of(walk.id):
        return tuple(step for step in steps if step is not Step.WALK_ON)
    return steps


# Statements that stand ready: everybody's page begins with them.
_LATEST = (
    select(Walk.id).where(Walk.member_id == bindparam("member_id")).order_by(Walk.open.desc(), Walk.id.desc()).limit(1)
)
_TOLD = select(Reflection.answer, Reflection.at).where(
    Reflection.walk_id == bindparam("walk_id"), Reflection.person_id == bindparam("person_id")
)
_member, _peer, _last = aliased(Person), aliased(Person), aliased(WalkStep)
_newest = select(func.max(WalkStep.id)).where(WalkStep.walk_id == Walk.id).correlate(Walk).scalar_subquery()
_SEEN = (
    select(
        Walk.id,
        Walk.revision,
        Walk.member_id,
        Walk.peer_id,
        Walk.state,
        Walk.asked_at,
        Walk.since,
        Walk.answer_by,
        Walk.choose_with_me,
        Walk.ends_on,
        Walk.open,
        _member.name.label("member_name"),
        _peer.name.label("peer_name"),
        _last.step.label("last_step"),
        _last.reason.label("last_reason"),
    )
    .join(_member, _member.id == Walk.member_id)
    .outerjoin(_peer, _peer.id == Walk.peer_id)
    .outerjoin(_last, _last.id == _newest)
)
_ONE = _SEEN.where(Walk.id == bindparam("walk_id"))
_OF_PEER = _SEEN.where(Walk.peer_id == bindparam("peer_id"), Walk.open, one_of(Walk.state, TOGETHER)).order_by(Walk.id)
