"""Verbs of the account: people made by hand, consents with their dates, one code among many tries, what is let go."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from portal.db import read, transaction
from portal.domain.account import CODE_LIFE, CODE_TRIES, CodeAnswer, Purpose, Role
from portal.domain.errors import BadInput, NotAllowed
from portal.domain.notice import Kind, NoticeState
from portal.models import AuditEntry, Consent, Notice, PasskeyChallenge, RequestKey, SignIn, SignInCode
from portal.queries import account as account_queries
from portal.queries.notice import may_be_written_to
from portal.services import account as account_services
from portal.services import audit

RUTH = "ruth@example.org"


def code_of() -> str:
    """Return the newest code on its way."""
    details = read().query(Notice).order_by(Notice.id).all()[-1].details
    assert details is not None
    return details["code"]


def verbs() -> list[str]:
    return [entry.verb for entry in read().query(AuditEntry).order_by(AuditEntry.id)]


def test_a_person_is_added_once_and_gains_roles(app: Flask, now: datetime) -> None:
    with app.app_context():
        first = account_services.add_person(" Ruth@Example.org ", [Role.COORDINATOR], name="Ruth", now=now)
        again = account_services.add_person(RUTH, [Role.COORDINATOR, Role.ADMINISTRATOR], now=now)
        person = account_queries.person_by_email(RUTH)
        assert person is not None
        assert (first, person.id, person.name) == (again, again, "Ruth")
        assert {held.role for held in person.roles} == {Role.COORDINATOR, Role.ADMINISTRATOR}
        assert account_queries.consents(first) == {}
        assert verbs() == ["became coordinator", "became administrator"]


@pytest.mark.parametrize("email", ["", "ruth", "ruth@localhost", "a@b@example.org", "x" * 250 + "@example.org"])
def test_an_address_that_cannot_be_one_is_refused_in_words(app: Flask, now: datetime, email: str) -> None:
    with app.app_context(), pytest.raises(BadInput) as refusal:
        account_services.add_person(email, [Role.MEMBER], now=now)
    assert refusal.value.field == "email"


def test_nobody_takes_up_a_staff_role(app: Flask, now: datetime) -> None:
    with app.app_context():
        person_id = account_services.add_person(RUTH, [], now=now)
        with pytest.raises(NotAllowed):
            account_services.take_role(person_id, Role.COORDINATOR, now=now)


def test_taking_up_a_role_twice_is_the_same_as_once(app: Flask, now: datetime) -> None:
    with app.app_context():
        person_id = account_services.add_person(RUTH, [], now=now)
        for _ in range(2):
            account_services.take_role(person_id, Role.PEER, now=now)
        person = account_queries.person(person_id)
        assert person is not None
        assert [held.role for held in person.roles] == [Role.PEER]


def test_every_consent_keeps_its_dates(app: Flask, now: datetime) -> None:
    later, last = now + timedelta(days=1), now + timedelta(days=2)
    with app.app_context():
        person_id = account_services.add_person(RUTH, [], now=now)
        account_services.give_consents(person_id, [Purpose.LETTERS], now=now)
        account_services.give_consents(person_id, [Purpose.LETTERS], now=later)
        account_services.withdraw_consent(person_id, Purpose.LETTERS, now=later)
        account_services.withdraw_consent(person_id, Purpose.LETTERS, now=last)
        account_services.give_consents(person_id, [Purpose.LETTERS], now=last)
        rows = read().query(Consent).order_by(Consent.id).all()
        assert [(row.given_at, row.withdrawn_at) for row in rows] == [(now, later), (last, None)]


def test_what_was_left_out_is_a_no_until_it_is_given(app: Flask, now: datetime) -> None:
    with app.app_context():
        person_id = account_services.add_person(RUTH, [], now=now)
        account_services.give_consents(person_id, [Purpose.TERMS], declined=[Purpose.LETTERS], now=now)
        assert set(account_queries.consents(person_id)) == {Purpose.TERMS}
        assert may_be_written_to(person_id) is False
        account_services.give_consents(person_id, [Purpose.LETTERS], now=now)
        assert may_be_written_to(person_id) is True


def test_what_is_stored_of_a_code_does_not_tell_it(app: Flask, now: datetime) -> None:
    with app.app_context():
        token = account_services.ask_code(RUTH, now=now)
        row = account_queries.code_by_browser(token)
        assert row is not None
        stored = {value for key, value in vars(row).items() if key.endswith("_hash")}
        assert len(stored) == 2
        assert all(token not in value and code_of() not in value[:6] for value in stored)


def test_the_letter_is_owed_to_whoever_asked(app: Flask, now: datetime) -> None:
    with app.app_context():
        account_services.ask_code(RUTH, now=now)
        person_id = account_services.add_person(RUTH, [], now=now)
        account_services.ask_code(RUTH, now=now)
        notices = read().query(Notice).order_by(Notice.id).all()
        assert [(notice.kind, notice.person_id, notice.due_at) for notice in notices] == [
            (Kind.SIGN_IN_CODE, None, now),
            (Kind.SIGN_IN_CODE, person_id, now),
        ]
        assert all(notice.details is not None and notice.details["to"] == RUTH for notice in notices)


def test_asking_again_in_one_browser_takes_the_first_letter_back(app: Flask, now: datetime) -> None:
    with app.app_context():
        first = account_services.ask_code(RUTH, now=now)
        code = code_of()
        account_services.ask_code(RUTH, now=now, earlier=first)
        states = [notice.state for notice in read().query(Notice).order_by(Notice.id)]
        assert states == [NoticeState.VOID, NoticeState.DUE]
        assert account_services.enter_code(first, code, now=now).answer is CodeAnswer.SPENT


def test_each_answer_to_a_code_has_its_name(app: Flask, now: datetime) -> None:
    with app.app_context():
        token = account_services.ask_code(RUTH, now=now)
        wrong = f"{(int(code_of()) + 1) % 10**6:06}"
        answers = [account_services.enter_code(token, wrong, now=now).answer for _ in range(CODE_TRIES + 1)]
        assert answers == [CodeAnswer.WRONG] * (CODE_TRIES - 1) + [CodeAnswer.SPENT] * 2
        assert account_queries.code_waits_for(token, now) is None
        assert account_services.enter_code("nobody's", wrong, now=now).answer is CodeAnswer.SPENT


def test_a_right_code_opens_one_sign_in_and_no_second(app: Flask, now: datetime) -> None:
    with app.app_context():
        token = account_services.ask_code(RUTH, now=now)
        entered = account_services.enter_code(token, code_of(), now=now)
        actor = account_queries.actor_by_token(entered.token, now)
        assert actor is not None
        assert (actor.second_factor, actor.consented, actor.roles) == (False, False, frozenset())
        assert account_services.enter_code(token, code_of(), now=now).answer is CodeAnswer.SPENT
        assert verbs() == ["signed up", "signed in"]


def test_a_sign_in_of_the_demonstration_has_the_second_step(app: Flask, now: datetime) -> None:
    with app.app_context():
        person_id = account_services.add_person(RUTH, [Role.COORDINATOR], now=now)
        token = account_services.begin_sign_in(person_id, now=now, second_factor=True)
        actor = account_queries.actor_by_token(token, now)
        assert actor is not None
        assert actor.has(Role.COORDINATOR)


def test_staff_are_signed_out_sooner(app: Flask, now: datetime) -> None:
    with app.app_context():
        for email, role, minutes in (("a@example.org", Role.MEMBER, 120), ("b@example.org", Role.COORDINATOR, 30)):
            person_id = account_services.add_person(email, [role], now=now)
            token = account_services.begin_sign_in(person_id, now=now)
            assert account_queries.actor_by_token(token, now + timedelta(minutes=minutes)) is not None
            assert account_queries.actor_by_token(token, now + timedelta(minutes=minutes, seconds=1)) is None


def test_the_day_s_sweep_lets_go_only_of_what_is_over(app: Flask, now: datetime) -> None:
    old = now - timedelta(days=60)
    with app.app_context():
        person_id = account_services.add_person(RUTH, [], now=old)
        account_services.ask_code(RUTH, now=old)
        fresh_code = account_services.ask_code(RUTH, now=now)
        account_services.begin_sign_in(person_id, now=old)
        fresh_token = account_services.begin_sign_in(person_id, now=now)
        with transaction() as session:
            for sign_in in session.query(SignIn):
                session.add(
                    PasskeyChallenge(sign_in_id=sign_in.id, challenge=b"x", expires_at=sign_in.started_at + CODE_LIFE)
                )
            session.add_all(
                RequestKey(person_id=person_id, key=key, content="", result_id=1, at=at)
                for key, at in (("old", old), ("new", now))
            )
        account_services.clear_out(now=now)
        assert [row.browser_hash for row in read().query(SignInCode)] == [account_queries.hash_of(fresh_code)]
        assert [row.token_hash for row in read().query(SignIn)] == [account_queries.hash_of(fresh_token)]
        assert [row.key for row in read().query(RequestKey)] == ["new"]
        assert read().query(PasskeyChallenge).count() == 1


def test_the_record_is_sealed_into_a_chain(app: Flask, now: datetime) -> None:
    with app.app_context():
        account_services.add_person(RUTH, [Role.MEMBER, Role.PEER], now=now)
        assert (audit.seal(), audit.seal()) == (2, 0)
        before = audit.FIRST_SEAL
        for entry in read().query(AuditEntry).order_by(AuditEntry.id):
            assert entry.sealed == audit.seal_of(entry, before)
            before = entry.sealed
