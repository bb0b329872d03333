"""Whom somebody would rather not meet here: kept by address, so that nobody learns who is here."""

from datetime import datetime

from portal.db import retry_once, transaction
from portal.domain.account import looks_like_email, tidy_email
from portal.domain.errors import BadInput
from portal.domain.words import N_
from portal.models import Apart
from portal.queries import account as account_queries
from portal.services import audit
from portal.services.account.people import locked
from portal.services.matching.inviting import take_questions_back

MOST_APART = 50


@retry_once
def keep_apart(person_id: int, email: str, *, now: datetime) -> None:
    """Never suggest these two to one another, whether or not that address is known here.

    Where one of the two has been asked for the other and not answered, the question is taken back at once.
    """
    address = tidy_email(email)
    if not looks_like_email(address):
        raise BadInput("email", N_("Please write an e-mail address, such as name@example.org."))
    with transaction() as session:
        locked(session, person_id)
        kept = account_queries.apart_emails(person_id)
        if any(one.email == address for one in kept):
            return
        if len(kept) >= MOST_APART:
            raise BadInput("email", N_("This list is full. A coordinator can help you with more."))
        session.add(Apart(person_id=person_id, email=address, at=now))
        audit.record(session, "kept apart", "person", person_id, actor_id=person_id, now=now)
        take_questions_back(session, person_id, now=now)


def bring_together(person_id: int, apart_id: int, *, now: datetime) -> bool:
    """Take one address off somebody's own list; says whether it was on it."""
    with transaction() as session:
        kept = session.get(Apart, apart_id)
        if kept is None or kept.person_id != person_id:
            return False
        session.delete(kept)
        audit.record(session, "no longer kept apart", "person", person_id, actor_id=person_id, now=now)
        return True
