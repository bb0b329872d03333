"""What would help where hardly anybody fits: the one thing that holds most people back, and kind ways on."""

from dataclasses import dataclass
from datetime import datetime

from portal.domain.matching.filters import OPENINGS_NEEDED, checks
from portal.domain.matching.shortlist import HeldBack, Hours
from portal.domain.matching.shortlist import held_back as most_held_back
from portal.domain.matching.values import Openings
from portal.domain.matching.ways_on import WayOn, ways_on
from portal.queries.matching.candidates import knowing_something_close
from portal.queries.matching.values import member_value, peer_values
from portal.queries.slots import common_openings, openings_by_part, times_told_of

TIME_ENOUGH = Openings(common_count=OPENINGS_NEEDED)


@dataclass(frozen=True)
class WhatHelps:
    """What a member could loosen, if one thing would open anybody, and the ways on there are in any case."""

    held_back: HeldBack | None
    ways: tuple[WayOn, ...]


def what_helps(member_id: int, now: datetime) -> WhatHelps:
    """Return what would help this member among everybody who offers now."""
    # Whoever knows nothing close to what was named is held by that whatever else were looser, and is not read.
    member, peers = member_value(member_id), peer_values(knowing_something_close(member_id))
    # Times decide only about those whom at most one other thing holds; nobody else's are read.
    ids = [peer.id for peer in peers if sum(not check.passed for check in checks(member, peer, TIME_ENOUGH, now)) <= 1]
    openings = common_openings(member_id, ids, now)
    told, zone = times_told_of([member_id])[member_id]
    by_part = openings_by_part(ids, [zone], now)[zone] if told else {}
    return WhatHelps(
        held_back=most_held_back(member, peers, openings, now, Hours(told, by_part)),
        ways=ways_on(member, peers, openings, now),
    )
