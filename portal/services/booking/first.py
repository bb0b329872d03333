"""What the first coffee does to the walk: set, it leads on from both yeses; off or not made, it leads back there."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain.booking import BookingState
from portal.domain.matching.walk import State, Step
from portal.models import Walk
from portal.queries import booking as queries
from portal.queries.booking import Standing, Two
from portal.services.booking.ending import let_go_beside
from portal.services.walk import take_step


def step_on(
    session: Session, walk: Walk | Standing, two: Two, booking_id: int, *, by: int, now: datetime, beside: bool = True
) -> None:
    """Take the walk (locked) on when its first chat is booked, and let go of what was asked for `beside` it."""
    if walk.state is State.BOTH_YES:
        take_step(session, walk, Step.BOOK, two.as_actor(by), actor_id=by, now=now)
        if beside:
            let_go_beside(session, walk.id, keep=[booking_id], now=now)


def step_back(session: Session, walk: Walk, two: Two, *, by: int, now: datetime) -> None:
    """Take the walk (locked) back to both yeses when its first chat is off or was not made; with another one booked
    that one is the first now."""
    kept = queries.states_kept(walk.id)
    settled = BookingState.BOOKED if walk.state is State.FIRST_COFFEE else BookingState.HAPPENED
    if walk.state not in (State.FIRST_COFFEE, State.REFLECTION) or settled in kept:
        return
    take_step(session, walk, Step.UNBOOK, two.as_actor(by), actor_id=by, now=now)
    if BookingState.BOOKED in kept:
        take_step(session, walk, Step.BOOK, two.as_actor(by), actor_id=by, now=now)
