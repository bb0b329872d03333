"""Free text is sealed in the database: unreadable there, readable with the ring, bound to its column."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta, timezone

import pytest
from cryptography.exceptions import InvalidTag
from flask import Flask
from sqlalchemy import text

from portal.db import db, read, transaction
from portal.models import Base, MemberProfile, Person, keyring
from portal.models.types import EncryptedBytes, KeyRing

STORY = "A sentence nobody else may read"


def add_somebody(now: datetime) -> int:
    with transaction() as session:
        person = Person(email="amal@example.org", name="Amal", created_at=now)
        session.add(person)
        session.flush()
        session.add(MemberProfile(person_id=person.id, own_words=STORY, about={"needs": ["company"]}, updated_at=now))
        return person.id


def test_the_database_never_sees_the_words(app: Flask, now: datetime) -> None:
    with app.app_context():
        person_id = add_somebody(now)
        row = db.session.execute(text("SELECT own_words, about FROM member_profile")).one()
        assert [cell.partition(":")[0] for cell in row] == [keyring.writes_with] * 2
        assert not any(word in cell for cell in row for word in ("sentence", "company", "needs"))
        db.session.rollback()
        profile = read().get_one(MemberProfile, person_id)
        assert (profile.own_words, profile.about) == (STORY, {"needs": ["company"]})


def test_a_value_copied_into_another_column_does_not_open(app: Flask, now: datetime) -> None:
    with app.app_context():
        add_somebody(now)
        with db.engine.begin() as connection:
            connection.execute(text("UPDATE member_profile SET access_needs = own_words"))
        with pytest.raises(InvalidTag):
            db.session.execute(db.select(MemberProfile)).scalars().all()


def test_a_changed_letter_is_noticed() -> None:
    ring = KeyRing()
    ring.load({"a": bytes(32)})
    key_id, _, rest = ring.seal(b"words", "table.column").partition(":")
    raw = bytearray(urlsafe_b64decode(rest))
    raw[-1] ^= 1
    with pytest.raises(InvalidTag):
        ring.open(f"{key_id}:{urlsafe_b64encode(bytes(raw)).decode()}", "table.column")


def test_an_older_key_still_reads_and_the_first_one_writes() -> None:
    old, new = KeyRing(), KeyRing()
    old.load({"a": bytes(32)})
    new.load({"b": b"b" * 32, "a": bytes(32)})
    assert new.open(old.seal(b"words", "p"), "p") == b"words"
    assert new.seal(b"words", "p").startswith("b:")
    with pytest.raises(KeyError):
        old.open(new.seal(b"words", "p"), "p")


def test_every_encrypted_column_names_its_own_place() -> None:
    sealed = {
        f"{table.name}.{column.name}": column.type.place
        for table in Base.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, EncryptedBytes)
    }
    assert sealed
    assert {column: place for column, place in sealed.items() if column != place} == {}


def test_instants_come_back_in_utc_and_need_a_zone(app: Flask, now: datetime) -> None:
    with app.app_context():
        person_id = add_somebody(now.astimezone(timezone(timedelta(hours=5, minutes=45))))
        db.session.rollback()
        found = read().get_one(Person, person_id).created_at
        assert (found, found.tzinfo) == (now, UTC)
        with pytest.raises(Exception, match="zone"), transaction() as session:
            session.add(Person(email="b@example.org", created_at=datetime(2026, 3, 2)))  # noqa: DTZ001 (the point)
