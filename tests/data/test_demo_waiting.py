"""What waits in the demo community, and what could not take place; all by the rules."""

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from portal.app import create_app
from portal.cli.demo import fill
from portal.db import read
from portal.domain.booking import BookingState
from portal.models import Booking, Hold
from portal.settings import load
from tests.servers.databases import EMPTY, SqliteDatabases
from tests.servers.settings import environ_for


@pytest.mark.parametrize("days", [0, 3])
def test_a_question_a_rhythm_a_held_time_and_a_chat_that_could_not_take_place_are_there(
    sqlite_databases: SqliteDatabases, tmp_path: Path, now: datetime, days: int
) -> None:
    url = sqlite_databases.fresh(EMPTY)
    app = create_app(load(environ_for(url, tmp_path)))
    begins = now + timedelta(days=days)
    with app.app_context():
        fill(now=begins)
        chats = list(read().scalars(select(Booking)))
        holds = list(read().scalars(select(Hold.booking_id).where(Hold.active)))
    (not_made,) = (chat for chat in chats if chat.state is BookingState.NOT_MADE)
    assert not_made.ends_at < begins
    assert not_made.id not in holds
    waiting = [chat for chat in chats if chat.state in (BookingState.ASKED, BookingState.OFFERED)]
    assert Counter(chat.state for chat in waiting) == {BookingState.ASKED: 2, BookingState.OFFERED: 1}
    assert all(chat.answer_by is not None and begins < chat.answer_by < chat.starts_at for chat in waiting)
    rhythm = [chat for chat in chats if chat.series_id is not None]
    assert len(rhythm) >= 2
    assert {chat.starts_at.weekday() for chat in rhythm} == {rhythm[0].starts_at.weekday()}
    assert all(Counter(holds)[chat.id] == 2 for chat in (*waiting, *rhythm))
    sqlite_databases.drop(url)
