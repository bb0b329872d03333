"""Agreeing, purpose by purpose, and taking it back."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import update

from portal.db import retry_once, transaction
from portal.domain.account import CONSENT_WORDING, Purpose
from portal.models import Consent
from portal.queries import account as account_queries
from portal.services import audit
from portal.services.account.people import locked
from portal.services.account.sign_ins import end_all
from portal.services.matching.inviting import take_questions_back


def give_consents(
    person_id: int, purposes: Iterable[Purpose], *, declined: Iterable[Purpose] = (), now: datetime
) -> None:
    """Write down what somebody agrees to, and what they were asked and left out; earlier answers stay as they were.

    What was left out is kept as given and taken back in one instant: whoever asks for the last word finds a no.
    """
    with transaction() as session:
        locked(session, person_id)
        for purpose in sorted(set(purposes) - set(account_queries.consents(person_id))):
            session.add(Consent(person_id=person_id, purpose=purpose, wording=CONSENT_WORDING, given_at=now))
            audit.record(session, f"agreed to {purpose}", "person", person_id, actor_id=person_id, now=now)
        for purpose in sorted(set(declined) - set(account_queries.consents(person_id))):
            session.add(
                Consent(person_id=person_id, purpose=purpose, wording=CONSENT_WORDING, given_at=now, withdrawn_at=now)
            )
            audit.record(session, f"left out {purpose}", "person", person_id, actor_id=person_id, now=now)


@retry_once
def withdraw_consent(person_id: int, purpose: Purpose, *, now: datetime) -> None:
    """Take a consent back; without the terms nothing can be shown any more, so that all sign-ins end as well.

    Without the one to matching, nobody is asked for this person, and this person is asked for nobody any more.
    """
    with transaction() as session:
        if account_queries.live_consent(person_id, purpose) is None:
            return
        session.execute(
            update(Consent)
            .where(Consent.person_id == person_id, Consent.purpose == purpose, Consent.withdrawn_at.is_(None))
            .values(withdrawn_at=now)
        )
        audit.record(session, f"took back {purpose}", "person", person_id, actor_id=person_id, now=now)
        if purpose is Purpose.TERMS:
            end_all(session, person_id, now=now)
        if purpose is Purpose.MATCHING:
            take_questions_back(session, person_id, now=now)
