"""All text of the pages and letters goes through gettext, and can be taken out for translators."""

from io import BytesIO

import pytest
from babel.messages.extract import extract

from tests.house.gettext import unmarked
from tests.house.imports import ROOT

PAGES = [path for path in sorted((ROOT / "templates").rglob("*.html")) if "demo" not in path.parts]
LETTERS = sorted((ROOT / "templates" / "mail").rglob("*.txt"))


def test_every_word_of_a_page_or_letter_is_marked() -> None:
    found = [f"{path}: {words}" for path in PAGES + LETTERS for words in unmarked(path.read_text())]
    assert found == []


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("<p>Sit down</p>", ["Sit down"]),
        ('<p>{{ _("Sit down") }}</p>', []),
        ('<img alt="A hill">', ["A hill"]),
        ('<img alt="{{ _("A hill") }}"> · &nbsp;', []),
        ("{# for us only #}{% if x %}{% endif %}", []),
    ],
)
def test_the_checker_sees_words_without_a_mark(template: str, words: list[str]) -> None:
    assert unmarked(template) == words


def test_sentences_of_the_rules_can_be_taken_out_for_translators() -> None:
    source = (ROOT / "portal" / "domain" / "errors.py").read_bytes()
    found = {message for _, message, _, _ in extract("python", BytesIO(source), keywords={"N_": None})}
    assert "The link may be old, or belong to another sign-in." in found
