"""The second step by passkey (WebAuthn level 3): a challenge kept here, an answer signed by the person's device."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from portal.db import transaction
from portal.domain.account import CHALLENGE_LIFE
from portal.domain.errors import BadInput, NotAllowed
from portal.domain.words import N_
from portal.models import Passkey, PasskeyChallenge, Person
from portal.queries import account as account_queries
from portal.services import audit
from portal.services.account.sign_ins import raise_up

NOT_TAKEN = N_("That passkey did not work here. Please try once more, or use your app.")
MOST_PASSKEYS = 10


@dataclass(frozen=True)
class Site:
    """The site as passkeys know it: its host, its address as the browser shows it, its name."""

    host: str
    origin: str
    name: str


def begin_passkey(person_id: int, sign_in_id: int, site: Site, *, second_step_done: bool, now: datetime) -> str:
    """Return what the browser needs to make a passkey, as JSON."""
    with transaction() as session:
        person = session.get_one(Person, person_id)
        kept = account_queries.passkeys(person_id)
        _may_add(person, kept, second_step_done)
        options = generate_registration_options(
            rp_id=site.host,
            rp_name=site.name,
            user_id=f"person-{person_id}".encode(),
            user_name=person.email,
            user_display_name=person.name or person.email,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.PREFERRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=one.credential_id) for one in kept],
        )
        _keep(session, sign_in_id, options.challenge, now)
        return options_to_json(options)


def add_passkey(
    person_id: int, sign_in_id: int, site: Site, answer: str, *, second_step_done: bool, now: datetime
) -> str:
    """Keep the passkey that a device made; returns the browser's new token, for that was the second step."""
    with transaction() as session:
        _may_add(session.get_one(Person, person_id), account_queries.passkeys(person_id), second_step_done)
        challenge = _take(session, sign_in_id, now)
        try:
            made = verify_registration_response(
                credential=answer,
                expected_challenge=challenge,
                expected_rp_id=site.host,
                expected_origin=site.origin,
                require_user_verification=True,
            )
        except WebAuthnException:
            raise BadInput("passkey", NOT_TAKEN) from None
        session.add(
            Passkey(
                person_id=person_id,
                credential_id=made.credential_id,
                public_key=made.credential_public_key,
                sign_count=made.sign_count,
                created_at=now,
            )
        )
        audit.record(session, "passkey added", "person", person_id, actor_id=person_id, now=now)
        return raise_up(session, sign_in_id, person_id, now=now)


def begin_passkey_check(person_id: int, sign_in_id: int, site: Site, *, now: datetime) -> str:
    """Return what the browser needs to ask for one of somebody's passkeys, as JSON."""
    with transaction() as session:
        kept = account_queries.passkeys(person_id)
        if not kept:
            raise NotAllowed(N_("No passkey is set up yet."))
        options = generate_authentication_options(
            rp_id=site.host,
            allow_credentials=[PublicKeyCredentialDescriptor(id=one.credential_id) for one in kept],
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        _keep(session, sign_in_id, options.challenge, now)
        return options_to_json(options)


def check_passkey(person_id: int, sign_in_id: int, site: Site, answer: str, *, now: datetime) -> str:
    """Accept a device's answer to the challenge; returns the browser's new token."""
    with transaction() as session:
        challenge = _take(session, sign_in_id, now)
        try:
            credential = parse_authentication_credential_json(answer)
            passkey = account_queries.passkey_by_credential(person_id, credential.raw_id)
            if passkey is None:
                raise BadInput("passkey", NOT_TAKEN)
            checked = verify_authentication_response(
                credential=credential,
                expected_challenge=challenge,
                expected_rp_id=site.host,
                expected_origin=site.origin,
                credential_public_key=passkey.public_key,
                credential_current_sign_count=passkey.sign_count,
                require_user_verification=True,
            )
        except WebAuthnException:
            raise BadInput("passkey", NOT_TAKEN) from None
        passkey.sign_count = checked.new_sign_count
        passkey.last_used_at = now
        return raise_up(session, sign_in_id, person_id, now=now)


def _may_add(person: Person, kept: list[Passkey], second_step_done: bool) -> None:
    if (kept or person.totp_confirmed_at is not None) and not second_step_done:
        raise NotAllowed(N_("Please do your second step first."))
    if len(kept) >= MOST_PASSKEYS:
        raise NotAllowed(N_("There are many passkeys already."))


def _keep(session: Session, sign_in_id: int, challenge: bytes, now: datetime) -> None:
    session.merge(PasskeyChallenge(sign_in_id=sign_in_id, challenge=challenge, expires_at=now + CHALLENGE_LIFE))


def _take(session: Session, sign_in_id: int, now: datetime) -> bytes:
    row = account_queries.challenge(sign_in_id, now)
    if row is None:
        raise BadInput("passkey", NOT_TAKEN)
    challenge = bytes(row.challenge)
    session.delete(row)  # used once; a failed answer rolls this back, and the challenge still dies within minutes
    return challenge
