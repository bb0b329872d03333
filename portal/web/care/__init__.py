"""The front door of care: who waits, one walk in full, the peers."""

from portal.web.care import board, measures, people, promises, proposal, proposal_pair, reach, walk, weights
from portal.web.care.blueprint import blueprint

__all__ = [
    "blueprint",
    "board",
    "measures",
    "people",
    "promises",
    "proposal",
    "proposal_pair",
    "reach",
    "walk",
    "weights",
]
