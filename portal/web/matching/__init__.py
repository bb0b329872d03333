"""The front door of matching: a member's cards, a peer's askings, and the two together."""

from portal.web.matching import keeping, member, offers, pace, peer, together, understood
from portal.web.matching.blueprint import blueprint

__all__ = ["blueprint", "keeping", "member", "offers", "pace", "peer", "together", "understood"]
