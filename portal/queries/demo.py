"""Everybody of the demo community, for a page that lets one be any of them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select

from portal.db import read
from portal.domain.account import PeerState, Role
from portal.domain.matching.walk import State
from portal.domain.telling import readiness_is_old
from portal.models import PeerProfile, Person, PersonRole, Suggestion, Walk


@dataclass(frozen=True)
class Invented:
    """One person to try; `state` is where their walk stands (a peer's: one of theirs), `offered` counts suggestions."""

    person_id: int
    name: str
    roles: tuple[Role, ...]
    state: State | None
    applied: bool
    offered: int
    rests: bool = False
    asked_ready: bool = False


def everybody(now: datetime) -> list[Invented]:
    """Return the invented people, never one who came by themselves: coordinators, peers, members, as they came in."""
    roles: dict[int, list[Role]] = {}
    for person_id, role in read().execute(select(PersonRole.person_id, PersonRole.role)):
        roles.setdefault(person_id, []).append(role)
    states: dict[int, State] = {}
    shown = or_(Walk.open, Walk.state == State.ENDED)
    walks = select(Walk.member_id, Walk.peer_id, Walk.state).where(shown).order_by(Walk.open, Walk.id)
    for member_id, peer_id, state in read().execute(walks):
        states[member_id] = state
        if peer_id is not None and (states.get(peer_id) in (None, State.ENDED) or state is State.INVITED):
            states[peer_id] = state
    offers = select(Walk.member_id, func.count()).join(Suggestion, Suggestion.walk_id == Walk.id).where(Walk.open)
    offered = dict(read().execute(offers.group_by(Walk.member_id)).all())
    peers = {peer.person_id: peer for peer in read().scalars(select(PeerProfile))}
    applied = {person_id for person_id, peer in peers.items() if peer.state is PeerState.APPLIED}
    here = {person_id: peer for person_id, peer in peers.items() if peer.state is PeerState.APPROVED}
    rest = {person_id for person_id, peer in here.items() if peer.resting_since is not None}
    old = {person_id for person_id, peer in here.items() if readiness_is_old(peer.ready_at, now)} - rest
    people = read().execute(select(Person.id, Person.name).where(Person.invented).order_by(Person.id))
    found = [
        Invented(
            person_id,
            name,
            tuple(roles[person_id]),
            states.get(person_id),
            person_id in applied,
            offered.get(person_id, 0),
            person_id in rest,
            person_id in old,
        )
        for person_id, name in people
        if name and person_id in roles
    ]
    order = (Role.COORDINATOR, Role.ADMINISTRATOR, Role.PEER, Role.MEMBER)
    return sorted(found, key=lambda one: min(order.index(role) for role in one.roles))
