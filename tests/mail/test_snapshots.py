"""Every letter in each degree of discretion, whole, as it was last read and found good.

After a change of words: `pytest tests/mail/test_snapshots.py --rewrite-letters`, then read the difference.
"""

from pathlib import Path

import pytest

from portal.domain.account import Discretion
from portal.domain.notice import GROUP_OF, Kind, text_of
from portal.mail.letter import Letter
from portal.mail.specimens import LETTERS, LINK, every_letter

SNAPSHOTS = Path(__file__).with_name("snapshots")


def path_of(kind: Kind, discretion: Discretion) -> Path:
    return SNAPSHOTS / discretion.value / f"{kind.value}.txt"


def as_text(kind: Kind, letter: Letter) -> str:
    """Return all of a letter: its outside, what goes as a text or as a sign on a device instead, its text, its HTML."""
    message, sign = (text_of(letter.subject, LINK), letter.subject) if kind in GROUP_OF else ("none", "none")
    outside = {
        "Subject": letter.subject,
        "Beside it": letter.preheader,
        "Calendar": letter.calendar_method or "none",
        "As a text message": message,
        "As a sign": sign,
    }
    lines = [f"{name}: {words}" for name, words in outside.items()]
    return "\n".join([*lines, "", "--- text ---", letter.text, "--- html ---", letter.html.strip(), ""])


@pytest.mark.parametrize("discretion", Discretion)
@pytest.mark.parametrize("kind", sorted(LETTERS))
def test_a_letter_is_as_it_was_last_read(kind: Kind, discretion: Discretion, pytestconfig: pytest.Config) -> None:
    path, written = path_of(kind, discretion), as_text(kind, every_letter(discretion)[kind])
    if pytestconfig.getoption("--rewrite-letters"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(written, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == written


def test_no_snapshot_is_left_of_a_letter_that_is_gone() -> None:
    kept = {path for path in SNAPSHOTS.rglob("*") if path.is_file()}
    assert kept == {path_of(kind, discretion) for kind in LETTERS for discretion in Discretion}
