"""The database handle and transaction(), the only commit in the house."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from functools import wraps
from time import monotonic
from typing import ParamSpec, TypeVar

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, MetaData, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from portal.db.ready import Plain
from portal.db.turn import LONGEST_WAIT, turn

try:
    from pysqlite3 import dbapi2 as sqlite
except ImportError:  # where it has no wheel, and for those who have not installed it
    import sqlite3 as sqlite

__all__ = [
    "after_commit",
    "db",
    "engine_options",
    "init_db",
    "metadata",
    "plain",
    "prepare_engine",
    "read",
    "retry_once",
    "sqlite",
    "transaction",
]

P = ParamSpec("P")
T = TypeVar("T")
_writes = ContextVar("writes", default=False)
_current: ContextVar[tuple[Session, Plain] | None] = ContextVar("current", default=None)

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMES)
db = SQLAlchemy(metadata=metadata)

# WAL has a corruption bug with several writing processes before this version (sqlite.org, 3.51.3 release notes).
WAL_IS_SAFE = sqlite.sqlite_version_info >= (3, 51, 3)
# A server that goes away is mostly away for longer than this.
RESTED_SECONDS = 5.0
RETRIED = frozenset({"40P01", "40001"})


def engine_options(url: str) -> dict[str, object]:
    """Return what create_engine needs for this address; what was asked of the database is no part of its errors."""
    hidden: dict[str, object] = {"hide_parameters": True}
    if url.startswith("sqlite"):
        return hidden | {"module": sqlite, "connect_args": {"isolation_level": None, "timeout": LONGEST_WAIT}}
    return hidden | {"pool_size": 5, "max_overflow": 10}


def prepare_engine(engine: Engine) -> None:
    """Give SQLite its pragmas and its writers a lock from the start; have a rested line to PostgreSQL tried first."""
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    else:
        _try_rested_lines(engine)


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _on_connect(connection: sqlite.Connection, _record: object) -> None:
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute(f"PRAGMA journal_mode={'WAL' if WAL_IS_SAFE else 'DELETE'}")

    def _begin(connection: PoolProxiedConnection) -> None:
        # A deferred writer that read first is refused ("database is locked"); one that takes the lock first waits.
        connection.cursor().execute("BEGIN IMMEDIATE" if _writes.get() else "BEGIN")

    # In the dialect's own place for it: an event would be looked for at every statement, and cost a tenth of each.
    engine.dialect.do_begin = _begin  # type: ignore[assignment]


def _try_rested_lines(engine: Engine) -> None:
    """As pool_pre_ping does, but only where a line has lain still: the trip there and back costs as much as a query."""

    @event.listens_for(engine, "checkin")
    def _on_checkin(_connection: object, record: ConnectionPoolEntry) -> None:
        record.info["rests_since"] = monotonic()

    @event.listens_for(engine, "checkout")
    def _on_checkout(connection: DBAPIConnection, record: ConnectionPoolEntry, _line: object) -> None:
        rests_since = record.info.get("rests_since")
        if rests_since is not None and monotonic() - rests_since > RESTED_SECONDS:
            try:
                engine.dialect.do_ping(connection)
            except engine.dialect.loaded_dbapi.Error as error:
                raise DisconnectionError from error


def init_db(app: Flask) -> None:
    """Bind the handle to this app."""
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)


def read() -> Session:
    """Return the session of this request, job or verb, for SELECTs."""
    current = _current.get()
    return db.session() if current is None else current[0]


def plain() -> Plain:
    """Return the connection of the session, for statements that stand ready and give plain rows.

    Asked this way a statement costs a fraction of what it costs through the session; it sees all that was done before.
    """
    current = _current.get()
    session, lines = (db.session(), None) if current is None else current
    if session._new or session._deleted or session.identity_map._modified:
        session.flush()  # asked only where it has anything to do: it goes a long way to find that it has not
    return _lines(session) if lines is None else lines


def _lines(session: Session) -> Plain:
    """Return the connection of a session that reads, kept until the session gives it back."""
    kept: Plain | None = session.info.get("plain")
    if kept is None or kept.connection.closed:
        kept = session.info["plain"] = Plain(session.connection())
    return kept


@contextmanager
def transaction() -> Iterator[Session]:
    """Open the one transaction of a verb: commits at the end, rolls back on any error; is not nested."""
    session = db.session()
    if session.info.get("writing"):
        raise RuntimeError("a verb is one transaction: verbs do not call verbs")
    session.rollback()  # what was read before is let go, so that the verb decides on what is true now
    session.info["writing"] = True
    followers: list[Callable[[], None]] = []
    session.info["followers"] = followers
    try:
        with _turn_to_write(session.get_bind()):
            try:
                writing = _writes.set(True)
                try:
                    lines = Plain(session.connection())
                finally:
                    _writes.reset(writing)
                verb = _current.set((session, lines))
                try:
                    yield session
                finally:
                    _current.reset(verb)
                session.commit()
            except BaseException:
                session.rollback()
                raise
    finally:
        session.info.clear()  # whatever verbs noted there was about this transaction
    for follow in followers:
        follow()


def _turn_to_write(bind: Engine | Connection) -> AbstractContextManager[None]:
    file = bind.engine.url.database
    waits = bind.dialect.name == "sqlite" and file not in (None, "", ":memory:")
    return turn(str(file)) if waits else nullcontext()


def after_commit(follow: Callable[[], None]) -> None:
    """Call this once the current verb's transaction stands; never when it is rolled back."""
    read().info["followers"].append(follow)


def retry_once(verb: Callable[P, T]) -> Callable[P, T]:
    """Repeat a verb once when PostgreSQL broke a deadlock or a serialisation failure (40P01, 40001) at its cost,
    or when the same form was sent twice at once and the other one won."""

    @wraps(verb)
    def again(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return verb(*args, **kwargs)
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) not in RETRIED and "request_key" not in str(error.orig):
                raise
        return verb(*args, **kwargs)

    return again
