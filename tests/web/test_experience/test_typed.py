"""Nothing typed is lost: what is too long, too many or not offered comes back with its words."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.web.experience.wish_steps import TRAIT_KINDS
from tests.web.test_experience.part import page, send, told


def test_a_place_given_twice_comes_back_as_it_was_chosen(client: FlaskClient, robin: int, ids: dict[str, str]) -> None:
    send(client, page("topics"), {"topics": [ids["debt"], ids["anxiety"]]})
    response = send(client, page("order"), {f"place_{ids['debt']}": "2", f"place_{ids['anxiety']}": "2"})
    assert response.status_code == 422
    assert response.text.count('<option selected value="2">') == 2


def test_a_wish_without_its_weight_comes_back_open_with_what_was_chosen(client: FlaskClient, robin: int) -> None:
    response = send(client, page("wishes"), {"gender": ["woman"], "culture": "Karelian", "strength_culture": "like"})
    assert response.status_code == 422
    assert "Please say how much this matters." in response.text
    assert ('value="woman" checked' in response.text, 'value="Karelian"' in response.text) == (True, True)
    assert response.text.count("<details open") == 2


def test_a_fourth_must_comes_back_with_all_of_them(app: Flask, client: FlaskClient, robin: int) -> None:
    musts: dict[str, object] = {f"strength_{kind}": "must" for kind in ("lgbtq", "parent", "veteran", "not_local")}
    response = send(client, page("wishes"), musts)
    assert (response.status_code, response.text.count('value="must" checked')) == (422, 4)


def test_words_that_are_too_long_come_back_whole(client: FlaskClient, robin: int) -> None:
    response = send(client, page("words"), {"own_words": "é" * 4001, "access_needs": "captions"})
    assert (response.status_code, "é" * 4001 in response.text, "captions" in response.text) == (422, True, True)
    assert ("At most 4000 characters." in response.text, "maxlength" in response.text) == (True, False)


@pytest.mark.parametrize("name", ["wishes", "traits"])
def test_own_words_of_one_line_that_are_too_long_are_not_cut(client: FlaskClient, robin: int, name: str) -> None:
    shown: dict[str, object] = {f"shown_{kind}": "coordinator" for kind in TRAIT_KINDS}
    response = send(client, page(name), {"culture": "x" * 121, "strength_culture": "like", **shown})
    assert (response.status_code, f'value="{"x" * 121}"' in response.text) == (422, True)
    assert response.text.count("That is a little long. Please keep it to 120 characters.") == 2


def test_the_limits_of_confidentiality_stand_before_the_free_text(client: FlaskClient, robin: int) -> None:
    text = client.get(page("words")).text
    assert 0 < text.index("What stays between us") < text.index("<textarea")


def test_skip_loses_nothing_that_was_written(app: Flask, client: FlaskClient, robin: int) -> None:
    send(client, page("words"), {"own_words": "I told nobody yet.", "skip": "1"})
    assert told(app, robin).own_words == "I told nobody yet."


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("for_whom", {"for_whom": "a stranger"}),
        ("styles", {"styles": ["shout"]}),
        ("topics", {"topics": ["nonsense"]}),
        ("topics", {"topics": ["4711"]}),
        ("wishes", {"strength_gender": "very much", "gender": ["woman"]}),
        ("traits", {"gender": "woman", "shown_gender": "everybody"}),
    ],
)
def test_what_was_not_offered_is_refused_in_words(
    client: FlaskClient, robin: int, name: str, fields: dict[str, object]
) -> None:
    response = send(client, page(name), fields)
    assert (response.status_code, "There is a problem" in response.text) == (422, True)
