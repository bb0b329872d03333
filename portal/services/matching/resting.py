"""Two who walk together rest for a while, and either takes it up again; an ending, whoever chose it."""

from datetime import datetime

from portal.db import retry_once, transaction
from portal.domain.errors import NoRoom, NotAllowed
from portal.domain.matching.walk import State, Step
from portal.domain.notice import Kind
from portal.domain.words import N_
from portal.queries import matching as matching_queries
from portal.services import once
from portal.services.booking.ending import end_chats, let_go_beside
from portal.services.matching.seats import got_full_seat_back
from portal.services.matching.telling import tell
from portal.services.matching.whose import other_of, walk_of_the_two
from portal.services.walk import take_step

NO_ROOM_AGAIN = N_(
    "There is no room just now to take this up again in full. The ending stays as it is, with all its time; "
    "a coordinator can look at it with you."
)

THEIRS_TO_TAKE_BACK = N_(
    "Whoever brought it to its end can take it up again. You can still have chats, say goodbye, or let it come."
)


@retry_once
def rest(
    walk_id: int, person_id: int, *, cancel_chats: bool = False, revision: int | None, key: str, now: datetime
) -> int:
    """Let a walk rest; a chat that is booked stays unless it is to be cancelled with it. The other is told once."""
    with transaction() as session:
        form = once.form(person_id, key, "rest", walk_id, cancel_chats)
        if (earlier := form.result()) is not None:
            return earlier
        walk, actor = walk_of_the_two(walk_id, person_id, Step.REST, revision)
        take_step(session, walk, Step.REST, actor, actor_id=person_id, now=now)
        if cancel_chats:
            end_chats(session, walk_id, by=person_id, now=now)
        else:
            # What is only asked for or held could not be booked while the two rest.
            let_go_beside(session, walk_id, keep=(), now=now)
        tell(session, walk, (Kind.WALK_RESTS, other_of(walk, person_id)), now=now)
        form.remember(session, walk_id, now)
        return walk_id


@retry_once
def walk_on(walk_id: int, person_id: int, *, revision: int | None, key: str, now: datetime) -> int:
    """Take a walk up again that rests, or an ending of one's own; the other is told.

    NotAllowed for whoever did not choose the ending: nobody is kept walking by the other alone. NoRoom where an
    ending had given up room that has gone to somebody else: then it stays an ending.
    """
    with transaction() as session:
        form = once.form(person_id, key, "walk on", walk_id)
        if (earlier := form.result()) is not None:
            return earlier
        walk, actor = walk_of_the_two(walk_id, person_id, Step.WALK_ON, revision)
        if walk.state is State.ENDING and matching_queries.ender_of(walk.id) != person_id:
            raise NotAllowed(THEIRS_TO_TAKE_BACK)
        if walk.state is State.ENDING and not got_full_seat_back(session, walk, now=now):
            raise NoRoom(NO_ROOM_AGAIN)
        take_step(session, walk, Step.WALK_ON, actor, actor_id=person_id, now=now)
        walk.ends_on = None
        tell(session, walk, (Kind.WALK_GOES_ON, other_of(walk, person_id)), now=now)
        form.remember(session, walk_id, now)
        return walk_id
