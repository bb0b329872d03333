"""The front door of experience: a member tells, a peer offers, one thing a page."""

from portal.web.experience import member, peer, readiness, wellbeing
from portal.web.experience.blueprint import blueprint

__all__ = ["blueprint", "member", "peer", "readiness", "wellbeing"]
