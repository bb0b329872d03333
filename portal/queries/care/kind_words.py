"""Which peers would like a talk, or would be reached by a kind word, before anything new is asked of them."""

from collections.abc import Collection
from datetime import datetime

from portal.domain.matching.wellbeing import KindWord
from portal.queries.care.peers import peers

# Beyond so many it is faster to read everybody than to name each.
NAMED_AT_MOST = 500


def kind_words(peer_ids: Collection[int], reader_id: int, now: datetime) -> dict[int, KindWord]:
    """Return what would be good for whom of these peers, as far as this coordinator may know."""
    among = peer_ids if len(peer_ids) <= NAMED_AT_MOST else None
    return {
        peer.person_id: KindWord.TALK if peer.talk else KindWord.WORD
        for peer in peers(now, reader_id, among)
        if peer.person_id in peer_ids and (peer.talk or peer.strains)
    }
