"""What somebody can show beside the code from the letter: an app, or passkeys."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from portal.db import read
from portal.models import Passkey, PasskeyChallenge, Person


@dataclass(frozen=True)
class Factors:
    """Which second steps a person has set up; `app_key` is there only while the app is being set up."""

    app: bool
    app_key: str | None
    passkeys: int

    @property
    def any(self) -> bool:
        """Say whether one of them is set up."""
        return self.app or self.passkeys > 0


def factors(person_id: int) -> Factors:
    """Return what somebody has set up so far."""
    key, confirmed_at = (
        read().execute(select(Person.totp_key, Person.totp_confirmed_at).where(Person.id == person_id)).one()
    )
    return Factors(
        app=confirmed_at is not None,
        app_key=key if confirmed_at is None else None,
        passkeys=len(passkeys(person_id)),
    )


def passkeys(person_id: int) -> list[Passkey]:
    """Return somebody's passkeys, oldest first."""
    return list(read().scalars(select(Passkey).where(Passkey.person_id == person_id).order_by(Passkey.id)))


def passkey_by_credential(person_id: int, credential_id: bytes) -> Passkey | None:
    """Return one of somebody's passkeys by the name their device gave it."""
    return read().scalar(
        select(Passkey).where(Passkey.person_id == person_id, Passkey.credential_id == credential_id).with_for_update()
    )


def challenge(sign_in_id: int, now: datetime) -> PasskeyChallenge | None:
    """Return the challenge this sign-in's browser was given, while it is fresh."""
    return read().scalar(
        select(PasskeyChallenge)
        .where(PasskeyChallenge.sign_in_id == sign_in_id, PasskeyChallenge.expires_at > now)
        .with_for_update()
    )
