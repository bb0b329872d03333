"""What a person decided: consents, safe contact, whom they would rather not meet; and who has looked at it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select

from portal.db import read
from portal.domain.account import Purpose
from portal.models import Apart, AuditEntry, Consent, Person, Reflection, SafeContact, Walk

READ = "read"
ABOUT_A_PERSON = ("person", "safe_contact", "member_profile", "peer_profile")
LOOKED_AT_MOST = 100


@dataclass(frozen=True)
class Looked:
    """Somebody of the staff looked at something a person told."""

    at: datetime
    name: str
    subject: str


def consents(person_id: int) -> dict[Purpose, datetime]:
    """Return what somebody agrees to now, and since when."""
    rows = read().scalars(
        select(Consent).where(Consent.person_id == person_id, Consent.withdrawn_at.is_(None)).order_by(Consent.id)
    )
    return {consent.purpose: consent.given_at for consent in rows}


def agreed(person_id: int, purpose: Purpose) -> bool:
    """Say whether somebody agrees to this now."""
    return live_consent(person_id, purpose) is not None


def live_consent(person_id: int, purpose: Purpose) -> Consent | None:
    """Return the consent somebody gave for this and has not taken back."""
    return read().scalar(
        select(Consent)
        .where(Consent.person_id == person_id, Consent.purpose == purpose, Consent.withdrawn_at.is_(None))
        .limit(1)
    )


def safe_contact(person_id: int) -> SafeContact | None:
    """Return how somebody may be reached, or None when they have not said anything."""
    return read().get(SafeContact, person_id)


def apart_emails(person_id: int) -> list[Apart]:
    """Return whom somebody would rather not meet, in the order they said so."""
    return list(read().scalars(select(Apart).where(Apart.person_id == person_id).order_by(Apart.id)))


def looked_at(person_id: int) -> list[Looked]:
    """Return who has looked at what this person told, newest first; their own looks are not counted."""
    told = select(Reflection.id).where(Reflection.person_id == person_id)
    walks = select(Walk.id).where(or_(Walk.member_id == person_id, Walk.peer_id == person_id))
    rows = read().execute(
        select(AuditEntry.at, Person.name, AuditEntry.subject)
        .join(Person, Person.id == AuditEntry.actor_id)
        .where(
            AuditEntry.verb == READ,
            AuditEntry.actor_id != person_id,
            or_(
                and_(AuditEntry.subject.in_(ABOUT_A_PERSON), AuditEntry.subject_id == person_id),
                and_(AuditEntry.subject == "reflection", AuditEntry.subject_id.in_(told)),
                and_(AuditEntry.subject == "walk", AuditEntry.subject_id.in_(walks)),
            ),
        )
        .order_by(AuditEntry.id.desc())
        .limit(LOOKED_AT_MOST)
    )
    return [Looked(at, name, subject) for at, name, subject in rows]
