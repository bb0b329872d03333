"""What a letter says on its outside, where somebody chose words of their own for it."""

from portal.domain.account import Discretion
from portal.domain.notice.one_line import one_line

LONGEST_WORDS = 60


def own_words(chosen: str, discretion: Discretion) -> str:
    """Return somebody's own words for subjects and calendar entries; empty where the usual ones are to stand."""
    line = one_line(chosen)
    return line if discretion is Discretion.DISCREET and len(line) <= LONGEST_WORDS else ""
