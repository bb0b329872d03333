"""One account, two browsers or two parts of the program at the same instant: nobody is told of it by a fault."""

from collections.abc import Callable, Sequence
from datetime import datetime
from threading import Barrier, Event, Thread

import pytest
from flask import Flask
from sqlalchemy import event, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from portal.db import db, read, transaction
from portal.domain.account import CodeAnswer, Discretion, Role
from portal.domain.notice import USUAL_PLAN, Kind
from portal.models import Notice, Person
from portal.queries import account as account_queries
from portal.queries import notice as notice_queries
from portal.services import account as services
from portal.services.account import Reminders, SafeAnswers, choices
from portal.services.account.people import locked
from portal.services.experience import profile
from portal.services.notice.deliver import deliver
from tests.services import outbox
from tests.services.conftest import Chat
from tests.web.account_steps import codes

NEW = "new@example.org"
WANTED = Reminders(USUAL_PLAN, quiet_from=22 * 60, quiet_until=8 * 60)


def side_by_side(app: Flask, *deeds: Callable[[], object]) -> list[object]:
    """Do all of these at once, each in a thread of its own; returns what each gave, or the fault that it met."""
    found: list[object] = [None] * len(deeds)

    def do(place: int, deed: Callable[[], object]) -> None:
        with app.app_context():
            try:
                found[place] = deed()
            except Exception as error:
                found[place] = error

    threads = [Thread(target=do, args=(place, deed)) for place, deed in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_two_codes_of_one_new_address_at_once_make_one_account(inside: Flask, now: datetime) -> None:
    tokens = [services.ask_code(NEW, now=now) for _ in range(2)]
    together = Barrier(2)

    def enter(token: str, code: str) -> CodeAnswer:
        together.wait()
        return services.enter_code(token, code, now=now).answer

    pairs = list(zip(tokens, codes(inside, NEW), strict=True))
    found = side_by_side(inside, *(lambda pair=pair: enter(*pair) for pair in pairs))
    read().rollback()
    assert found == [CodeAnswer.RIGHT, CodeAnswer.RIGHT]
    assert read().scalar(select(func.count()).select_from(Person).where(Person.email == NEW)) == 1


def test_an_account_made_while_a_code_was_typed_is_the_one_that_signs_in(
    inside: Flask, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in the race above, in an order that is always the same."""
    services.add_person(NEW, [Role.MEMBER], now=now)
    token = services.ask_code(NEW, now=now)
    really, looked = account_queries.person_by_email, []

    def not_there_yet(email: str) -> Person | None:
        looked.append(email)
        return None if len(looked) == 1 else really(email)

    monkeypatch.setattr(account_queries, "person_by_email", not_there_yet)
    assert services.enter_code(token, codes(inside, NEW)[0], now=now).answer is CodeAnswer.RIGHT
    assert len(looked) == 2


def test_a_choice_of_reminders_is_kept_while_one_is_going_out(
    inside: Flask, chat: Chat, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker holds the letter and refers to the person; the person's own choice holds them and wants the letter."""
    outbox.deliver_due(now)
    notice = outbox.one(Kind.REMINDER_DAY, chat.peer_id)
    notice_id, due_at = notice.id, notice.due_at
    read().rollback()
    letter_held, person_held = Event(), Event()
    lock_letters, lock_person = notice_queries.claimable, locked
    tries: list[int] = []

    def letters(notice_ids: Sequence[int], at: datetime) -> list[Notice]:
        held = lock_letters(notice_ids, at)
        letter_held.set()
        person_held.wait(1)  # on SQLite the worker holds everything, and the person comes after it
        return held

    def person(session: Session, person_id: int) -> Person:
        tries.append(1)
        held = lock_person(session, person_id)
        person_held.set()
        return held

    def choose() -> str:
        letter_held.wait()
        services.set_reminders(chat.peer_id, WANTED, now=due_at)
        return "kept"

    monkeypatch.setattr(notice_queries, "claimable", letters)
    monkeypatch.setattr(choices, "locked", person)
    found = side_by_side(inside, lambda: deliver(notice_id, now=due_at), choose)
    read().rollback()
    assert (found, len(tries)) == ([None, "kept"], 1)
    assert read().get_one(Person, chat.peer_id).quiet_from == WANTED.quiet_from


class Deadlock(Exception):
    """What psycopg says of a deadlock."""

    sqlstate = "40P01"


CHOICES: dict[str, Callable[[int, datetime], None]] = {
    "name": lambda who, now: services.set_name(who, "Robin", now=now),
    "zone": lambda who, now: services.set_zone(who, "Europe/London", now=now),
    "reach": lambda who, now: services.set_reach(who, "202-555-0100", now=now),
    "discretion": lambda who, now: services.set_discretion(who, Discretion.DOT, now=now),
    "reminders": lambda who, now: services.set_reminders(who, WANTED, now=now),
    "safe contact": lambda who, now: services.set_safe_contact(who, SafeAnswers(may_email=True), now=now),
}


@pytest.mark.parametrize("choice", CHOICES)
def test_a_choice_that_a_deadlock_broke_is_made_again(
    inside: Flask, now: datetime, monkeypatch: pytest.MonkeyPatch, choice: str
) -> None:
    person_id = services.add_person(NEW, [Role.MEMBER], now=now)
    tries: list[int] = []

    def broken_once(session: Session, locked_id: int) -> Person:
        tries.append(locked_id)
        if len(tries) == 1:
            raise OperationalError("SELECT", {}, Deadlock())
        return locked(session, locked_id)

    monkeypatch.setattr(choices, "locked", broken_once)
    CHOICES[choice](person_id, now)
    assert tries == [person_id] * 2


def test_telling_holds_nobody_up_who_only_refers_to_the_person(inside: Flask, now: datetime) -> None:
    """A letter owed to somebody must not wait until they have told: that wait is half of a deadlock."""
    person_id = services.add_person(NEW, [Role.MEMBER], now=now)
    read().rollback()
    seen: list[str] = []
    engine = db.engine
    event.listen(engine, "before_cursor_execute", lambda *told: seen.append(told[2]))
    with transaction() as session:
        profile.open_telling(session, person_id, Role.MEMBER, now=now)
    holds = [statement.partition(" FOR ")[2] for statement in seen if " FOR " in statement]
    assert holds == (["NO KEY UPDATE"] if engine.dialect.name == "postgresql" else [])
