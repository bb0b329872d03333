"""One letter of each kind, written to an invented reader with this site's help lines: for the demonstration only."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from portal.domain.account import Discretion
from portal.domain.notice import Kind
from portal.mail.letter import CrisisLine, Letter
from portal.mail.specimens import every_letter
from portal.services.notice.office import office


@dataclass(frozen=True)
class Specimen:
    """A written letter: its outside, and its two forms."""

    sender: str
    subject: str
    preheader: str
    text: str
    html: str


def specimens(kind: Kind) -> Mapping[Discretion, Specimen]:
    """Return this kind of letter in each degree of discretion."""
    return {discretion: _specimen(_written(discretion, office().lines)[kind]) for discretion in Discretion}


def _specimen(letter: Letter) -> Specimen:
    return Specimen(office().sender, letter.subject, letter.preheader, letter.text, letter.html)


@lru_cache(maxsize=len(Discretion))
def _written(discretion: Discretion, lines: tuple[CrisisLine, ...]) -> Mapping[Kind, Letter]:
    return every_letter(discretion, lines)
