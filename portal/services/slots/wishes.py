"""How a peer's time is cut into chats."""

from dataclasses import asdict
from datetime import datetime

from portal.db import retry_once
from portal.domain.slots import ChatWishes, check_wishes
from portal.models import PeerProfile
from portal.queries import own_hours as queries
from portal.services import once
from portal.services.slots.own import own_change


@retry_once
def set_wishes(peer_id: int, wanted: ChatWishes, *, key: str, now: datetime) -> int:
    """Set lengths, step, rest, notice, horizon and caps, and who says yes; chats that are booked stay as they are."""
    with own_change(once.form(peer_id, key, "set wishes", wanted), now) as change:
        if not change.seen_before:
            profile = change.session.get_one(PeerProfile, peer_id)
            check_wishes(wanted, queries.wishes_in(profile))
            lengths = ",".join(map(str, wanted.lengths_beside))
            for name, value in (asdict(wanted) | {"other_lengths": lengths}).items():
                setattr(profile, name, value)
            profile.updated_at = now
    return peer_id
