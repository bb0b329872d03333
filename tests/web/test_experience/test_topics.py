"""Topics are chosen, searched and found by other words, and never stand in a title or an address."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.data import catalogue
from portal.queries import experience as queries
from tests.web.test_experience.part import CHECK, page, send, ticked


def test_no_topic_chosen_is_said_at_the_search(client: FlaskClient, robin: int) -> None:
    response = send(client, page("topics"), {"words": ""})
    assert response.status_code == 422
    assert response.text.count("Please choose at least one. It is how we find somebody who knows.") == 2
    assert "There is a problem" in response.text


def test_a_fourth_topic_is_given_back_with_all_ticks(client: FlaskClient, robin: int, ids: dict[str, str]) -> None:
    chosen = [ids[slug] for slug in ("debt", "eviction", "anxiety", "alcohol")]
    response = send(client, page("topics"), {"topics": chosen})
    assert response.status_code == 422
    assert ticked(response) == chosen


def test_a_search_finds_by_a_synonym_and_keeps_the_ticks(client: FlaskClient, robin: int, ids: dict[str, str]) -> None:
    response = send(client, page("topics"), {"words": "booze", "look": "1", "topics": [ids["debt"]]})
    assert response.status_code == 200
    assert ticked(response) == [ids["debt"]]
    found = response.text.partition("<legend>Found</legend>")[2].partition("</fieldset>")[0]
    assert "<span>Alcohol</span>" in found
    assert response.text.count(f'name="topics" value="{ids["alcohol"]}"') == 1
    assert 'value="booze"' in response.text


def test_a_search_keeps_nothing_and_moves_nothing(app: Flask, client: FlaskClient, robin: int) -> None:
    send(client, page("topics"), {"words": "booze", "look": "1"})
    with app.app_context():
        assert queries.member_told(robin) is None


def test_htmx_gets_the_topics_only(client: FlaskClient, robin: int) -> None:
    fields: dict[str, object] = {"words": "booze", "look": "1"}
    fragment = send(client, page("topics"), fields, **{"HX-Request": "true", "HX-Request-Type": "partial"}).text
    assert ("<h1>" in fragment, "<legend>Found</legend>" in fragment, "<script" in fragment) == (False, True, False)


def test_a_word_without_a_find_says_so(client: FlaskClient, robin: int) -> None:
    response = send(client, page("topics"), {"words": "xylophone", "look": "1"})
    assert "We did not find that word. Try another, or open a heading." in response.text


def test_a_word_for_what_is_chosen_already_is_not_called_unknown(
    client: FlaskClient, robin: int, ids: dict[str, str]
) -> None:
    response = send(client, page("topics"), {"words": "booze", "look": "1", "topics": [ids["alcohol"]]})
    assert "We did not find that word." not in response.text


@pytest.mark.parametrize(
    "words",
    [
        "kill myself",
        "end my life",
        "I can't go on",
        "cant go on",
        "no reason to live",
        "don’t want to live",
        "better off without me",
        "want to die",
    ],
)
def test_words_for_the_end_of_strength_are_found_first_with_a_quiet_way_to_call(
    app: Flask, client: FlaskClient, robin: int, words: str
) -> None:
    text = send(client, page("topics"), {"words": words, "look": "1"}).text
    found = text.partition("<legend>Found</legend>")[2].partition("</fieldset>")[0]
    assert re.findall(r"<span>(.*?)</span>", found)[0] == "Thoughts of suicide, survived an attempt"
    assert _quiet_line(text) == [
        'If it is close right now, you can call or text <a href="tel:988" rel="noreferrer">988</a>. '
        "You can stay here too."
    ]
    with app.app_context():
        assert queries.member_told(robin) is None


@pytest.mark.parametrize(("slug", "lines"), [("self-injury", 1), ("suicide", 1), ("alcohol", 0)])
def test_the_quiet_way_to_call_stands_beside_the_chosen_topics_too(
    client: FlaskClient, robin: int, ids: dict[str, str], slug: str, lines: int
) -> None:
    send(client, page("topics"), {"topics": [ids[slug]]})
    assert len(_quiet_line(client.get(page("topics")).text)) == lines


def _quiet_line(text: str) -> list[str]:
    return re.findall(r"(If it is close right now,.*?)</p>", text)


def test_the_quiet_way_to_call_says_what_the_first_line_of_the_country_offers(app: Flask) -> None:
    macro = app.jinja_env.get_template("kit/crisis.html").module.close_by  # type: ignore[attr-defined]
    ways = {kind: {"kind": kind, "label": f"{kind} 1", "href": f"{kind}:1"} for kind in ("call", "text")}
    with app.test_request_context():
        said = [
            re.sub("<.*?>", "", macro({"ways": [ways[kind] for kind in kinds]}))
            for kinds in (["call"], ["text"], ["call", "text"])
        ]
    assert said == [
        "If it is close right now, you can call call 1. You can stay here too.",
        "If it is close right now, you can text text 1. You can stay here too.",
        "If it is close right now, you can call call 1 or text text 1. You can stay here too.",
    ]


def test_tender_topics_stand_only_inside_closed_headings(client: FlaskClient, robin: int) -> None:
    response = client.get(page("topics")).text
    outside = re.sub(r"<details><summary>.*?</details>", "", response, flags=re.DOTALL)
    tender = [topic.name for topic in catalogue().topics if topic.tender]
    assert [name for name in tender if f"<span>{name}</span>" in outside] == []
    assert [name for name in tender if f"<span>{name}</span>" not in response] == []
    assert "<details open" not in response


def test_no_synonym_is_printed(client: FlaskClient, robin: int) -> None:
    text = client.get(page("topics")).text + send(client, page("topics"), {"words": "a", "look": "1"}).text
    rare = ["booze", "fentanyl", "psych ward", "anorexia", "narcan"]
    assert [word for word in rare if word in text] == []


def test_a_members_own_topics_are_folded_away(client: FlaskClient, robin: int, ids: dict[str, str]) -> None:
    send(client, page("topics"), {"topics": [ids["alcohol"]]})
    text = client.get(CHECK).text
    outside = re.sub(r"<details class=\"card\">.*?</details>", "", text, flags=re.DOTALL)
    assert ("Alcohol" in text, "Alcohol" in outside, "Alcohol" in client.get("/experience").text) == (
        True,
        False,
        False,
    )
