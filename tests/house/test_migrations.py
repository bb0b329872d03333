"""The schema's history and the models say the same, on both databases, forth and back."""

from datetime import UTC, datetime

import flask_migrate
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import inspect, text

from portal.db import db, transaction
from portal.domain.matching.walk import State, Step
from portal.domain.notice import Kind
from portal.models import Base, Notice, Person, Walk, WalkStep

GUARDS = {
    "hold_no_overlap_insert",
    "hold_no_overlap_update",
    "seat_within_capacity_insert",
    "seat_within_capacity_update",
    "audit_entry_stays_delete",
    "audit_entry_stays_update",
}


def guards() -> set[str]:
    """Return the triggers and exclusion constraints that stand in the database."""
    if db.engine.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = """SELECT tgname FROM pg_trigger WHERE NOT tgisinternal
                   UNION SELECT conname FROM pg_constraint WHERE contype = 'x'"""
    with db.engine.connect() as connection:
        return set(connection.execute(text(query)).scalars())


def test_the_head_of_the_migrations_equals_the_models(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, Base.metadata) == []


def test_a_column_that_is_missing_would_be_seen(app: Flask) -> None:
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE heartbeat ADD COLUMN extra INTEGER"))
        context = MigrationContext.configure(connection)
        assert len(compare_metadata(context, Base.metadata)) == 1


def test_the_guards_stand_after_the_upgrade(app: Flask) -> None:
    with app.app_context():
        expected = GUARDS
        if db.engine.dialect.name == "postgresql":
            expected = {name for name in GUARDS if not name.startswith("hold")} | {"hold_no_overlap"}
        assert guards() == expected


def test_down_and_up_again_leaves_the_same_tables(app: Flask) -> None:
    with app.app_context():
        before = sorted(inspect(db.engine).get_table_names())
        flask_migrate.downgrade(revision="base")
        assert inspect(db.engine).get_table_names() == ["alembic_version"]
        flask_migrate.upgrade()
        assert sorted(inspect(db.engine).get_table_names()) == before
        assert len(guards()) == (6 if db.engine.dialect.name == "sqlite" else 5)


def test_going_back_tells_what_is_new_in_the_words_of_before(app: Flask) -> None:
    at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    newest = {State.OFFERING, State.RESTING, State.ENDING, State.ENDED}
    with app.app_context():
        with transaction() as session:
            for number, now_in in enumerate(sorted(newest), start=1):
                session.add(Person(id=number, email=f"p{number}@example.org", name="Ana", created_at=at))
                session.flush()
                open_ = now_in is not State.ENDED
                session.add(Walk(id=number, member_id=number, state=now_in, open=open_, asked_at=at, since=at))
                session.flush()
                step = WalkStep(walk_id=number, step=Step.END, was=now_in, became=now_in, actor_id=number, at=at)
                letter = Notice(about=f"walk-{number}", person_id=number, kind=Kind.KEEPSAKE, due_at=at, created_at=at)
                session.add_all([step, letter])
        flask_migrate.downgrade(revision="a1f0")
        with db.engine.connect() as connection:
            states = set(connection.execute(text("SELECT state FROM walk")).scalars())
            steps = set(connection.execute(text("SELECT step FROM walk_step")).scalars())
            assert states == {"shortlisted", "walking", "closed"}
            assert set(connection.execute(text("SELECT was FROM walk_step")).scalars()) == states
            assert steps == {"keep_going"}
            assert connection.execute(text("SELECT count(*) FROM notice")).scalar() == 0
        flask_migrate.upgrade()
