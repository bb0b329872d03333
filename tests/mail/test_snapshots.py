"""Every letter in each degree of discretion, whole, as it was last read and found good.

After a change of words: `pytest tests/mail/test_snapshots.py --rewrite-letters`, then read the difference.
"""

from pathlib import Path

import pytest

from portal.domain.account import Discretion
from portal.domain.notice import Kind
from portal.mail.letter import Letter
from portal.mail.specimens import every_letter

SNAPSHOTS = Path(__file__).with_name("snapshots")


def path_of(kind: Kind, discretion: Discretion) -> Path:
    return SNAPSHOTS / discretion.value / f"{kind.value}.txt"


def as_text(letter: Letter) -> str:
    """Return all of a letter: what is seen of it from outside, its text, its HTML."""
    outside = (
        f"Subject: {letter.subject}\nBeside it: {letter.preheader}\nCalendar: {letter.calendar_method or 'none'}\n"
    )
    return "\n".join([outside, "--- text ---", letter.text, "--- html ---", letter.html.strip(), ""])


@pytest.mark.parametrize("discretion", Discretion)
@pytest.mark.parametrize("kind", Kind)
def test_a_letter_is_as_it_was_last_read(kind: Kind, discretion: Discretion, pytestconfig: pytest.Config) -> None:
    path, written = path_of(kind, discretion), as_text(every_letter(discretion)[kind])
    if pytestconfig.getoption("--rewrite-letters"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(written, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == written


def test_no_snapshot_is_left_of_a_letter_that_is_gone() -> None:
    kept = {path for path in SNAPSHOTS.rglob("*") if path.is_file()}
    assert kept == {path_of(kind, discretion) for kind in Kind for discretion in Discretion}
