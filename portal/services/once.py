"""A form's key: the second tap of the same form gets the first one's answer and does nothing."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.models import RequestKey
from portal.queries import account as account_queries


def result_of(person_id: int, key: str) -> int | None:
    """Return what an earlier use of this key led to, or None when it is new (or the form carried none)."""
    return account_queries.result_of_request(person_id, key) if key else None


def remember(session: Session, person_id: int, key: str, result_id: int, now: datetime) -> None:
    """Keep the key with its result; of two that race, one meets the constraint, and retry_once lets it look again."""
    if key:
        session.add(RequestKey(person_id=person_id, key=key[:64], result_id=result_id, at=now))
        session.flush()
