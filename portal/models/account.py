"""People, how they sign in, what they agreed to, how they may safely be reached, and the record of who did what."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.domain.account import Discretion, Purpose, Role
from portal.models.base import Base, state
from portal.models.types import EncryptedBytes, EncryptedText


class Person(Base):
    """Somebody who has been here: a member, a peer, a coordinator, or several of these."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(EncryptedText("person.name"), default="")
    reach: Mapped[str] = mapped_column(EncryptedText("person.reach"), default="")
    zone: Mapped[str] = mapped_column(String(64), default="UTC")
    language: Mapped[str] = mapped_column(String(12), default="en")
    discretion: Mapped[Discretion] = mapped_column(state(Discretion), default=Discretion.DISCREET)
    # How long before a chat reminders come: "1d,120m"; empty for none.
    reminder_leads: Mapped[str] = mapped_column(String(80), default="1d,120m")
    quiet_from: Mapped[int] = mapped_column(default=21 * 60)
    quiet_until: Mapped[int] = mapped_column(default=9 * 60)
    totp_key: Mapped[str | None] = mapped_column(EncryptedText("person.totp_key"))
    totp_confirmed_at: Mapped[datetime | None]
    totp_last_step: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    suspended_at: Mapped[datetime | None]
    invented: Mapped[bool] = mapped_column(default=False)

    roles: Mapped[list["PersonRole"]] = relationship(lazy="raise", back_populates="person")


class PersonRole(Base):
    """One role of one person."""

    __tablename__ = "person_role"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(state(Role), primary_key=True)
    since: Mapped[datetime]

    person: Mapped[Person] = relationship(lazy="raise", back_populates="roles")


class Consent(Base):
    """One thing agreed to, when, in which wording; taken back when `withdrawn_at` is set."""

    __tablename__ = "consent"
    __table_args__ = (Index(None, "person_id", "purpose"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    purpose: Mapped[Purpose] = mapped_column(state(Purpose))
    wording: Mapped[int]
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class SafeContact(Base):
    """How somebody may be reached without being put at risk; unanswered questions stay None."""

    __tablename__ = "safe_contact"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    may_email: Mapped[bool | None]
    may_text: Mapped[bool | None]
    may_voicemail: Mapped[bool | None]
    phone_is_seen: Mapped[bool | None]
    hours: Mapped[str] = mapped_column(EncryptedText("safe_contact.hours"), default="")
    name_to_use: Mapped[str] = mapped_column(EncryptedText("safe_contact.name_to_use"), default="")
    subject_words: Mapped[str] = mapped_column(EncryptedText("safe_contact.subject_words"), default="")
    updated_at: Mapped[datetime]


class SignInCode(Base):
    """A six-digit code, stored hashed and bound to the browser that asked; of use once, for ten minutes, five tries."""

    __tablename__ = "sign_in_code"
    __table_args__ = (Index(None, "email", "created_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    browser_hash: Mapped[str] = mapped_column(String(64), unique=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignIn(Base):
    """One browser that is signed in; ending it here ends it everywhere the cookie may have been copied to."""

    __tablename__ = "sign_in"
    __table_args__ = (Index(None, "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    second_factor_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class Passkey(Base):
    """A public key that a coordinator's device holds the other half of (WebAuthn)."""

    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1024), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary(2048))
    sign_count: Mapped[int]
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class AuditEntry(Base):
    """Who did what to what, when; no content. Sealed by the clock into a chain of hashes in the order of `seal_number`:
    ids are given out before their verbs commit, so that they do not tell what the clock has seen."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index(None, "subject", "subject_id"),
        Index(None, "verb", "subject", "subject_id", "at"),
        Index(None, "sealed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    verb: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(24))
    subject_id: Mapped[int]
    sealed: Mapped[str | None] = mapped_column(String(64))
    seal_number: Mapped[int | None] = mapped_column(unique=True)


class RequestKey(Base):
    """A form's key that has been used, hashed, and for what: the second tap gets the first one's answer."""

    __tablename__ = "request_key"
    __table_args__ = (UniqueConstraint("person_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    key: Mapped[str] = mapped_column(String(64))
    content: Mapped[str] = mapped_column(String(64))
    result_id: Mapped[int]
    at: Mapped[datetime]


class PasskeyChallenge(Base):
    """The challenge a browser was just given; used once, within minutes."""

    __tablename__ = "passkey_challenge"

    sign_in_id: Mapped[int] = mapped_column(ForeignKey("sign_in.id"), primary_key=True)
    challenge: Mapped[Any] = mapped_column(EncryptedBytes("passkey_challenge.challenge"))
    expires_at: Mapped[datetime]
