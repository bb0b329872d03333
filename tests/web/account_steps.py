"""Steps that tests of the account take: a clock to turn, a form sent as a browser does, a code out of the outbox."""

import re
from datetime import datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.db import read
from portal.domain.account import Purpose, Role
from portal.models import Notice
from portal.queries import account as account_queries
from portal.services import account as account_services

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Watch:
    """A clock that stands still until it is turned."""

    def __init__(self, start: datetime) -> None:
        self.time = start

    def now(self) -> datetime:
        """Return the time it shows."""
        return self.time

    def turn(self, **by: float) -> None:
        """Turn it on."""
        self.time += timedelta(**by)


def send(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    """Send a form as a browser does, with the token of a page it has open."""
    # Signed in, every page has the form to sign out; signed out, the door has its own.
    found = TOKEN.search(client.get("/help").text) or TOKEN.search(client.get("/sign-in").text)
    assert found is not None
    return client.post(path, data={"csrf_token": found.group(1), **fields})


def codes(app: Flask, address: str) -> list[str]:
    """Return the codes owed to this address, oldest first."""
    with app.app_context():
        rows = read().scalars(select(Notice).order_by(Notice.id)).all()
        return [row.details["code"] for row in rows if row.details and row.details.get("to") == address]


def add(app: Flask, email: str, *roles: Role, now: datetime, name: str = "Robin", agreed: bool = True) -> int:
    """Add somebody who has been here before."""
    with app.app_context():
        person_id = account_services.add_person(email, roles, name=name, now=now)
        if agreed:
            account_services.give_consents(person_id, list(Purpose), now=now)
        return person_id


def come_in(app: Flask, client: FlaskClient, email: str) -> TestResponse:
    """Ask for a code and type it, as somebody does in one browser."""
    send(client, "/sign-in", email=email)
    return send(client, "/sign-in/code", code=codes(app, email)[-1])


def person_id_of(app: Flask, email: str) -> int:
    """Return who has this address."""
    with app.app_context():
        person = account_queries.person_by_email(email)
        assert person is not None
        return person.id
