"""Two who said yes and have no time yet are reminded once, after three days; nobody is reminded of anything else."""

from datetime import datetime

from portal.db import retry_once, transaction
from portal.domain.matching.walk import State
from portal.domain.notice import Kind
from portal.queries import matching as matching_queries
from portal.services.notice.owe import owe
from portal.services.one_by_one import one_by_one


def remind_of_times(*, now: datetime) -> int:
    """Owe both a letter where three days after both yeses no chat has a time; returns how many walks."""
    return one_by_one("walk", matching_queries.without_a_time(now), lambda walk_id: _remind(walk_id, now=now))


@retry_once
def _remind(walk_id: int, *, now: datetime) -> bool:
    with transaction() as session:
        walk = matching_queries.walk_to_change(walk_id)
        if walk is None or walk.state is not State.BOTH_YES or walk_id not in matching_queries.without_a_time(now):
            return False
        for person_id in (walk.member_id, walk.peer_id):
            owe(
                session,
                Kind.FIND_A_TIME,
                person_id,
                about=f"walk-{walk_id}",
                walk_id=walk_id,
                revision=walk.revision,
                due_at=now,
                now=now,
            )
        return True
