"""A member changed what they told, and has the portal look again: new cards, or the old ones stay."""

from collections.abc import Sequence
from datetime import datetime

from portal.db import retry_once, transaction
from portal.domain.errors import BadInput, Stale
from portal.domain.matching import explain
from portal.domain.matching.shortlist import CARDS
from portal.domain.matching.walk import MOVED_ON, Actor, State, Step
from portal.domain.words import N_
from portal.models import Suggestion, Walk
from portal.queries import matching as matching_queries
from portal.services import once
from portal.services.matching.shortlists import put
from portal.services.matching.telling import tell
from portal.services.matching.whose import walk_of_member
from portal.services.walk import take_step

NOBODY_ELSE = N_("With what you told now there is nobody who fits yet, so the people from before stay on your cards.")


@retry_once
def look_again(walk_id: int, member_id: int, *, revision: int | None, key: str, now: datetime) -> int:
    """Make new cards from what the member tells now; BadInput, and the old cards stay, where nobody fits.

    Whoever has offered stays in front. Who is no longer on a card could still be suggested another time.
    """
    with transaction() as session:
        form = once.form(member_id, key, "look again", walk_id)
        if (earlier := form.result()) is not None:
            return earlier
        walk = walk_of_member(walk_id, member_id, Step.SHORTLIST, revision)
        if walk.state is not State.SHORTLISTED:
            raise Stale(MOVED_ON)
        known = matching_queries.suggestions_of(walk_id)
        found = _found(walk, known, now)
        if not found:
            raise BadInput("nobody", NOBODY_ELSE)
        put(session, walk, known, found, now=now)
        take_step(session, walk, Step.SHORTLIST, Actor.MEMBER, actor_id=member_id, now=now)
        tell(session, walk, now=now)
        form.remember(session, walk_id, now)
        return walk_id


def _found(walk: Walk, known: Sequence[Suggestion], now: datetime) -> list[explain.Suggestion]:
    offered = [
        matching_queries.one(walk.member_id, row.peer_id, now)
        for row in matching_queries.standing_offers(known, now)
        if matching_queries.still_fits(walk.member_id, row.peer_id, now)
    ]
    first = sorted((one for one in offered if one is not None), key=lambda one: (-one.score, one.peer_id))
    without = matching_queries.not_again(known, now).union(one.peer_id for one in first)
    more = matching_queries.fitting(walk.member_id, now, without=without) if len(first) < CARDS else ()
    return [*first, *more][:CARDS]
