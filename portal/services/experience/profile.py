"""The row that a telling is kept in, opened and closed in the same way by every verb about it."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain.account import Role
from portal.domain.errors import NotFound
from portal.domain.experience import Format
from portal.domain.telling import LANGUAGE_WORDS
from portal.models import MemberProfile, PeerProfile, Person
from portal.services import audit

Telling = MemberProfile | PeerProfile


def open_telling(session: Session, person_id: int, role: Role, *, now: datetime) -> Telling:
    """Return somebody's telling as a member or as a peer, begun if need be; theirs alone until the verb ends."""
    # NO KEY UPDATE, as in queries/booking.py: whoever only refers to a person does not wait.
    if session.get(Person, person_id, with_for_update={"key_share": True}) is None:
        raise NotFound
    telling = _begun(session, person_id, role)
    if telling is None:
        made = PeerProfile if role is Role.PEER else MemberProfile
        telling = made(person_id=person_id, about={}, step=1, updated_at=now)
        session.add(telling)
        session.flush()
    return telling


def peer_telling(session: Session, person_id: int) -> PeerProfile:
    """Return the telling of somebody who has begun one as a peer."""
    profile = session.get(PeerProfile, person_id, with_for_update=True)
    if profile is None:
        raise NotFound
    return profile


def told(session: Session, telling: Telling, part: str, *, changed: bool, step: int, now: datetime) -> None:
    """Close a verb: where to go on is kept, and what kind of thing changed is recorded, never what it says."""
    telling.step = max(telling.step, step)
    if not changed:
        return
    telling.updated_at = now
    if complete(telling):
        leave_open(session, telling)
    verb = f"{part} changed" if complete(telling) else f"{part} told"
    audit.record(session, verb, "person", telling.person_id, actor_id=telling.person_id, now=now)


def complete(telling: Telling) -> bool:
    """Say whether a member said that it is enough, or a peer has sent their application."""
    return (telling.finished_at if isinstance(telling, MemberProfile) else telling.applied_at) is not None


def leave_open(session: Session, telling: Telling) -> None:
    """Take a skipped format as any of them, a skipped language as the person's own: to skip must rule nobody out."""
    person = session.get_one(Person, telling.person_id)
    own = person.language if person.language in LANGUAGE_WORDS else next(iter(LANGUAGE_WORDS))
    unsaid = {"formats": [str(each) for each in Format], "languages": [own]}
    missing = {key: value for key, value in unsaid.items() if not telling.about.get(key)}
    if missing:
        telling.about = {**telling.about, **missing}


def _begun(session: Session, person_id: int, role: Role) -> Telling | None:
    if role is Role.PEER:
        return session.get(PeerProfile, person_id)
    return session.get(MemberProfile, person_id)
