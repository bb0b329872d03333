"""The schema's history and the models say the same, on both databases, forth and back."""

import flask_migrate
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import inspect, text

from portal.db import db
from portal.models import Base

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
