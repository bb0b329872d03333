"""The ceiling of a page: its statements sent bare through the driver, and its template rendered with values that stand
ready; without the ORM, verbs, rules, guards or headers of ours. Served like the site, for gunicorn to load.

Each page is asked once of the application itself, which tells the statements with their parameters and the values.
"""

import json
import os
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from threading import local
from typing import Any

from flask import Flask, Response, make_response, render_template, template_rendered
from sqlalchemy import event

from portal.app import from_environment
from portal.db import db

PAGES = "BENCH_PAGES"
# What Flask gives to each template anew, and what belongs to one request.
LIVE = frozenset({"g", "request", "session", "current_user", "config"})
_here = local()


@dataclass
class Seen:
    """What a page asked the database, which template it is, and the values it was given."""

    statements: list[tuple[str, Any]] = field(default_factory=list)
    template: str = ""
    values: dict[str, Any] = field(default_factory=dict)


def ceiling() -> Flask:
    """Return the application without everything that is not a statement or a template."""
    app = from_environment()
    seen = [_seen(app, page["path"], page["cookie"]) for page in json.loads(os.environ[PAGES])]
    with app.app_context():
        connect = _connector()
    app.before_request_funcs.clear()
    app.after_request_funcs[None] = [hook for hook in app.after_request_funcs[None] if _compresses(hook)]
    app.teardown_appcontext_funcs.clear()
    app.template_context_processors[None] = app.template_context_processors[None][:1]
    app.extensions["babel"] = replace(app.extensions["babel"], locale_selector=lambda: "en")
    for number, page in enumerate(seen):
        app.view_functions[f"ceiling {number}"] = _view(page, connect)
        app.url_map.add(app.url_rule_class(f"/ceiling/{number}", endpoint=f"ceiling {number}", methods=["GET"]))
    return app


def _seen(app: Flask, path: str, cookie: str) -> Seen:
    seen = Seen()
    client = app.test_client(use_cookies=False)
    client.get(path, headers={"Cookie": cookie})  # whatever is only asked once

    def render(_app: Flask, template: Any, context: dict[str, Any], **_: object) -> None:
        seen.template = template.name
        seen.values = {name: value for name, value in context.items() if name not in LIVE}

    with _heard(app, seen.statements), template_rendered.connected_to(render, app):
        answer = client.get(path, headers={"Cookie": cookie})
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answers {answer.status_code}")
    return seen


@contextmanager
def _heard(app: Flask, statements: list[tuple[str, Any]]) -> Any:
    def hear(_connection: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            statements.append((statement, parameters))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", hear)


def _connector() -> Callable[[], Any]:
    dialect, url = db.engine.dialect, db.engine.url
    arguments, options = dialect.create_connect_args(url)

    def connection() -> Any:
        if not hasattr(_here, "connection"):
            # Each thread of gunicorn keeps one, with nothing of SQLAlchemy's between.
            _here.connection = dialect.loaded_dbapi.connect(*arguments, **options, isolation_level=None)
        return _here.connection

    return connection


def _view(page: Seen, connect: Callable[[], Any]) -> Callable[[], Response]:
    def view() -> Response:
        connection = connect()
        connection.execute("BEGIN")
        for statement, parameters in page.statements:
            connection.execute(statement, parameters).fetchall()
        connection.execute("ROLLBACK")
        return make_response(render_template(page.template, **page.values))

    return view


def _compresses(hook: Any) -> bool:
    return type(getattr(hook, "__self__", None)).__name__ == "Compress"
