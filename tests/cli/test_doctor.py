"""The doctor says in sentences how a site is, and by its exit code whether somebody has to look."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import text

from portal import clock
from portal.cli import doctor as room
from portal.cli.doctor import doctor
from portal.data.crisis import country
from portal.db import transaction
from portal.domain.crisis import Country
from portal.domain.notice import Channel, Kind, NoticeState
from portal.models import AuditEntry, Notice, Person
from portal.services import audit
from portal.services.booking import note_listening
from portal.services.notice.sweep import beat, pulse
from tests.servers.settings import ENCRYPTION_KEYS, environ_for
from tests.servers.smtp import Sink
from tests.servers.valkey import Valkey

Ask = Callable[..., Result]
NEWER = "newer:" + "bmV3ZXIga2V5LCBleGFjdGx5IDMyIGJ5dGVzIGxvbmc="


def checked(code: str) -> Country:
    """A country each of whose lines a person has read up."""
    home, day = country(code), date(2026, 3, 1)
    lines = tuple(replace(line, verified_on=day, review_by=day + timedelta(days=180)) for line in home.lines)
    return replace(home, lines=lines)


@pytest.fixture
def ask(
    app: Flask,
    engine_url: str,
    valkey: Valkey,
    smtp: Sink,
    now: datetime,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Ask:
    """Ask the doctor about a site all of which runs; settings by name change it."""
    monkeypatch.setattr(clock, "now", lambda: now)
    monkeypatch.setattr(room, "country", checked)
    with app.app_context():
        beat(now=now)
        pulse(now=now)

    def asked(**settings: str) -> Result:
        environ = environ_for(engine_url, tmp_path, redis_url=valkey.url, smtp_url=smtp.url) | settings
        for name, value in environ.items():
            monkeypatch.setenv(name, value)
        return CliRunner().invoke(doctor)

    return asked


def looks(result: Result) -> list[str]:
    """Return the sentences that need a person."""
    return [line.removeprefix("LOOK  ") for line in result.output.splitlines() if line.startswith("LOOK")]


def recorded(app: Flask, now: datetime) -> None:
    """Have three deeds written down and sealed."""
    with app.app_context():
        with transaction() as session:
            for number in range(3):
                audit.record(session, "read", "person", number, actor_id=None, now=now)
        audit.seal()


def owed(app: Flask, due_at: datetime, state: NoticeState) -> None:
    with app.app_context(), transaction() as session:
        letter = Notice(about="code-1", kind=Kind.SIGN_IN_CODE, due_at=due_at, created_at=due_at, state=state)
        session.add(letter)


def test_a_site_all_of_which_runs_is_well(app: Flask, ask: Ask, now: datetime) -> None:
    recorded(app, now)
    told = ask()
    assert (told.exit_code, looks(told)) == (0, [])
    for sentence in ("The broker answers.", "The database answers: ", ", journal ", "is whole: 3 entries"):
        assert sentence in told.output
    assert "The worker was last seen less than a minute ago." in told.output


def test_a_broker_that_is_away_is_said(ask: Ask) -> None:
    told = ask(REDIS_URL="unix:///nowhere/valkey.sock")
    (sentence,) = looks(told)
    assert (told.exit_code, sentence.split(":")[0]) == (1, "The broker does not answer")


def test_a_database_that_is_away_is_said_without_its_address(ask: Ask) -> None:
    told = ask(DATABASE_URL="postgresql+psycopg://somebody:secret@127.0.0.1:1/nowhere")
    (sentence,) = looks(told)
    assert (told.exit_code, sentence.startswith("The database does not answer")) == (1, True)
    assert "secret" not in told.output


def test_worker_and_clock_that_went_silent_are_said(ask: Ask, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=4))
    told = ask()
    assert looks(told) == ["The worker was last seen 4 minutes ago.", "The clock was last seen 4 minutes ago."]


def test_letters_that_stand_still_or_came_back_are_counted(app: Flask, ask: Ask, now: datetime) -> None:
    owed(app, now, NoticeState.DUE)
    assert ask().exit_code == 0
    owed(app, now - timedelta(minutes=10), NoticeState.DUE)
    owed(app, now, NoticeState.FAILED)
    assert looks(ask()) == [
        "Letters that should go out now: 2; for ten minutes or longer: 1.",
        "Letters that could not be delivered (page “Letters”): 1.",
    ]


def test_signs_that_were_refused_because_of_the_key_are_said_for_a_day(app: Flask, ask: Ask, now: datetime) -> None:
    for hours in (1, 30):
        with app.app_context(), transaction() as session:
            row = Notice(about=f"walk-{hours}", kind=Kind.BOTH_YES, channel=Channel.PUSH, due_at=now, created_at=now)
            row.state, row.error, row.settled_at = NoticeState.VOID, "refused-403", now - timedelta(hours=hours)
            session.add(row)
    (sentence,) = looks(ask())
    assert sentence.startswith(
        "Signs that were not taken since yesterday because of the site's key (PUSH_KEY, MAIL_FROM): 1."
    )


def test_a_record_that_was_changed_is_said_with_the_place(app: Flask, ask: Ask, now: datetime) -> None:
    recorded(app, now)
    with app.app_context(), transaction() as session:
        postgresql = session.get_bind().dialect.name == "postgresql"
        guard = "audit_entry_stays_delete"
        session.execute(
            text(f"ALTER TABLE audit_entry DISABLE TRIGGER {guard}" if postgresql else f"DROP TRIGGER {guard}")
        )
        session.query(AuditEntry).filter(AuditEntry.seal_number == 2).delete()
    told = ask()
    assert (told.exit_code, looks(told)) == (
        1,
        ["The record of deeds is broken at 2: somebody changed it past the program."],
    )


def test_help_lines_nobody_has_checked_are_named(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    home = checked("US")
    monkeypatch.setattr(room, "country", lambda _: replace(home, lines=(replace(home.lines[0], verified_on=None),)))
    (sentence,) = looks(ask())
    assert sentence == f"1 of 1 help lines (US) wait for a person to check them: {home.lines[0].name}."


def test_a_key_that_is_still_needed_is_said_and_one_that_is_gone_needs_a_person(
    app: Flask, ask: Ask, now: datetime
) -> None:
    with app.app_context(), transaction() as session:
        session.add(Person(email="ana@example.org", name="Ana", created_at=now))
    told = ask(ENCRYPTION_KEYS=f"{NEWER},{ENCRYPTION_KEYS}")
    assert (told.exit_code, "Older keys are still needed" in told.output) == (0, True)
    (sentence,) = looks(ask(ENCRYPTION_KEYS=NEWER))
    assert sentence.startswith("Keys, the newest first: newer holds 0; sealed with a key that is not here: ")


def test_the_door_for_answers_is_looked_after_only_where_it_is_set_up(ask: Ask, app: Flask, now: datetime) -> None:
    assert "door for answers" not in ask().output
    silent = ask(INBOUND="lmtp://127.0.0.1:8024")
    assert "The door for answers from calendars has never been seen." in looks(silent)
    with app.app_context():
        note_listening(now=now)
    heard = ask(INBOUND="lmtp://127.0.0.1:8024")
    assert "The door for answers from calendars was last seen less than a minute ago." in heard.output
