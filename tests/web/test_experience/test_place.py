"""The question where somebody could meet: asked where it decides something, open to all, shown to nobody else."""

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.domain.account import Role
from portal.domain.matching.shortlist import LOOSENED_WORDS, HeldBack, Loosened
from portal.queries import experience as queries
from portal.services import experience as services
from portal.web.experience.words import member_rows
from portal.web.matching.words import held_back_words
from tests.web.account_steps import Watch
from tests.web.test_experience.part import CHECK, CHICAGO, page, send, told

WHERE = page("where")
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def finished(app: Flask, robin: int, watch: Watch) -> int:
    """Robin, who has said that it is enough and likes to talk by phone."""
    with app.app_context():
        services.choose_topics(robin, Role.MEMBER, [queries.topic_ids()["debt"]], step=16, now=watch.time)
        services.save_answers(robin, Role.MEMBER, {"formats": ["phone"]}, step=16, now=watch.time)
        services.finish(robin, now=watch.time)
    return robin


def look(client: FlaskClient, words: str, **more: str) -> TestResponse:
    return send(client, WHERE, {"words": words, "look": "1"}, **more)


def test_a_town_is_looked_for_without_a_script_and_nothing_is_kept_yet(
    app: Flask, client: FlaskClient, robin: int
) -> None:
    response = look(client, "chicag")
    assert response.status_code == 200
    assert f'name="town" value="{CHICAGO}"' in response.text
    assert "Chicago, Illinois, United States" in response.text
    assert (
        'value="chicag"' in response.text,
        "checked" in response.text.split('id="towns"')[1].split("radius")[0],
    ) == (
        True,
        False,
    )
    with app.app_context():
        assert queries.member_told(robin) is None


def test_a_country_by_its_name_after_a_comma_finds_the_town_there(client: FlaskClient, robin: int) -> None:
    text = look(client, "London, Canada").text
    assert ("London, Ontario, Canada" in text, "London, England" in text) == (True, False)


def test_htmx_gets_the_towns_only(client: FlaskClient, robin: int) -> None:
    fragment = look(client, "chicag", **HTMX).text
    assert ("<h1>" in fragment, f'value="{CHICAGO}"' in fragment, "<script" in fragment) == (False, True, False)


def test_a_town_is_never_in_an_address(client: FlaskClient, robin: int) -> None:
    assert CHICAGO not in client.get(f"{WHERE}?words=chicago").text
    sent = send(client, WHERE, {"town": CHICAGO, "radius": "25"})
    assert sent.headers["Location"] == page("traits")
    text = client.get(WHERE).text
    assert f'value="{CHICAGO}" checked' in text
    assert 'id="radius-2" name="radius" value="25" checked' in text


def test_a_word_that_begins_no_town_says_so(client: FlaskClient, robin: int) -> None:
    assert "No town begins with that." in look(client, "xyzzy").text


def test_a_word_without_a_choice_asks_for_one_and_keeps_the_word(client: FlaskClient, robin: int) -> None:
    response = send(client, WHERE, {"words": "chicag", "radius": "10"})
    assert response.status_code == 422
    assert response.text.count("Please choose your town from the list, or one near it.") == 2
    assert ('value="chicag"' in response.text, f'value="{CHICAGO}"' in response.text) == (True, True)
    assert 'name="radius" value="10" checked' in response.text


def test_rather_not_say_takes_a_town_back(app: Flask, client: FlaskClient, robin: int) -> None:
    send(client, WHERE, {"town": CHICAGO, "radius": "25"})
    assert send(client, WHERE, {"words": "bos", "town": "", "radius": "25"}).status_code == 303
    assert (told(app, robin).town, dict(told(app, robin).about)) == (None, {})


@pytest.mark.parametrize("fields", [{"town": "1"}, {"town": "x"}, {"town": "9" * 30}, {"town": CHICAGO, "radius": "7"}])
def test_what_was_not_offered_is_refused_in_words(client: FlaskClient, robin: int, fields: dict[str, object]) -> None:
    response = send(client, WHERE, fields)
    assert (response.status_code, "There is a problem" in response.text) == (422, True)


def test_it_can_be_skipped(app: Flask, client: FlaskClient, robin: int) -> None:
    assert send(client, WHERE, {"skip": "1"}).headers["Location"] == page("traits")
    assert told(app, robin).town is None


def test_by_phone_only_nobody_is_asked_where_they_are(client: FlaskClient, finished: int) -> None:
    assert client.get(WHERE).headers["Location"] == page("traits")
    assert "Where I could meet" not in client.get(CHECK).text


@pytest.mark.parametrize(
    ("step", "fields"),
    [("formats", {"formats": ["phone", "walk"]}), ("wishes", {"strength_not_local": "must"})],
)
def test_a_change_that_hangs_on_the_place_leads_to_the_question_once(
    client: FlaskClient, finished: int, step: str, fields: dict[str, object]
) -> None:
    assert send(client, page(step), fields).headers["Location"] == WHERE
    assert client.get(WHERE).status_code == 200
    assert send(client, WHERE, {"skip": "1"}).headers["Location"] == CHECK
    assert send(client, page(step), fields).headers["Location"] == CHECK
    assert "Where I could meet" in client.get(CHECK).text


def test_somebody_who_wishes_nobody_local_is_told_why_a_town_is_needed(client: FlaskClient, finished: int) -> None:
    send(client, page("wishes"), {"strength_not_local": "must"})
    text = client.get(WHERE).text
    assert ("You wished for somebody who is not local." in text, 'name="radius"' in text) == (True, False)


def test_the_town_stands_in_the_persons_own_look_and_not_in_a_coordinators(
    app: Flask, client: FlaskClient, robin: int
) -> None:
    send(client, WHERE, {"town": CHICAGO, "radius": "25"})
    kept = told(app, robin)
    with app.test_request_context():
        own, coordinators = member_rows(kept, {"where": WHERE}), member_rows(kept)
    assert [row["value"] for row in own if "Chicago" in row["value"]] == [
        "Chicago, Illinois, United States. Up to 25 km, about 15 miles."
    ]
    assert [row for row in coordinators if "Chicago" in row["value"] or row["label"] == "Where I could meet"] == []
    assert len(own) == len(coordinators) + 1


def test_what_phone_and_video_would_open_is_said_with_its_number(app: Flask) -> None:
    held = HeldBack(Loosened.FROM_AFAR, "", 2, LOOSENED_WORDS[Loosened.FROM_AFAR])
    with app.test_request_context():
        assert held_back_words(None) == ""
        assert [held_back_words(held), held_back_words(replace(held, opens=1))] == [
            "Nobody can meet you in person just now. By phone or video, more people could walk with you. "
            f"That would be {people}."
            for people in ("2 people", "one person")
        ]
