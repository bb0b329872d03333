"""A newer key takes over from an older one, for every sealed value, and can be stopped half way."""

from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import text

from portal.cli.keys import rotate
from portal.db import db, read, transaction
from portal.models import MemberProfile, Person, keyring
from tests.servers.settings import ENCRYPTION_KEYS, environ_for

NEWER = "newer:" + "bmV3ZXIga2V5LCBleGFjdGx5IDMyIGJ5dGVzIGxvbmc="


def key_ids() -> set[str]:
    rows = db.session.execute(text("SELECT own_words FROM member_profile UNION ALL SELECT name FROM person")).scalars()
    found = {cell.partition(":")[0] for cell in rows}
    db.session.rollback()
    return found


def test_every_value_is_sealed_with_the_newest_key_and_still_read(
    app: Flask, engine_url: str, now: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        with transaction() as session:
            for number in range(3):
                person = Person(email=f"p{number}@example.org", name=f"P{number}", created_at=now)
                session.add(person)
                session.flush()
                session.add(MemberProfile(person_id=person.id, own_words=f"words {number}", updated_at=now))
        assert key_ids() == {"test"}
    for name, value in (environ_for(engine_url, tmp_path) | {"ENCRYPTION_KEYS": f"{NEWER},{ENCRYPTION_KEYS}"}).items():
        monkeypatch.setenv(name, value)
    for _ in range(2):  # a second run finds nothing to do
        done = CliRunner().invoke(rotate)
        assert (done.exit_code, done.output.startswith("Everything is sealed")) == (0, True)
    with app.app_context():
        assert key_ids() == {"newer"}
        assert keyring.writes_with == "newer"
        profiles = read().query(MemberProfile).order_by(MemberProfile.person_id)
        assert [profile.own_words for profile in profiles] == ["words 0", "words 1", "words 2"]
