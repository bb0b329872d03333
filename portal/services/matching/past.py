"""How somebody was suggested before: kept as it was when the same peer is suggested anew, or leaves the cards."""

from datetime import datetime

from portal.models import PastSuggestion, Suggestion


def past_of(row: Suggestion, now: datetime) -> PastSuggestion:
    """Return a suggestion as it stands, for the record."""
    return PastSuggestion(
        walk_id=row.walk_id,
        peer_id=row.peer_id,
        position=row.position,
        why=row.why,
        weights_version=row.weights_version,
        made_at=row.made_at,
        shown_at=row.shown_at,
        asked_at=row.asked_at,
        closed_at=row.closed_at or now,
    )
