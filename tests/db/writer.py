"""A process that writes to one SQLite file through the house's own transaction, again and again, for the tests."""

import os
import signal
import sys
import time
from pathlib import Path

from flask import Flask
from sqlalchemy import text

from portal.db import db, engine_options, init_db, transaction


def app_on(path: Path) -> Flask:
    """Return an app that has nothing but this database."""
    url = f"sqlite:///{path}"
    app = Flask("writer")
    app.config.update(SQLALCHEMY_DATABASE_URI=url, SQLALCHEMY_ENGINE_OPTIONS=engine_options(url))
    init_db(app)
    return app


def write(name: str) -> float:
    """Add one row, holding the turn for a moment; returns the seconds until it stood."""
    begun = time.perf_counter()
    with transaction() as session:
        session.execute(text("INSERT INTO note (writer) VALUES (:name)"), {"name": name})
    return time.perf_counter() - begun


def say(*words: object) -> None:
    """Tell the test, at once."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def main() -> None:
    """`write file name seconds` says how often and the longest wait; `die file` is killed while it holds the turn,
    `hold file` keeps it until it is told to go."""
    verb, path, *more = sys.argv[1:]
    with app_on(Path(path)).app_context():
        if verb == "die":
            with transaction():
                say("holding")
                os.kill(os.getpid(), signal.SIGKILL)
        if verb == "hold":
            with transaction():
                say("holding")
                sys.stdin.readline()
            return
        name, seconds = more[0], float(more[1])
        write(name)
        say("ready")
        sys.stdin.readline()
        until = time.perf_counter() + seconds
        waits = []
        while time.perf_counter() < until:
            waits.append(write(name))
        say(len(waits), max(waits))
        db.engine.dispose()


if __name__ == "__main__":
    main()
