"""Alembic's environment: the app's engine and tables, in one transaction."""

from alembic import context
from flask import current_app

migrate = current_app.extensions["migrate"]
engine = migrate.db.engine
target = migrate.configure_args["metadatas"]

with engine.connect() as connection:
    # Schema changes write: SQLite takes its lock at once.
    connection = connection.execution_options(writes=True)
    context.configure(connection=connection, target_metadata=target, render_as_batch=engine.dialect.name == "sqlite")
    with context.begin_transaction():
        context.run_migrations()
