"""The page of the weights: what a change would do is seen before it is saved, and nothing typed is lost."""

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.db import read
from portal.domain.matching.score import DEFAULT_POINTS, Part
from portal.models import Weights
from portal.services import matching
from tests.booking_cast import signed_in
from tests.matching_cast import Hill, add_hill, asked
from tests.web.account_steps import Watch
from tests.web.test_care import main_of, staff_browser

pytestmark = [
    pytest.mark.usefixtures("no_tokens", "watch"),
    pytest.mark.parametrize("databases", ["sqlite"], indirect=True),
]
PATHS = ("/care/weights/preview", "/care/weights/save")
# What the page that showed these points carries.
ALL_ROOM = {"hill": "0", "asked": "0", "style": "0", "identity": "0", "together": "0", "room": "12,5"}
LOOKED = "0.0 0.0 0.0 0.0 0.0 12.5"


@pytest.fixture
def hill(app: Flask, now: datetime) -> Hill:
    """Ana has her cards."""
    with app.app_context():
        hill = add_hill(now)
        asked(hill, now)
        return hill


@pytest.fixture
def alice(app: Flask, hill: Hill, watch: Watch) -> FlaskClient:
    return staff_browser(app, hill.coordinator, watch.time)


def newest(app: Flask) -> tuple[int, dict[str, float], str | None]:
    with app.app_context():
        row = read().query(Weights).order_by(Weights.version.desc()).first()
        assert row is not None
        return row.version, row.parts, row.note


def fields(**more: str) -> dict[str, str]:
    return {**ALL_ROOM, "version": "1", "looked": "", "note": "", "request_key": "k1", **more}


def test_the_page_shows_the_points_in_force_and_what_hangs_on_them(alice: FlaskClient) -> None:
    page = main_of(alice, "/care/weights")
    assert ('value="40"' in page, "In force: 40." in page, "3 of 3 stay" in page) == (True, True, False)
    assert 'href="/care/weights?parts=1#parts"' in page
    assert "Save these points" not in page
    page = main_of(alice, "/care/weights?parts=1")
    assert ('value="40"' in page, "3 of 3 stay" in page, "Save these points" in page) == (True, True, False)


def test_nobody_is_read_before_somebody_asks_what_would_change(
    alice: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[object] = []
    weigh = matching.weigh

    def watched(points: dict[Part, float] | None, *, now: datetime) -> matching.Weighed:
        looked.append(points)
        return weigh(points, now=now)

    monkeypatch.setattr(matching, "weigh", watched)
    assert alice.get("/care/weights").status_code == 200
    assert [alice.post(path, data=fields(hill="forty")).status_code for path in PATHS] == [422, 422]
    assert looked == []
    assert [alice.get("/care/weights?parts=1").status_code, alice.post(PATHS[0], data=fields()).status_code] == [
        200
    ] * 2
    assert len(looked) == 2


def test_a_preview_names_who_would_get_other_suggestions_and_saves_nothing(app: Flask, alice: FlaskClient) -> None:
    answer = alice.post(PATHS[0], data=fields())
    page = answer.text.partition("<main")[2]
    assert answer.status_code == 200
    assert "For 1 person" in page
    assert ("Save these points" in page, f'value="{LOOKED}"' in page, 'value="12,5"' in page) == (True, True, True)
    assert newest(app)[0] == 1


def test_saving_what_was_looked_at_makes_a_version_with_its_reason(app: Flask, alice: FlaskClient) -> None:
    sent = fields(looked=LOOKED, note=" Room first for a while. ")
    for _tap in range(2):
        answer = alice.post(PATHS[1], data=sent)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/care/weights")
    assert newest(app) == (2, {**dict.fromkeys(map(str, Part), 0.0), "room": 12.5}, "Room first for a while.")
    page = main_of(alice, "/care/weights")
    assert "Version 2 is in force for new suggestions." in page
    assert ("Room first for a while." in page, "Alice" in page, "Use these again" in page) == (True, True, True)


def test_points_nobody_has_looked_at_are_shown_before_they_are_saved(app: Flask, alice: FlaskClient) -> None:
    answer = alice.post(PATHS[1], data=fields(looked="1.0 0.0 0.0 0.0 0.0 12.5"))
    assert (answer.status_code, newest(app)[0]) == (422, 1)
    assert ("Here is what these points would change." in answer.text, LOOKED in answer.text) == (True, True)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"hill": "forty"}, "Each part takes a number from 0 to 100."),
        ({"hill": ""}, "Each part takes a number from 0 to 100."),
        ({"hill": "NaN"}, "Each part takes a number from 0 to 100."),
        ({"hill": "Infinity"}, "Each part takes a number from 0 to 100."),
        ({"hill": "-1"}, "Each part takes a number from 0 to 100."),
        ({"hill": "100.1"}, "Each part takes a number from 0 to 100."),
        ({"hill": "1.25"}, "One digit after the point is enough."),
        ({"room": "0"}, "At least one part needs points"),
        ({"note": "x" * 501}, "Please keep it under 500 characters."),
    ],
)
@pytest.mark.parametrize("path", PATHS)
def test_what_cannot_be_weights_is_said_beside_the_field_and_stays_typed(
    app: Flask, alice: FlaskClient, path: str, typed: dict[str, str], sentence: str
) -> None:
    answer = alice.post(path, data=fields(looked=LOOKED, **{"note": "Kept.", **typed}))
    assert (answer.status_code, newest(app)[0]) == (422, 1)
    assert sentence in answer.text
    assert all(value in answer.text for value in {"note": "Kept.", **typed}.values())


def test_a_newer_version_is_never_overwritten_and_what_was_typed_is_kept(
    app: Flask, alice: FlaskClient, hill: Hill, now: datetime
) -> None:
    with app.app_context():
        matching.set_weights(hill.coordinator, DEFAULT_POINTS, "", version_seen=1, key="", now=now)
    answer = alice.post(PATHS[1], data=fields(looked=LOOKED, note="Mine."))
    assert (answer.status_code, newest(app)[0]) == (409, 2)
    assert "Somebody changed the weights in the meantime." in answer.text
    assert ("Mine." in answer.text, 'value="12,5"' in answer.text) == (True, True)
    assert 'name="version" type="hidden" value="2"' in answer.text
    assert alice.post(PATHS[0], data=fields()).status_code == 409
    answer = alice.post(PATHS[1], data=fields(looked=LOOKED, version="2", request_key="k2"))
    assert (answer.status_code, newest(app)[0]) == (303, 3)


def test_an_earlier_version_can_be_looked_at_again(app: Flask, alice: FlaskClient) -> None:
    alice.post(PATHS[1], data=fields(looked=LOOKED))
    again = {str(part): str(points) for part, points in DEFAULT_POINTS.items()}
    page = alice.post(PATHS[0], data=fields(version="2", **again)).text
    assert ("Save these points" in page, 'value="40"' in page) == (True, True)


def test_with_nobody_waiting_the_page_says_so(app: Flask, alice: FlaskClient, hill: Hill, now: datetime) -> None:
    with app.app_context():
        matching.stop(1, hill.member, revision=None, key="", now=now)
    assert "Nobody waits just now" in alice.get("/care/weights?parts=1").text
    assert "Nobody waits just now" in alice.post(PATHS[0], data=fields()).text


def test_the_weights_are_for_coordinators_only(app: Flask, hill: Hill, now: datetime) -> None:
    for person_id in (hill.member, hill.peers[0]):
        client = signed_in(app, person_id, now)
        assert client.get("/care/weights").status_code == 403
        assert [client.post(path, data=fields(looked=LOOKED)).status_code for path in PATHS] == [403, 403]
    stranger = app.test_client()
    assert [stranger.get("/care/weights").status_code, stranger.post(PATHS[1]).status_code] == [303, 303]
    assert newest(app)[0] == 1


def test_get_never_saves(alice: FlaskClient) -> None:
    assert [alice.get(path).status_code for path in PATHS] == [405, 405]


def test_what_would_change_takes_the_focus(app: Flask, alice: FlaskClient) -> None:
    page = alice.post(PATHS[0], data=fields()).text
    effect = page.partition('id="effect"')[2]
    assert effect.index("data-focus") < effect.index("Nothing is saved")
    assert "#effect" not in page
