"""What the page of a walk says of its thread: one calm line, never a number."""

from dataclasses import dataclass
from datetime import datetime

from portal.domain.account import Actor
from portal.domain.checkin import CheckInState
from portal.domain.matching.walk import Actor as Side
from portal.queries import checkin as queries
from portal.web.checkin.words import rhythm_words, standing_words


@dataclass(frozen=True)
class Between:
    """A thread on the page of its walk."""

    name: str
    ended: bool
    new: bool
    rhythm: str
    standing: str
    silent: bool


def between(walk_id: int, actor: Actor, now: datetime) -> Between | None:
    """Return how it stands between two; None where there is nothing for this person."""
    thread = queries.thread_for(actor.id, walk_id)
    if thread is None:
        return None
    view = queries.check_in_of(walk_id)
    going = view is not None and view.state is not CheckInState.OVER and thread.open
    is_peer = thread.role is Side.PEER
    return Between(
        name=thread.other_name,
        ended=thread.ended_at is not None,
        new=queries.unseen(walk_id, actor.id),
        rhythm=rhythm_words(view.rhythm) if view is not None and going else "",
        standing=standing_words(view, "" if is_peer else thread.other_name, actor.zone)
        if view is not None and going
        else "",
        silent=is_peer and going and walk_id in queries.silent_walks(actor.id, now),
    )
