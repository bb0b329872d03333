"""Robin, who tells, and the topics as a form sends them."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.domain.account import Role
from portal.queries import experience as queries
from tests.web.account_steps import Watch, add, come_in
from tests.web.test_experience.part import ROBIN


@pytest.fixture
def robin(app: Flask, client: FlaskClient, watch: Watch) -> int:
    """Robin, a member, signed in on `client`."""
    person_id = add(app, ROBIN, Role.MEMBER, now=watch.time)
    come_in(app, client, ROBIN)
    return person_id


@pytest.fixture
def ids(app: Flask) -> dict[str, str]:
    """The ids of the topics by slug, as a form sends them."""
    with app.app_context():
        return {slug: str(topic_id) for slug, topic_id in queries.topic_ids().items()}
