"""Back door of proposals for all who wait: ids in, one verb."""

from portal import clock
from portal.services.matching import proposing


def work(proposal_id: int) -> None:
    """Work one proposal out."""
    proposing.work(proposal_id, now=clock.now())


def publish(proposal_id: int, coordinator_id: int, pair_id: int) -> None:
    """Publish the next portion of a proposal, from this pair on, for the coordinator who asked for all of it."""
    proposing.publish_some(proposal_id, coordinator_id, pair_id, now=clock.now())


def pick_up() -> None:
    """Ask again for what no worker has begun with, or was left lying."""
    proposing.pick_up(now=clock.now())
