"""The member’s pages of telling: the whole way without a script, back and forth."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.data import catalogue
from portal.domain.account import Purpose
from portal.queries import account as account_queries
from portal.queries import matching as matching_queries
from portal.services import account as account_services
from portal.web.experience.member import STEPS
from tests.web.account_steps import Watch, come_in
from tests.web.test_experience.part import CHECK, CHICAGO, ROBIN, page, send, told

TITLE = re.compile(r"<title>(.*?)</title>")


def test_it_begins_with_an_invitation_and_the_first_question(client: FlaskClient, robin: int) -> None:
    assert 'href="/experience/1"' in client.get("/experience").text
    first = client.get("/experience/1").text
    assert f"Step 1 of {len(STEPS)}, about 8 minutes" in first
    assert "Why we ask" in first


def test_the_whole_way_is_kept(app: Flask, client: FlaskClient, robin: int, ids: dict[str, str]) -> None:
    alcohol, weeks = ids["alcohol"], ids["first-weeks"]
    answers: dict[str, dict[str, object]] = {
        "for_whom": {"for_whom": "myself"},
        "topics": {"topics": [alcohol, weeks]},
        "order": {f"place_{alcohol}": "2", f"place_{weeks}": "1"},
        "stages": {f"stage_{alcohol}": "middle", f"stage_{weeks}": "finding"},
        "needs": {"needs": ["listener", "company"]},
        "styles": {"styles": ["gentle"]},
        "formats": {"formats": ["phone", "walk"]},
        "languages": {"languages": ["en", "fi"]},
        "times": {"times": ["weekend_morning"]},
        "rhythm": {"rhythm": "weekly", "length": "30"},
        "pathways": {"pathways": ["own_way"]},
        "wishes": {"strength_gender": "must", "gender": ["woman"], "strength_parent": "like"},
        "where": {"words": "", "town": CHICAGO, "radius": "10"},
        "traits": {"gender": "woman", "matters_gender": "y", **_shown("peer")},
        "words": {"own_words": "I told nobody yet.", "access_needs": "captions"},
    }
    assert list(answers) == [step.name for step in STEPS]
    for name, fields in answers.items():
        response = send(client, page(name), fields)
        assert (name, response.status_code) == (name, 303)
    assert response.headers["Location"] == CHECK
    kept = told(app, robin)
    assert dict(kept.about) == {
        "for_whom": "myself",
        "needs": ["listener", "company"],
        "styles": ["gentle"],
        "formats": ["walk", "phone"],
        "languages": ["en", "fi"],
        "times": ["weekend_morning"],
        "rhythm": "weekly",
        "length": "30",
        "pathways": ["own_way"],
        "place": {"town": int(CHICAGO), "lat": 41.9, "lon": -87.7},
        "radius_km": 10,
        "identity_matters": ["gender"],
    }
    assert [(str(topic.id), topic.stage) for topic in kept.topics] == [(weeks, "finding"), (alcohol, "middle")]
    assert [(wish.kind, wish.strength, wish.value) for wish in kept.wishes] == [
        ("gender", "must", "woman"),
        ("parent", "like", "yes"),
    ]
    assert [(trait.kind, trait.value, trait.shown_to) for trait in kept.traits] == [("gender", "woman", "peer")]
    assert (kept.own_words, kept.access_needs) == ("I told nobody yet.", "captions")
    assert kept.finished_at is not None
    assert [client.get(page(step.name)).status_code for step in STEPS] == [200] * len(STEPS)
    assert 'value="myself" checked' in client.get(page("for_whom")).text
    check = client.get(CHECK).text
    for words in (
        "A walk, Phone",
        "English, Finnish",
        "Gender: A woman (Must)",
        "I told nobody yet.",
        "Up to 10 km",
        "/match/ask",
    ):
        assert words in check


def _shown(who: str) -> dict[str, object]:
    kinds = ("gender", "age_band", "lgbtq", "parent", "veteran", "culture", "faith")
    return {f"shown_{kind}": who for kind in kinds}


def test_all_but_the_topics_can_be_skipped(app: Flask, client: FlaskClient, robin: int, ids: dict[str, str]) -> None:
    visited, place = [], "/experience/1"
    while place != CHECK:
        here = client.get(place)
        if here.status_code == 303:
            place = here.headers["Location"]
            continue
        visited.append(place)
        topics = place == page("topics")
        assert (place, 'name="skip"' in here.text) == (place, not topics)
        fields: dict[str, object] = {"topics": [ids["debt"]]} if topics else {"skip": "1"}
        place = send(client, place, fields).headers["Location"]
    assert visited == [page(step.name) for step in STEPS if step.name != "order"]
    kept = told(app, robin)
    assert (len(kept.topics), kept.wishes, kept.own_words) == (1, (), "")
    assert kept.finished_at is not None


def test_without_a_topic_the_answers_lead_back_to_the_topics(client: FlaskClient, robin: int) -> None:
    for step in STEPS:
        if step.name != "topics":
            send(client, page(step.name), {"skip": "1"})
    for path in (CHECK, page("order"), page("stages")):
        assert client.get(path).headers["Location"] == page("topics")
    assert send(client, "/experience/enough").headers["Location"] == page("topics")


def test_no_page_names_a_topic_in_its_title_or_address(
    app: Flask, client: FlaskClient, robin: int, ids: dict[str, str]
) -> None:
    send(client, page("topics"), {"topics": [ids["alcohol"], ids["first-weeks"]]})
    slugs_and_names = {topic.slug for topic in catalogue().topics} | {topic.name for topic in catalogue().topics}
    for path in ("/experience", CHECK, *(page(step.name) for step in STEPS)):
        text = client.get(path).text
        (title,) = TITLE.findall(text)
        assert title in {"My experience · Hillside", "Your answers · Hillside"} or title.startswith("Step ")
        addresses = " ".join(re.findall(r'(?:href|action|hx-post)="([^"]*)"', text)).lower()
        assert [word for word in slugs_and_names if word.lower() in addresses.split("/")] == []


def test_whoever_comes_back_goes_on_where_they_were(
    app: Flask, client: FlaskClient, robin: int, ids: dict[str, str]
) -> None:
    send(client, page("topics"), {"topics": [ids["debt"]]})
    send(client, page("needs"), {"needs": ["company"]})
    client.get(page("for_whom"))
    fresh = app.test_client()
    come_in(app, fresh, ROBIN)
    start = fresh.get("/experience").text
    assert f'href="{page("styles")}"' in start
    assert f"Step 6 of {len(STEPS)}." in start
    assert 'value="company" checked' in fresh.get(page("needs")).text


def test_back_leads_to_the_question_before_that_had_something_to_ask(
    client: FlaskClient, robin: int, ids: dict[str, str]
) -> None:
    send(client, page("topics"), {"topics": [ids["debt"]]})
    assert f'class="back" href="{page("topics")}"' in client.get(page("stages")).text


def test_enough_is_one_tap_after_the_topics(app: Flask, client: FlaskClient, robin: int, ids: dict[str, str]) -> None:
    send(client, page("topics"), {"topics": [ids["debt"]]})
    assert "That is enough for now" in client.get("/experience").text
    assert send(client, "/experience/enough").headers["Location"] == CHECK
    assert "Find people for me" in client.get(CHECK).text


def test_the_missing_yes_is_asked_for_where_it_is_needed(
    app: Flask, client: FlaskClient, robin: int, ids: dict[str, str], watch: Watch
) -> None:
    send(client, page("topics"), {"topics": [ids["debt"]]})
    send(client, "/experience/enough")
    question = "One more thing: may we use what you told to find somebody for you? Without your yes we do not."
    assert (question in client.get(CHECK).text, 'action="/match/ask"' in client.get(CHECK).text) == (False, True)
    with app.app_context():
        account_services.withdraw_consent(robin, Purpose.MATCHING, now=watch.time)
    assert (question in client.get(CHECK).text, 'action="/match/ask"' in client.get(CHECK).text) == (True, False)
    refused = send(client, "/experience/find")
    assert refused.status_code == 422
    assert refused.text.count("Please tick this if it is all right for you. Or leave it for another day.") == 2
    with app.app_context():
        assert account_queries.agreed(robin, Purpose.MATCHING) is False
        assert matching_queries.open_walk_of(robin) is None
    assert send(client, "/experience/find", {"matching": "y"}).headers["Location"] == "/match"
    with app.app_context():
        assert account_queries.agreed(robin, Purpose.MATCHING) is True
        assert matching_queries.open_walk_of(robin) is not None


def test_a_change_later_leads_back_to_the_answers(
    app: Flask, client: FlaskClient, robin: int, ids: dict[str, str]
) -> None:
    send(client, page("topics"), {"topics": [ids["debt"]]})
    send(client, "/experience/enough")
    assert "Step 5" not in client.get(page("needs")).text
    assert send(client, page("needs"), {"needs": ["company"]}).headers["Location"] == CHECK
    assert send(client, page("needs"), {"needs": [], "skip": "1"}).headers["Location"] == CHECK
    assert told(app, robin).about["needs"] == ["company"]


@pytest.mark.parametrize("number", [0, 16, 99])
def test_a_question_that_is_not_there_is_not_found(client: FlaskClient, robin: int, number: int) -> None:
    assert client.get(f"/experience/{number}").status_code == 404
    assert send(client, f"/experience/{number}", {"skip": "1"}).status_code == 404
