"""A statement that stands ready says, takes and refuses what the same one does through SQLAlchemy."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import bindparam, event, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from portal.db import db, plain, read, transaction
from portal.domain.account import Role
from portal.models import Person, PersonRole, table_of

AT = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
ADD = insert(table_of(Person))
ADD_ROLE = insert(table_of(PersonRole))
ONE = (
    select(Person.id, Person.name, Person.created_at, PersonRole.role)
    .join(PersonRole)
    .where(Person.id == bindparam("id"))
)
SOME = select(Person.name).where(Person.id.in_(bindparam("ids", expanding=True))).order_by(Person.id)


@pytest.fixture
def ada(app: Flask) -> Iterator[int]:
    with app.app_context():
        with transaction():
            plain().execute(ADD, [{"email": f"{name}@example.org", "name": name, "created_at": AT} for name in "ab"])
            first = read().scalars(select(Person.id).order_by(Person.id)).first()
            assert first is not None
            plain().execute(ADD_ROLE, {"person_id": first, "role": Role.MEMBER, "since": AT})
        yield first


def test_rows_come_back_as_their_columns_are_typed_and_are_asked_by_name(ada: int) -> None:
    row = plain().execute(ONE, {"id": ada}).one()
    assert tuple(row) == (ada, "a", AT, Role.MEMBER)
    assert (row.name, row.created_at) == ("a", AT)


def test_they_are_those_of_the_ordinary_way(ada: int) -> None:
    assert plain().execute(ONE, {"id": ada}).all() == read().connection().execute(ONE, {"id": ada}).all()


def test_rows_for_whoever_reads_them_alone_come_as_the_driver_gives_them(ada: int) -> None:
    zones = select(Person.id, Person.zone).where(Person.id == bindparam("id"))
    assert list(plain().rows(zones, {"id": ada})) == [tuple(row) for row in read().execute(zones, {"id": ada})]


def test_the_defaults_of_columns_are_written(ada: int) -> None:
    written, made = read().get_one(Person, ada), Person(email="c@example.org", created_at=AT)
    with transaction() as session:
        session.add(made)
    assert (written.quiet_from, written.zone) == (made.quiet_from, made.zone)


def test_a_list_of_any_length_is_unfolded_each_time(ada: int) -> None:
    asked = [plain().execute(SOME, {"ids": ids}).scalars().all() for ids in ([ada], [ada, ada + 1], [])]
    assert asked == [["a"], ["a", "b"], []]


def test_a_change_is_written_with_what_it_is_given(ada: int) -> None:
    renamed = update(table_of(Person)).where(table_of(Person).c.id == bindparam("who")).values(name=bindparam("called"))
    with transaction():
        plain().execute(renamed, {"who": ada, "called": "Ada"})
    assert plain().execute(ONE, {"id": ada}).one().name == "Ada"


def test_a_value_that_is_missing_is_no_null(ada: int) -> None:
    with pytest.raises(StatementError, match="required"):
        plain().execute(ONE, {})


def test_what_the_database_refuses_is_told_as_ever_but_not_what_was_asked(ada: int) -> None:
    with pytest.raises(IntegrityError) as refused, transaction():
        plain().execute(ADD, {"email": "a@example.org", "name": "a secret", "created_at": AT})
    assert "a secret" not in str(refused.value)


def test_whoever_listens_to_statements_hears_this_one(ada: int) -> None:
    heard: list[str] = []

    def hear(*told: object) -> None:
        heard.append(str(told[2]))

    event.listen(db.engine, "before_cursor_execute", hear)
    try:
        plain().execute(ONE, {"id": ada})
    finally:
        event.remove(db.engine, "before_cursor_execute", hear)
    assert len(heard) == 1


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_a_line_that_breaks_off_is_not_used_again(app: Flask) -> None:
    with app.app_context():
        number = read().execute(text("SELECT pg_backend_pid()")).scalar_one()
        with db.engine.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:number, 5000)"), {"number": number})
        with pytest.raises(DBAPIError) as broken:
            plain().execute(ONE, {"id": 1})
        assert broken.value.connection_invalidated
        read().rollback()
        assert read().execute(text("SELECT pg_backend_pid()")).scalar_one() != number


def test_a_line_that_was_given_back_is_not_asked_again(ada: int) -> None:
    assert plain().execute(ONE, {"id": ada}).one().name == "a"
    read().rollback()
    with transaction():
        plain().execute(ADD, {"email": "c@example.org", "name": "c", "created_at": AT})
    assert plain().execute(SOME, {"ids": [ada + 2]}).scalars().all() == ["c"]
