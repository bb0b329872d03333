"""The peer's side of a check-in: their words, a break until a day, and going on before it."""

from datetime import date, datetime

from portal.db import retry_once, transaction
from portal.domain.checkin import LONGEST_WORDS, CheckInState, checked_hold, checked_words, next_at
from portal.domain.errors import Stale
from portal.domain.words import N_
from portal.queries import checkin as queries
from portal.queries import matching as matching_queries
from portal.services import audit
from portal.services.checkin.telling import take_back_check_in
from portal.services.checkin.whose import check_in_of_peer

IT_IS_OVER = N_("This check-in is over. Nothing goes out by itself any more.")


@retry_once
def write_words(walk_id: int, peer_id: int, words: str, *, now: datetime) -> None:
    """Keep the words that go out from now on; none at all means the usual ones, which change from time to time."""
    said = checked_words(words, LONGEST_WORDS, needed=False)
    with transaction():
        _walk, row = check_in_of_peer(walk_id, peer_id)
        row.words = said


@retry_once
def hold(walk_id: int, peer_id: int, until: date | None, *, now: datetime) -> None:
    """Hold a check-in up to a day by the member's calendar, on which it goes on. BadInput for a day that cannot be."""
    with transaction() as session:
        walk, row = check_in_of_peer(walk_id, peer_id)
        if row.state is CheckInState.OVER:
            raise Stale(IT_IS_OVER)
        zone = matching_queries.zone_of_member(walk)
        row.held_until = checked_hold(until, queries.rhythm_of(row), zone, now)
        row.state = CheckInState.HELD
        row.next_at = next_at(queries.rhythm_of(row), zone, now, row.held_until)
        take_back_check_in(session, walk, now=now)
        audit.record(session, "check-in held", "walk", walk_id, actor_id=peer_id, now=now)


@retry_once
def go_on(walk_id: int, peer_id: int, *, now: datetime) -> None:
    """Let a held check-in go on at its next time; one that is not held stays as it is."""
    with transaction() as session:
        walk, row = check_in_of_peer(walk_id, peer_id)
        if row.state is not CheckInState.HELD:
            return
        row.state, row.held_until = CheckInState.GOING, None
        row.next_at = next_at(queries.rhythm_of(row), matching_queries.zone_of_member(walk), now)
        audit.record(session, "check-in goes on", "walk", walk_id, actor_id=peer_id, now=now)
