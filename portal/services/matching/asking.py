"""A member asks for somebody to walk with."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.db import retry_once, transaction
from portal.domain.account import Purpose
from portal.domain.errors import BadInput
from portal.domain.matching.walk import State
from portal.domain.words import N_
from portal.models import Walk
from portal.queries import matching as matching_queries
from portal.services import audit, once
from portal.services.matching.shortlists import offer

NO_TOPIC = N_("Please choose at least one topic first. Everything else may stay open.")
NO_CONSENT = N_("One more thing: may we use what you told to find somebody for you? Without your yes we do not.")


@retry_once
def ask(member_id: int, *, key: str, now: datetime) -> int:
    """Open a walk, with a shortlist at once where somebody fits; a member who has an open one gets that one."""
    try:
        return _ask(member_id, key, now)
    except IntegrityError:
        # The same member asked twice at once: the other one won, and its walk is the answer to both.
        already = matching_queries.open_walk_of(member_id)
        if already is None:
            raise
        return already


def _ask(member_id: int, key: str, now: datetime) -> int:
    with transaction() as session:
        form = once.form(member_id, key, "ask")
        already = form.result() or matching_queries.open_walk_of(member_id)
        if already is not None:
            return already
        if matching_queries.took_back(Purpose.MATCHING, [member_id]):
            raise BadInput("consent", NO_CONSENT)
        if not matching_queries.member_value(member_id).topics:
            raise BadInput("topics", NO_TOPIC)
        walk = open_walk(session, member_id, asked_at=now, actor_id=member_id, now=now)
        form.remember(session, walk.id, now)
        return walk.id


def open_walk(session: Session, member_id: int, *, asked_at: datetime, actor_id: int, now: datetime) -> Walk:
    """Open a walk and look for people at once; `asked_at` is since when the member has waited."""
    walk = Walk(member_id=member_id, state=State.ASKED, open=True, revision=0, asked_at=asked_at, since=now)
    session.add(walk)
    session.flush()
    audit.record(session, "walk ask", "walk", walk.id, actor_id=actor_id, now=now)
    offer(session, walk, now=now)
    return walk
