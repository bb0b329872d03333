"""Everyone together: a proposal for all who wait, published pair by pair; pinned and forbidden pairs."""

from portal.services.matching.proposing.marking import forbid, pin, unmark
from portal.services.matching.proposing.opening import close, pick_up, propose
from portal.services.matching.proposing.publishing import MovedOn, Published, drop, publish, publish_some
from portal.services.matching.proposing.working import work

__all__ = [
    "MovedOn",
    "Published",
    "close",
    "drop",
    "forbid",
    "pick_up",
    "pin",
    "propose",
    "publish",
    "publish_some",
    "unmark",
    "work",
]
