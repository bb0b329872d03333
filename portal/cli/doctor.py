"""`doctor`: looks at a running site and says in sentences what is well and what needs a person."""

import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import click
from flask import Flask, current_app
from redis.exceptions import RedisError
from sqlalchemy import Text, func, select, text, type_coerce
from sqlalchemy.exc import SQLAlchemyError

from portal import clock, queue
from portal.app import from_environment
from portal.cli.keys import sealed_columns
from portal.data.crisis import country
from portal.db import db, read
from portal.domain.crisis import due_for_review
from portal.domain.notice import Channel
from portal.queries.notice import standing
from portal.services import audit
from portal.services.notice.office import office

Finding = tuple[bool, str]
STUCK_AFTER = timedelta(minutes=10)
REFUSED_WITHIN = timedelta(days=1)
SHOWN_OF_A_SEAL = 12
CALLED_WAYS = {Channel.TEXT: "Texts", Channel.PUSH: "Signs on devices"}
CALLED = {standing.INBOUND: "door for answers from calendars"}


@click.command()
def doctor() -> None:
    """Say how the site is; the exit code is 1 where something needs a person."""
    app = from_environment()
    with app.app_context():
        found = list(_findings(app, clock.now()))
    for well, sentence in found:
        click.echo(f"{'well' if well else 'LOOK'}  {sentence}")
    sys.exit(0 if all(well for well, _ in found) else 1)


def _findings(app: Flask, now: datetime) -> Iterator[Finding]:
    yield _broker()
    yield _help_lines(app, now)
    checks: tuple[Callable[[], Iterator[Finding]], ...] = (
        _database,
        lambda: _signs(now),
        lambda: _letters(now),
        lambda: _ways(now),
        _record,
        _keys,
    )
    try:
        for check in checks:
            yield from check()
    except SQLAlchemyError as error:
        sentence = "The database does not answer, or its tables are not there yet (python3 -m portal release)"
        yield False, f"{sentence}: {type(error).__name__}."


def _broker() -> Finding:
    try:
        queue.connect(current_app.extensions["settings"].redis_url).ping()
    except (RedisError, OSError) as error:
        return False, f"The broker does not answer: {type(error).__name__}. Letters go out late, none is lost."
    return True, "The broker answers."


def _help_lines(app: Flask, now: datetime) -> Finding:
    home = country(app.extensions["settings"].crisis_country)
    due = due_for_review([home], now.date())
    if due:
        names = ", ".join(line.name for line in due)
        return (
            False,
            f"{len(due)} of {len(home.lines)} help lines ({home.code}) wait for a person to check them: {names}.",
        )
    return True, f"All {len(home.lines)} help lines ({home.code}) have been checked."


def _database() -> Iterator[Finding]:
    if db.engine.dialect.name == "sqlite":
        journal, version = read().scalar(text("PRAGMA journal_mode")), read().scalar(text("SELECT sqlite_version()"))
        yield True, f"The database answers: SQLite {version}, journal {journal}."
    else:
        yield True, f"The database answers: PostgreSQL {read().scalar(text('SHOW server_version'))}, journal wal."


def _signs(now: datetime) -> Iterator[Finding]:
    signs = standing.last_signs()
    listens = [standing.INBOUND] if current_app.extensions["settings"].inbound else []
    for name in (standing.WORKER, standing.CLOCK, *listens):
        at = signs.get(name)
        seen = "has never been seen" if at is None else f"was last seen {_ago(now - at)} ago"
        yield at is not None and now - at < standing.SILENT_AFTER, f"The {CALLED.get(name, name)} {seen}."


def _letters(now: datetime) -> Iterator[Finding]:
    waiting, stuck = standing.waiting_count(now), standing.waiting_count(now - STUCK_AFTER)
    yield not stuck, f"Letters that should go out now: {waiting}; for ten minutes or longer: {stuck}."
    if standing.held_since() is not None:
        yield False, "Nothing is sent until a person says so (page “Letters”, or python3 -m portal mail go)."
    undelivered = standing.failed_by_way()
    letters = undelivered.pop(Channel.EMAIL, 0)
    yield not letters, f"Letters that could not be delivered (page “Letters”): {letters}."
    for way, count in undelivered.items():
        yield False, f"{CALLED_WAYS[way]} that came to nothing, with no letter instead (page “Letters”): {count}."


def _ways(now: datetime) -> Iterator[Finding]:
    ways = office().ways
    texts = "Texts are set up" if Channel.TEXT in ways else "Texts are not set up (TEXTS_ACCOUNT)"
    signs = "signs on devices are" if Channel.PUSH in ways else "signs on devices are not (PUSH_KEY)"
    yield True, f"{texts}; {signs}."
    refused = standing.key_refused_count(now - REFUSED_WITHIN)
    if refused:
        yield (
            False,
            f"Signs that were not taken since yesterday because of the site's key (PUSH_KEY, MAIL_FROM): {refused}."
            " Letters went instead. If the key was changed, put the old one back, or each device has to ask anew.",
        )


def _record() -> Iterator[Finding]:
    chain = audit.verify()
    if chain.broken_at is None:
        yield True, f"The record of deeds is whole: {chain.length} entries, last seal {chain.newest[:SHOWN_OF_A_SEAL]}."
    else:
        yield False, f"The record of deeds is broken at {chain.broken_at}: somebody changed it past the program."


def _keys() -> Iterator[Finding]:
    sealed_with = dict.fromkeys((key_id for key_id, _ in current_app.extensions["settings"].encryption_keys), 0)
    newest, unreadable = next(iter(sealed_with)), 0
    for _table, column, _place in sealed_columns():
        sealed = type_coerce(column, Text)
        unreadable += read().scalar(select(func.count(column))) or 0
        for key_id in sealed_with:
            held = read().scalar(select(func.count()).where(sealed.like(f"{key_id}:%"))) or 0
            sealed_with[key_id] += held
            unreadable -= held
    told = ", ".join(f"{key_id} holds {held}" for key_id, held in sealed_with.items())
    yield not unreadable, f"Keys, the newest first: {told}; sealed with a key that is not here: {unreadable}."
    older = sum(held for key_id, held in sealed_with.items() if key_id != newest)
    if older:
        yield True, "Older keys are still needed, until `python3 -m portal keys rotate` has run."


def _ago(past: timedelta) -> str:
    minutes = int(past.total_seconds()) // 60
    if minutes < 1:
        return "less than a minute"
    return f"{minutes} minutes" if minutes < 120 else f"{minutes // 60} hours"
