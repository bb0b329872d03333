"""Ending reminders by the key in a letter's header, without signing in (RFC 8058)."""

from datetime import datetime

from sqlalchemy import update

from portal.db import transaction
from portal.domain.errors import NotFound
from portal.domain.notice import REMINDERS, NoticeState
from portal.models import Notice
from portal.queries import notice as queries
from portal.services import audit


def end_reminders(token: str, *, now: datetime) -> None:
    """Turn reminders off for who holds this key; a repeat changes nothing. Raises NotFound for an unknown key."""
    with transaction() as session:
        person_id = queries.person_by_key(token)
        person = queries.person(person_id) if person_id is not None else None
        if person is None:
            raise NotFound
        if not person.reminder_leads:
            return
        person.reminder_leads = ""
        waiting = update(Notice).where(
            Notice.person_id == person.id, Notice.kind.in_(list(REMINDERS)), Notice.state == NoticeState.DUE
        )
        session.execute(
            waiting.values(state=NoticeState.VOID, settled_at=now, rendered=None),
            execution_options={"synchronize_session": False},
        )
        audit.record(session, "reminders ended", "person", person.id, actor_id=person.id, now=now)
