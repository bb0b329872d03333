"""Leaving empties the browser, and a sign-in ends by itself."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.db import read, transaction
from portal.domain.account import SIGN_IN_ABSOLUTE, SIGN_IN_IDLE, STAFF_SIGN_IN_ABSOLUTE, STAFF_SIGN_IN_IDLE, Role
from portal.models import SignIn
from portal.queries import account as account_queries
from portal.services import account as account_services
from tests.web.account_steps import add, send
from tests.web.test_headers.part import MAIL


@pytest.mark.parametrize("path", ["/sign-out", "/leave", "/account/sign-out-everywhere"])
def test_going_empties_the_browser_and_ends_the_cookie_here_too(
    app: Flask, client: FlaskClient, robin: int, path: str
) -> None:
    kept = client.get_cookie("portal")
    assert kept is not None
    assert client.get("/account").status_code == 200
    answer = send(client, path)
    assert (answer.status_code < 400, answer.headers["Clear-Site-Data"]) == (True, '"cache", "cookies", "storage"')
    copied = app.test_client()
    copied.set_cookie("portal", kept.value)
    assert copied.get("/account").headers["Location"].startswith("/sign-in")
    with app.app_context():
        assert list(read().scalars(select(SignIn.ended_at).where(SignIn.person_id == robin))) != [None]


def test_leaving_works_without_a_token_and_leads_away(client: FlaskClient, robin: int) -> None:
    answer = client.post("/leave")
    assert (answer.status_code, answer.headers["Refresh"]) == (200, "0; url=https://www.wikipedia.org/")
    assert client.get("/account").headers["Location"].startswith("/sign-in")


def test_leaving_works_while_the_database_is_away(client: FlaskClient, robin: int, away: None) -> None:
    answer = client.post("/leave")
    assert (answer.status_code, answer.headers["Refresh"]) == (200, "0; url=https://www.wikipedia.org/")
    assert client.get_cookie("portal") is None


LIMITS = [
    (Role.MEMBER, SIGN_IN_IDLE, SIGN_IN_ABSOLUTE),
    (Role.COORDINATOR, STAFF_SIGN_IN_IDLE, STAFF_SIGN_IN_ABSOLUTE),
]


@pytest.mark.parametrize(("role", "idle", "absolute"), LIMITS)
def test_a_sign_in_ends_by_itself(app: Flask, now: datetime, role: Role, idle: timedelta, absolute: timedelta) -> None:
    second = timedelta(seconds=1)
    person_id = add(app, MAIL, role, now=now)
    with app.app_context():
        token = account_services.begin_sign_in(person_id, now=now)

        def lives(at: datetime, seen_at: datetime) -> bool:
            with transaction() as session:
                session.scalars(select(SignIn)).one().seen_at = seen_at
            return account_queries.actor_by_token(token, at) is not None

        assert [lives(now + idle, now), lives(now + idle + second, now)] == [True, False]
        end = now + absolute
        assert [lives(end, end), lives(end + second, end)] == [True, False]
