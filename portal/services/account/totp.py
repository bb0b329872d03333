"""The second step by an app that shows six digits (TOTP, RFC 6238): set up, checked, never accepted twice."""

import hmac
from datetime import datetime, timedelta

import pyotp

from portal.db import transaction
from portal.domain.errors import BadInput, NotAllowed
from portal.domain.words import N_
from portal.models import Person
from portal.queries import account as account_queries
from portal.services import audit
from portal.services.account.people import locked
from portal.services.account.sign_ins import raise_up

STEP = timedelta(seconds=30)
DRIFT = (-1, 0, 1)  # steps; RFC 6238 section 5.2 advises one step for clocks that differ a little
WRONG = N_("That code did not fit. Please wait for the next one in your app and try again.")


def begin_totp(person_id: int, *, second_step_done: bool, now: datetime) -> None:
    """Make a new key for an app; it counts only once a code from the app was typed."""
    with transaction() as session:
        person = locked(session, person_id)
        if person.totp_confirmed_at is not None:
            raise NotAllowed(N_("An app is set up already."))
        if account_queries.passkeys(person_id) and not second_step_done:
            raise NotAllowed(N_("Please use your passkey first."))
        person.totp_key = pyotp.random_base32()
        audit.record(session, "app begun", "person", person_id, actor_id=person_id, now=now)


def confirm_totp(person_id: int, sign_in_id: int, code: str, *, now: datetime) -> str:
    """Accept the app when its code fits; returns the browser's new token, for that was the second step."""
    with transaction() as session:
        person = locked(session, person_id)
        if person.totp_confirmed_at is not None:
            raise NotAllowed(N_("An app is set up already."))
        _use(person, code, now)
        person.totp_confirmed_at = now
        audit.record(session, "app set up", "person", person_id, actor_id=person_id, now=now)
        return raise_up(session, sign_in_id, person_id, now=now)


def check_totp(person_id: int, sign_in_id: int, code: str, *, now: datetime) -> str:
    """Accept a code from the app that was set up; returns the browser's new token."""
    with transaction() as session:
        person = locked(session, person_id)
        if person.totp_confirmed_at is None:
            raise NotAllowed(N_("No app is set up yet."))
        _use(person, code, now)
        return raise_up(session, sign_in_id, person_id, now=now)


def _use(person: Person, typed: str, now: datetime) -> None:
    code = "".join(typed.split())
    if person.totp_key is None:
        raise BadInput("code", WRONG)
    app = pyotp.TOTP(person.totp_key, interval=int(STEP.total_seconds()))
    current = int(now.timestamp() // STEP.total_seconds())
    for step in (current + drift for drift in DRIFT):
        fits = hmac.compare_digest(app.generate_otp(step).encode(), code.encode())
        if fits and step > person.totp_last_step:
            person.totp_last_step = step
            return
    raise BadInput("code", WRONG)
