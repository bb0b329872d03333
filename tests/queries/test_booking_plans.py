"""What is asked about one walk does not go through the chats of everybody, however SQLite weighs its indexes."""

import pytest
from sqlalchemy import Select, create_engine
from sqlalchemy.dialects import sqlite

from portal.models import Base
from portal.queries.booking import chats, pairs, standing


@pytest.mark.parametrize(
    "statement", [chats._CHATS_AHEAD, pairs._PAIR, standing._STANDING], ids=["ahead", "pair", "stands"]
)
def test_chats_of_a_walk_are_found_by_the_walk(statement: Select[int]) -> None:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    words = str(statement.compile(dialect=sqlite.dialect()))
    with engine.connect() as connection:
        steps = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {words}", (None,) * words.count("?")).all()
    ways = {step[-1] for step in steps if " booking " in step[-1]}
    assert ways == {"SEARCH booking USING INDEX ix_booking_walk_id (walk_id=?)"}
