"""The keepsake: a few lines each of the two may leave for both, while a walk ends and for some weeks after."""

from datetime import datetime

from portal.db import retry_once, transaction
from portal.domain.errors import BadInput, NotFound, Stale
from portal.domain.matching.ending import KEEPSAKE_OPEN_FOR, LONGEST_KEEPSAKE
from portal.domain.matching.walk import MOVED_ON, State
from portal.domain.words import N_
from portal.models import Keepsake
from portal.queries import matching as matching_queries
from portal.services import audit, once
from portal.services.walk import locked_walk

SHORTER = N_("Please keep it to %(most)s characters.")
WRITTEN_ELSEWHERE = N_(
    "You wrote other lines in another window, and they stand above. What you typed here is not kept yet; send it to "
    "put it in their place."
)

STAYS_AS_IT_IS = N_("This page stays as it is now. Your own lines can still be taken back.")


@retry_once
def write_keepsake(walk_id: int, person_id: int, words: str, *, seen: datetime | None, key: str, now: datetime) -> int:
    """Keep one's own lines for both, or take them back with empty ones, which is never too late.

    `seen` is when the lines were last written as the page showed them (None: not at all): Stale where they are newer.
    """
    with transaction() as session:
        form = once.form(person_id, key, "keepsake", walk_id, words)
        if (earlier := form.result()) is not None:
            return earlier
        tidy = words.strip()
        if len(tidy) > LONGEST_KEEPSAKE:
            raise BadInput("words", SHORTER, most=LONGEST_KEEPSAKE)
        walk = locked_walk(walk_id)
        if person_id not in (walk.member_id, walk.peer_id):
            raise NotFound
        if walk.state not in matching_queries.KEEPS:
            raise Stale(MOVED_ON) if walk.open or walk.member_id == person_id else NotFound
        if tidy and walk.state is State.ENDED and now >= walk.since + KEEPSAKE_OPEN_FOR:
            raise Stale(STAYS_AS_IT_IS)
        kept = matching_queries.keepsakes_on(walk_id).get(person_id)
        if (kept.updated_at if kept is not None else None) != seen:
            raise Stale(WRITTEN_ELSEWHERE)
        kept = kept or Keepsake(walk_id=walk_id, person_id=person_id)
        kept.words, kept.updated_at = tidy, now
        session.add(kept)
        audit.record(session, "keepsake written", "walk", walk_id, actor_id=person_id, now=now)
        form.remember(session, walk_id, now)
        return walk_id
