"""A member's telling is enough to look for somebody."""

from datetime import datetime

from portal.db import retry_once, transaction
from portal.domain.account import Role
from portal.domain.errors import BadInput
from portal.models import MemberProfile
from portal.queries import experience as experience_queries
from portal.services import audit
from portal.services.experience.profile import leave_open, open_telling
from portal.services.experience.topics import NONE_CHOSEN


@retry_once
def finish(member_id: int, *, now: datetime) -> None:
    """Keep that the member has told enough for now; at least one topic is needed, everything else may stay open."""
    with transaction() as session:
        telling = open_telling(session, member_id, Role.MEMBER, now=now)
        if not experience_queries.has_member_topics(member_id):
            raise BadInput("topics", NONE_CHOSEN)
        if isinstance(telling, MemberProfile) and telling.finished_at is None:
            telling.finished_at = telling.updated_at = now
            leave_open(session, telling)
            audit.record(session, "telling finished", "person", member_id, actor_id=member_id, now=now)
