"""A form's key: the second tap of the same form gets the first one's answer and does nothing."""

import hmac
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from portal.db import plain
from portal.domain.errors import Stale
from portal.domain.words import N_
from portal.models import RequestKey, table_of
from portal.queries import account as account_queries
from portal.queries.account import Used

_USE = insert(table_of(RequestKey))
OTHER_CONTENT = N_("This form was sent before with something else in it. Please see how things stand, then try again.")


@dataclass(frozen=True)
class Form:
    """One use of a form: whose it is, its key (empty where the form carried none), and what it asks for."""

    person_id: int
    key: str
    content: str

    def result(self) -> int | None:
        """Return what an earlier use led to, or None when it is new; Stale where that use asked for something else."""
        return self.result_of(account_queries.request(self.person_id, self.key) if self.key else None)

    def result_of(self, used: Used | None) -> int | None:
        """Return what this earlier use led to, as `result` does, where a verb has read it with other things."""
        if used is None:
            return None
        content, result_id = used
        if not hmac.compare_digest(content, self.content):
            raise Stale(OTHER_CONTENT)
        return result_id

    def remember(self, session: Session, result_id: int, now: datetime) -> None:
        """Keep the use with its result; of two that race one meets the constraint, and retry_once looks again."""
        if self.key:
            plain().execute(_USE, vars(self) | {"result_id": result_id, "at": now})


def form(person_id: int, key: str, verb: str, *content: object) -> Form:
    """Return the use of a form whose key is good for this verb with this content only."""
    if not key:
        return Form(person_id, "", "")
    # The key itself is kept nowhere, so that a private answer cannot be found by trying from a copy of the database.
    digest = hmac.new(key.encode(), repr((verb, *content)).encode(), "sha256").hexdigest()
    return Form(person_id, account_queries.hash_of(key), digest)
