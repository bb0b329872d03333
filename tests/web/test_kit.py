"""The kit draws every part without a database, keeps to the content policy, and its frame works bare."""

import re
from pathlib import Path

import pytest
from flask import Flask, flash, render_template, render_template_string
from flask_babel import Babel
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.datastructures import MultiDict

from portal.web.kit import KitForm

ROOT = Path(__file__).parents[2]
LINE = {
    "name": "The Example Line",
    "ways": [{"kind": "call", "label": "555-0100", "href": "tel:5550100", "note": ""}],
    "hours": "Every day",
    "languages": "en, es",
    "audience": "Anyone",
    "cost": "Free",
    "sends_help": "no",
    "verified_on": "",
    "emergency": False,
}
ERRORS = (400, 403, 404, 409, 422, 429, 500)


@pytest.fixture
def app() -> Flask:
    bare = Flask("kit", root_path=str(ROOT), template_folder="templates", static_folder="static")
    bare.config["SECRET_KEY"] = "only for this test, only for this test"
    Babel(bare)
    CSRFProtect(bare)
    return bare


def _kit(app: Flask, answers: dict[str, str] | None = None) -> str:
    with app.test_request_context("/kit"):
        form = KitForm(MultiDict(answers) if answers else None)
        if answers:
            form.validate()
        return render_template("kit/page.html", form=form, crisis_lines=[LINE], demo=True, new_request_key=lambda: "k1")


def test_the_gallery_holds_nothing_inline(app: Flask) -> None:
    page = _kit(app)
    assert re.findall(r"\sstyle=|\son[a-z]+=|<style|<script(?![^>]*\ssrc=)|javascript:", page) == []


def test_the_gallery_asks_nothing_from_elsewhere(app: Flask) -> None:
    assert re.findall(r'(?:src|href)="(?:https?:)?//[^"]*"', _kit(app)) == []


def test_every_id_of_the_gallery_is_used_once(app: Flask) -> None:
    ids = re.findall(r'\sid="([^"]+)"', _kit(app, {"zone_name": "Europe/Lisbon"}))
    assert sorted(ids) == sorted(set(ids))


def test_every_link_of_the_error_summary_leads_to_a_field(app: Flask) -> None:
    page = _kit(app, {"zone_name": "Europe/Lisbon", "stage": "nowhere"})
    summary = page[page.index("data-errors") : page.index("</div>", page.index("data-errors"))]
    goals = re.findall(r'href="#([^"]+)"', summary)
    assert goals == ["topics-0", "stage-0", "email", "code", "agree"]
    assert [goal for goal in goals if f'id="{goal}"' not in page] == []


def test_what_was_typed_is_kept_beside_its_error(app: Flask) -> None:
    page = _kit(app, {"zone_name": "Europe/Lisbon", "story": "The first winter", "topics": "work", "stage": "further"})
    assert re.findall(r'value="([a-z]+)" checked', page) == ["work", "further"]
    assert "The first winter</textarea>" in page


def test_the_way_out_comes_before_the_help_lines_and_both_before_the_page(app: Flask) -> None:
    page = _kit(app)
    places = [page.index(mark) for mark in ('action="/leave"', 'class="skip"', 'href="tel:5550100"', "<main")]
    assert places == sorted(places)


def test_a_form_carries_its_token_and_its_key(app: Flask) -> None:
    source = (
        '{% from "kit/form.html" import post_button with context %}{{ post_button("Undo", "/undo", fields={"a": 1}) }}'
    )
    with app.test_request_context("/"):
        names = re.findall(r'name="([^"]+)"', render_template_string(source, new_request_key=lambda: "k1"))
    assert names == ["csrf_token", "request_key", "a"]


@pytest.mark.parametrize("status", ERRORS)
def test_an_error_page_renders_where_nothing_else_is_known(app: Flask, status: int) -> None:
    app.jinja_env.undefined = StrictUndefined
    with app.test_request_context("/"):
        page = render_template(f"errors/{status}.html")
    assert len(re.findall(r"<h1>\s*\S+", page)) == 1


@pytest.mark.parametrize("status", [status for status in ERRORS if status != 500])
def test_an_error_inside_a_page_is_a_notice_and_no_second_page(app: Flask, status: int) -> None:
    with app.test_request_context("/"):
        part = render_template(f"errors/{status}.html", fragment=True, sentence="Something calm.")
    assert part.count("<html") == 0
    assert part.count("<p>Something calm.</p>") == 1


@pytest.mark.parametrize(("together", "glow"), [(0.0, 0), (0.5, 0), (1.0, 1)])
def test_the_lamp_is_lit_when_both_walk_side_by_side(app: Flask, together: float, glow: int) -> None:
    source = '{% from "kit/path.html" import path %}{{ path(together=together) }}'
    with app.test_request_context("/"):
        drawing = render_template_string(source, together=together)
    you, them = (float(x) for x in re.findall(r'class="(?:you|them)" cx="([\d.]+)"', drawing))
    assert drawing.count('class="glow"') == glow
    assert you + 14 <= them <= you + 300 * (1 - together) + 25


def kit(app: Flask, source: str, **values: object) -> str:
    with app.test_request_context("/kit"):
        return render_template_string(source, **values)


def test_a_second_tap_on_a_part_of_a_page_is_let_go(app: Flask) -> None:
    forms = kit(
        app,
        '{% from "kit/form.html" import form_open, post_button with context %}'
        '{% call form_open(attrs={"hx-post": "/x"}) %}{% endcall %}'
        '{{ post_button("Go", "/x", attrs={"hx-post": "/x"}) }}'
        '{% call form_open(attrs={"hx-post": "/x", "hx-sync": "#other:abort"}) %}{% endcall %}'
        '{{ post_button("Go", "/x") }}',
    )
    assert re.findall(r'hx-sync="(.*?)"', forms) == ["this:drop", "this:drop", "#other:abort"]


def test_what_happened_once_is_said_once(app: Flask) -> None:
    with app.test_request_context("/kit"):
        for kind, sentence in [("well", "Kept."), ("well", "Kept."), ("look", "Kept."), ("well", "Gone.")]:
            flash(sentence, kind)
        shown = render_template_string('{% from "kit/notice.html" import flashes with context %}{{ flashes() }}')
    assert re.findall(r'notice (\w+)".*?<p>(.*?)</p>', shown) == [
        ("well", "Kept."),
        ("look", "Kept."),
        ("well", "Gone."),
    ]


@pytest.mark.parametrize(("minutes", "words"), [(1, "about 1 minute<"), (3, "about 3 minutes<")])
def test_one_minute_is_one_minute(app: Flask, minutes: int, words: str) -> None:
    header = kit(app, '{% from "kit/steps.html" import step_header %}{{ step_header(2, 3, minutes=n) }}', n=minutes)
    assert f"Step 2 of 3, {words}" in header


def test_names_and_answers_stand_in_their_own_direction(app: Flask) -> None:
    shown = kit(
        app,
        '{% from "kit/card.html" import person_card %}{% from "kit/answers.html" import answers %}'
        '{{ person_card(name="מאיה", words="שלום") }}{{ answers([{"label": "Name", "value": "<b>מאיה"}]) }}',
    )
    assert "<bdi>מאיה</bdi>" in shown
    assert '<blockquote class="own" dir="auto">שלום</blockquote>' in shown
    assert '<dd><span dir="auto">&lt;b&gt;מאיה</span>' in shown
