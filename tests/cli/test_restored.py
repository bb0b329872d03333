"""A backup that was put back is noticed by the clock's own note beside the database."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from portal.cli.restored import NOTE, note, went_back
from portal.cli.serve import watch_over_restoring
from portal.queries.notice import standing
from portal.services.notice.sweep import beat

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("known", "back"),
    [
        (timedelta(0), False),
        (-4 * MINUTE, False),
        (-6 * MINUTE, True),
        (timedelta(days=-2), True),
        (timedelta(days=1), False),
        (None, True),
    ],
)
def test_the_database_that_knows_less_was_put_back(
    tmp_path: Path, now: datetime, known: timedelta | None, back: bool
) -> None:
    note(tmp_path, now)
    assert went_back(tmp_path, None if known is None else now + known) is back


def test_without_a_note_nothing_is_known(tmp_path: Path, now: datetime) -> None:
    assert not went_back(tmp_path, now)
    (tmp_path / NOTE).write_text("no time at all")
    assert not went_back(tmp_path, now)


def test_the_clock_holds_the_post_when_the_database_went_back(app: Flask, tmp_path: Path, now: datetime) -> None:
    with app.app_context():
        beat(now=now - 60 * MINUTE)
        watch_over_restoring(tmp_path)
        assert standing.held_since() is None
        note(tmp_path, now)
        watch_over_restoring(tmp_path)
        assert standing.held_since() is not None
        # Once it has been let out, the note stands where the database does.
        assert not went_back(tmp_path, standing.last_signs()[standing.CLOCK])
