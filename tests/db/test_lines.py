"""A line to PostgreSQL that lay still is tried before it is used: what the server ended meanwhile breaks no page."""

import pytest
from flask import Flask
from sqlalchemy import text

from portal import db as room
from portal.db import read

pytestmark = pytest.mark.parametrize("databases", ["postgresql"], indirect=True)


def test_a_rested_line_that_the_server_ended_is_replaced_unseen(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "RESTED_SECONDS", 0.0)
    with app.app_context():
        resting, ended_by = room.db.engine.connect(), room.db.engine.connect()
        number = resting.execute(text("SELECT pg_backend_pid()")).scalar_one()
        resting.close()
        assert ended_by.execute(text("SELECT pg_terminate_backend(:number, 5000)"), {"number": number}).scalar_one()
        ended_by.close()
        found = [read().execute(text("SELECT pg_backend_pid()")).scalar_one() for _ in range(2)]
        assert number not in found
