"""The one transaction: it commits once, is not nested, and what follows it follows only when it stands."""

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from portal.db import after_commit, db, read, retry_once, transaction
from portal.models import Person, RequestKey


def count() -> int:
    return read().scalar(select(func.count()).select_from(Person)) or 0


def test_what_a_verb_wrote_stands_after_it(app: Flask, now: datetime) -> None:
    with app.app_context():
        with transaction() as session:
            session.add(Person(email="a@example.org", created_at=now))
        db.session.remove()
        assert count() == 1


def test_an_error_takes_everything_back_and_nothing_follows(app: Flask, now: datetime) -> None:
    followed: list[str] = []

    def verb() -> None:
        with transaction() as session:
            after_commit(lambda: followed.append("called"))
            session.add_all([Person(email="same@example.org", created_at=now) for _ in range(2)])

    with app.app_context():
        with pytest.raises(IntegrityError):
            verb()
        assert (count(), followed) == (0, [])


def test_what_follows_is_called_after_the_commit(app: Flask, now: datetime) -> None:
    seen: list[int] = []
    with app.app_context():
        with transaction() as session:
            session.add(Person(email="a@example.org", created_at=now))
            after_commit(lambda: seen.append(count()))
        assert seen == [1]


def test_verbs_do_not_call_verbs(app: Flask) -> None:
    with app.app_context(), transaction(), pytest.raises(RuntimeError, match="one transaction"), transaction():
        pass


def test_of_two_uses_of_one_form_key_the_second_is_tried_again_and_finds_the_first(app: Flask, now: datetime) -> None:
    tries: list[int] = []
    with app.app_context():
        with transaction() as session:
            person = Person(email="a@example.org", created_at=now)
            session.add(person)
            session.flush()
            session.add(RequestKey(person_id=person.id, key="k", content="c", result_id=1, at=now))
            person_id = person.id

        @retry_once
        def verb() -> int:
            tries.append(1)
            with transaction() as session:
                if len(tries) == 1:  # as when the other request committed after we looked
                    session.add(RequestKey(person_id=person_id, key="k", content="c", result_id=2, at=now))
                return 1

        assert (verb(), len(tries)) == (1, 2)


def test_another_broken_constraint_is_not_tried_again(app: Flask, now: datetime) -> None:
    tries: list[int] = []

    @retry_once
    def verb() -> None:
        tries.append(1)
        with transaction() as session:
            session.add_all([Person(email="same@example.org", created_at=now) for _ in range(2)])

    with app.app_context():
        with pytest.raises(IntegrityError):
            verb()
        assert len(tries) == 1
