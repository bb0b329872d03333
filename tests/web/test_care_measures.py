"""The pages of measures and promises: honest words, nothing of groups under five, and a file no cell of which acts."""

import csv
from datetime import datetime
from io import StringIO

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.web.care.spreadsheet import safe_cell, table_text
from tests.booking_cast import signed_in
from tests.matching_cast import Hill, add_hill, both_yes
from tests.web.account_steps import Watch
from tests.web.test_care import main_of, staff_browser

pytestmark = [
    pytest.mark.usefixtures("no_tokens", "watch"),
    pytest.mark.parametrize("databases", ["sqlite"], indirect=True),
]
PAGES = ("/care/measures", "/care/measures.csv", "/care/promises")


@pytest.fixture
def hill(app: Flask, now: datetime) -> Hill:
    """Ana and Ben have both said yes."""
    with app.app_context():
        hill = add_hill(now)
        both_yes(hill, now)
        return hill


@pytest.fixture
def alice(app: Flask, hill: Hill, watch: Watch) -> FlaskClient:
    return staff_browser(app, hill.coordinator, watch.time)


def test_the_measures_say_what_they_are_and_hide_the_few(alice: FlaskClient) -> None:
    page = main_of(alice, "/care/measures")
    assert ("The last 90 days" in page, "nobody yet" in page, "fewer than five" in page) == (True, True, True)
    # One span only: two could be subtracted from one another.
    assert main_of(alice, "/care/measures?days=365") == page
    assert "Ana" not in page


def test_the_file_holds_the_same_with_the_same_left_out(alice: FlaskClient) -> None:
    answer = alice.get("/care/measures.csv")
    assert (answer.status_code, answer.content_type) == (200, "text/csv; charset=utf-8")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="measures-90-days-2026-03-02.csv"'
    assert answer.headers["Cache-Control"] == "no-store"
    rows = list(csv.reader(StringIO(answer.text.removeprefix("\ufeff"))))
    assert {len(row) for row in rows} == {6}
    assert ["Waiting now", "Up to 1 day", "", "", "", "not shown"] in rows
    assert ["Waiting now", "All together", "", "", "", "fewer than five"] in rows
    assert ["Waiting now", "A week or longer", "", "", "", "0"] in [[*row[:3], "", *row[4:]] for row in rows]
    assert [row for row in rows if "middle one of those who had one" in row[0]]
    assert [
        "Promise kept",
        "People to choose from within a day",
        "90",
        "",
        "",
        "not shown: fewer than five in all",
    ] in rows
    assert "Ana" not in answer.text


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_taken_for_a_formula(begins: str) -> None:
    assert safe_cell(f"{begins}1+1") == f"'{begins}1+1"
    [[cell, plain]] = csv.reader(StringIO(table_text([(f"{begins}HYPERLINK(1)", 'a "b", c')]), newline=""))
    assert (cell[0], plain) == ("'", 'a "b", c')
    assert safe_cell(f"1{begins}1") == f"1{begins}1"


def later(app: Flask, hill: Hill, watch: Watch, hours: float) -> FlaskClient:
    """Alice comes back so many hours later, and signs in anew."""
    watch.turn(hours=hours)
    return staff_browser(app, hill.coordinator, watch.time)


def test_the_promises_name_where_one_runs_out_and_what_happens_then(
    app: Flask, alice: FlaskClient, hill: Hill, watch: Watch
) -> None:
    assert "No promise runs out soon." in main_of(alice, "/care/promises")
    page = main_of(later(app, hill, watch, 55), "/care/promises")
    assert "Only whoever had a first chat in these days is in it. Waiting now for a week or longer: 0." in page
    assert ("For 1 person" in page, ">Ana</a>" in page, "runs out on Thursday 5 March" in page) == (True, True, True)
    assert "Both get one letter, once" in page
    assert "ran out on Thursday 5 March" in main_of(later(app, hill, watch, 24), "/care/promises")


def test_a_note_is_written_down_in_one_tap(app: Flask, hill: Hill, watch: Watch) -> None:
    alice = later(app, hill, watch, 80)
    assert main_of(alice, "/care/promises").count(">Ana</a>") == 2
    for _tap in range(2):
        answer = alice.post("/care/walks/1/note", data={"request_key": "k1"})
        assert (answer.status_code, answer.headers["Location"]) == (303, "/care/walks/1")
    assert main_of(alice, "/care/promises").count(">Ana</a>") == 1
    assert alice.post("/care/walks/99/note").status_code == 404


def test_the_pages_are_for_coordinators_only(app: Flask, hill: Hill, now: datetime) -> None:
    for person_id in (hill.member, hill.peers[0]):
        client = signed_in(app, person_id, now)
        assert [client.get(path).status_code for path in PAGES] == [403] * 3
        assert client.post("/care/walks/1/note").status_code == 403
    stranger = app.test_client()
    assert [stranger.get(path).status_code for path in PAGES] == [303] * 3


def test_get_writes_nothing_down(alice: FlaskClient) -> None:
    assert alice.get("/care/walks/1/note").status_code == 405
