"""Every route declares its door, and a view that forgets stops the program."""

import pytest
from flask import Flask

from portal.web.doors import Door, door_of, init_doors

# What anybody may see without signing in. A new one has to be added here by somebody who thought about it.
OPEN_TO_ALL = {
    "static",
    "home.start",
    "home.leave",
    "home.healthz",
    "crisis.lines",
    "account.sign_in",
    "account.send_code",
    "account.code",
    "account.check_code",
    "account.sign_out",
    "account.signed_out",
    "notice.unsubscribe",
    "notice.unsubscribe_form",
}


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_what_is_open_to_all_is_open_on_purpose(app: Flask) -> None:
    assert {name for name in app.view_functions if door_of(app, name) is Door.PUBLIC} == OPEN_TO_ALL


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_the_open_demo_doors_are_closed_in_production(app: Flask) -> None:
    assert {name.split(".")[0] for name in app.view_functions if door_of(app, name) is Door.DEMO} == {"demo"}


def test_a_view_without_a_door_stops_the_program() -> None:
    app = Flask(__name__)
    app.add_url_rule("/open", view_func=lambda: "anybody", endpoint="open")
    with pytest.raises(RuntimeError, match="open"):
        init_doors(app)
