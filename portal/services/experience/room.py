"""A peer's room: how many walks fit, and resting. Nobody is told why."""

from datetime import datetime

from portal.db import retry_once, transaction
from portal.domain.account import Role
from portal.domain.errors import BadInput
from portal.domain.telling import CAPACITIES, FEWER, NOT_OFFERED
from portal.models import PeerProfile
from portal.services import audit, once
from portal.services.experience.profile import open_telling, peer_telling, told
from portal.services.experience.readiness import no_need_to_ask


@retry_once
def set_capacity(peer_id: int, halves: int, *, step: int, now: datetime) -> None:
    """Keep how much room a peer has, in half units; walks that go on are not touched."""
    with transaction() as session:
        telling = open_telling(session, peer_id, Role.PEER, now=now)
        assert isinstance(telling, PeerProfile)
        if halves not in CAPACITIES and halves != telling.capacity_halves:
            raise BadInput("capacity", NOT_OFFERED)
        changed = telling.capacity_halves != halves
        telling.capacity_halves = halves
        told(session, telling, "room", changed=changed, step=step, now=now)


@retry_once
def lower_capacity(peer_id: int, *, key: str, now: datetime) -> int:
    """Make a peer's room one person smaller, down to none; returns what it was before, in half units.

    Walks that go on are not touched; where they need more than there is, nothing new comes until there is room.
    """
    with transaction() as session:
        form = once.form(peer_id, key, "lower capacity")
        done = form.result()
        if done is not None:
            return done
        profile = peer_telling(session, peer_id)
        before = profile.capacity_halves
        profile.capacity_halves = max(0, before - FEWER)
        told(session, profile, "room", changed=before > 0, step=profile.step, now=now)
        form.remember(session, before, now)
        return before


@retry_once
def take_lowering_back(peer_id: int, halves: int, *, now: datetime) -> None:
    """Give a peer the room back that one lowering took, `halves` being what it was; anything else changes nothing."""
    with transaction() as session:
        profile = peer_telling(session, peer_id)
        lowered = max(0, halves - FEWER) == profile.capacity_halves < halves <= max(CAPACITIES)
        if lowered:
            profile.capacity_halves = halves
        told(session, profile, "room", changed=lowered, step=profile.step, now=now)


@retry_once
def rest(peer_id: int, *, now: datetime) -> None:
    """Ask nothing new of a peer until they come back; what they began goes on."""
    with transaction() as session:
        profile = peer_telling(session, peer_id)
        if profile.resting_since is None:
            profile.resting_since = now
            audit.record(session, "rest begun", "person", peer_id, actor_id=peer_id, now=now)
        no_need_to_ask(session, profile, now=now)


@retry_once
def come_back(peer_id: int, *, now: datetime) -> None:
    """End a peer's rest; coming back says that they are ready."""
    with transaction() as session:
        profile = peer_telling(session, peer_id)
        if profile.resting_since is not None:
            profile.resting_since = None
            profile.ready_at = now
            audit.record(session, "rest ended", "person", peer_id, actor_id=peer_id, now=now)
