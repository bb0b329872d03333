"""People, their sign-ins, what they decided, and the record of deeds."""

from portal.queries.account.choices import (
    Looked,
    agreed,
    apart_emails,
    consents,
    live_consent,
    looked_at,
    safe_contact,
)
from portal.queries.account.people import nobody_yet, own_choices, person, person_by_email
from portal.queries.account.record import (
    Used,
    hold_chain,
    last_sealed_entry,
    request,
    sealed_entries,
    unsealed_entries,
)
from portal.queries.account.sign_ins import (
    SEEN_STEP,
    actor_by_token,
    code_by_browser,
    code_waits_for,
    codes_since,
    hash_of,
    live_sign_ins,
    sign_ins_over,
)
from portal.queries.account.steps import Factors, challenge, factors, passkey_by_credential, passkeys

__all__ = [
    "SEEN_STEP",
    "Factors",
    "Looked",
    "Used",
    "actor_by_token",
    "agreed",
    "apart_emails",
    "challenge",
    "code_by_browser",
    "code_waits_for",
    "codes_since",
    "consents",
    "factors",
    "hash_of",
    "hold_chain",
    "last_sealed_entry",
    "live_consent",
    "live_sign_ins",
    "looked_at",
    "nobody_yet",
    "own_choices",
    "passkey_by_credential",
    "passkeys",
    "person",
    "person_by_email",
    "request",
    "safe_contact",
    "sealed_entries",
    "sign_ins_over",
    "unsealed_entries",
]
