"""The pages of telling, and what they keep."""

import re

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.queries import experience as queries
from portal.queries.experience import MemberTold
from portal.web.experience.member import WAY
from tests.web.account_steps import TOKEN

ROBIN = "robin@example.org"
CHECK = "/experience/check"
CHICAGO = "4887398"


def page(name: str) -> str:
    return f"/experience/{WAY.number(name)}"


def send(client: FlaskClient, path: str, fields: dict[str, object] | None = None, **headers: str) -> TestResponse:
    found = TOKEN.search(client.get("/experience").text)
    assert found is not None
    return client.post(path, data={"csrf_token": found.group(1), **(fields or {})}, headers=headers)


def told(app: Flask, person_id: int) -> MemberTold:
    with app.app_context():
        found = queries.member_told(person_id)
    assert found is not None
    return found


def ticked(response: TestResponse) -> list[str]:
    return re.findall(r'name="topics" value="(\d+)" checked', response.text)
