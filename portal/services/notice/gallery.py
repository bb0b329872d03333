"""One letter of each kind, written to an invented reader with this site's help lines: for the demonstration only."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from portal.domain.account import Discretion
from portal.domain.notice import GROUP_OF, Kind, text_of
from portal.mail.letter import CrisisLine, Letter
from portal.mail.specimens import LETTERS, every_letter
from portal.services.notice.office import office


@dataclass(frozen=True)
class Specimen:
    """A written letter: its outside, its two forms, and the text message that can come instead; empty for none."""

    sender: str
    subject: str
    preheader: str
    text: str
    html: str
    message: str


def kinds() -> tuple[Kind, ...]:
    """Return the kinds that are letters."""
    return tuple(kind for kind in Kind if kind in LETTERS)


def specimens(kind: Kind) -> Mapping[Discretion, Specimen]:
    """Return this kind of letter in each degree of discretion."""
    return {discretion: _specimen(kind, _written(discretion, office().lines)[kind]) for discretion in Discretion}


def _specimen(kind: Kind, letter: Letter) -> Specimen:
    message = text_of(letter.subject, office().link(0)) if kind in GROUP_OF else ""
    return Specimen(office().sender, letter.subject, letter.preheader, letter.text, letter.html, message)


@lru_cache(maxsize=len(Discretion))
def _written(discretion: Discretion, lines: tuple[CrisisLine, ...]) -> Mapping[Kind, Letter]:
    return every_letter(discretion, lines)
