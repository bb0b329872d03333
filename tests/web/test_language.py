"""Days and clocks are written in the language of the page's words, never in another one."""

import re

import pytest
from babel.support import Translations
from flask import Flask, render_template_string
from flask.testing import FlaskClient
from flask_babel import force_locale, gettext

from portal.db import transaction
from portal.domain.account import Role
from portal.models import Person
from portal.web.times import day_words
from tests.web.account_steps import Watch, add, come_in


@pytest.mark.parametrize("language", ["en", "fi", "ar", "", "xx"])
@pytest.mark.parametrize("browser", ["fi", "ar, en;q=0.1", "*"])
def test_days_follow_the_words_of_the_page(
    app: Flask, client: FlaskClient, watch: Watch, language: str, browser: str
) -> None:
    robin = add(app, "robin@example.org", Role.MEMBER, now=watch.time)
    come_in(app, client, "robin@example.org")
    with app.app_context(), transaction() as session:
        session.get_one(Person, robin).language = language
    page = client.get("/account/consents", headers={"Accept-Language": browser}).text
    with app.test_request_context(headers={"Accept-Language": "en"}):
        day = day_words(watch.time, "UTC")
    assert re.findall(r'<html lang="(.*?)"', page) == ["en"]
    assert page.count(f"Agreed on {day}.") == 3


@pytest.fixture
def french(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A catalogue of one sentence and one count, as a folder of translations would bring it."""
    words = Translations()
    words._catalog = {"Hello <%(name)s>": "Salut <%(name)s>", ("one", 0): "un", ("one", 1): "%(num)d d’eux"}
    words.plural = lambda number: int(number != 1)
    monkeypatch.setattr(
        Translations, "load", lambda _folder, locales, _domain: words if str(locales[0]) == "fr" else Translations()
    )


def test_sentences_follow_the_language_of_the_moment_in_templates_and_in_views(app: Flask, french: None) -> None:
    page = "{{ _('Hello <%(name)s>', name=name) }} {{ ngettext('one', '%(num)d of them', 2) }} {{ _('100%%') }}"

    def said() -> tuple[str, str]:
        return render_template_string(page, name="<Ana>"), gettext("Hello <%(name)s>", name="<Ana>")

    english = ("Hello <&lt;Ana&gt;> 2 of them 100%", "Hello <<Ana>>")
    with app.test_request_context():
        assert said() == english
        with force_locale("fr"):
            assert said() == ("Salut <&lt;Ana&gt;> 2 d’eux 100%", "Salut <<Ana>>")
        assert said() == english
