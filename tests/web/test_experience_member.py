"""The member's pages of telling: the whole way without a script, back and forth, and nothing typed is lost."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.data import catalogue
from portal.domain.account import Purpose, Role
from portal.queries import account as account_queries
from portal.queries import experience as queries
from portal.queries import matching as matching_queries
from portal.queries.experience import MemberTold
from portal.services import account as account_services
from portal.web.experience.member import STEPS, WAY
from portal.web.experience.wish_steps import TRAIT_KINDS
from tests.web.account_steps import TOKEN, Watch, add, come_in

ROBIN = "robin@example.org"
CHECK = "/experience/check"
CHICAGO = "4887398"
TITLE = re.compile(r"<title>(.*?)</title>")


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


def test_no_topic_chosen_is_said_at_the_search(client: FlaskClient, robin: int) -> None:
    response = send(client, page("topics"), {"words": ""})
    assert response.status_code == 422
    assert response.text.count("Please choose at least one. It is how we find somebody who knows.") == 2
    assert "There is a problem" in response.text


def test_a_fourth_topic_is_given_back_with_all_ticks(client: FlaskClient, robin: int, ids: dict[str, str]) -> None:
    chosen = [ids[slug] for slug in ("debt", "eviction", "anxiety", "alcohol")]
    response = send(client, page("topics"), {"topics": chosen})
    assert response.status_code == 422
    assert _ticked(response) == chosen


def _ticked(response: TestResponse) -> list[str]:
    return re.findall(r'name="topics" value="(\d+)" checked', response.text)


def test_a_search_finds_by_a_synonym_and_keeps_the_ticks(client: FlaskClient, robin: int, ids: dict[str, str]) -> None:
    response = send(client, page("topics"), {"words": "booze", "look": "1", "topics": [ids["debt"]]})
    assert response.status_code == 200
    assert _ticked(response) == [ids["debt"]]
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


def test_a_members_own_topics_are_folded_away(client: FlaskClient, robin: int, ids: dict[str, str]) -> None:
    send(client, page("topics"), {"topics": [ids["alcohol"]]})
    text = client.get(CHECK).text
    outside = re.sub(r"<details class=\"card\">.*?</details>", "", text, flags=re.DOTALL)
    assert ("Alcohol" in text, "Alcohol" in outside, "Alcohol" in client.get("/experience").text) == (
        True,
        False,
        False,
    )


@pytest.mark.parametrize("number", [0, 16, 99])
def test_a_question_that_is_not_there_is_not_found(client: FlaskClient, robin: int, number: int) -> None:
    assert client.get(f"/experience/{number}").status_code == 404
    assert send(client, f"/experience/{number}", {"skip": "1"}).status_code == 404


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
