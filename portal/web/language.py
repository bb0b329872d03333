"""The language of a page, and its words: looked up once for each request, and kept ready for every template."""

from collections.abc import Callable
from functools import cached_property, lru_cache
from typing import Any

from babel.core import Locale
from babel.support import NullTranslations
from flask import Flask, g, request
from flask_babel import Babel, Domain
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from portal.web.access import signed_in_actor

LANGUAGES = ("en",)
# Sentences of templates and tables are a few thousand; a page that turned up others would push out the oldest.
MOST_SENTENCES = 8_192


class Words(Domain):  # type: ignore[misc]  # flask_babel brings no types
    """The sentences of the request's language; Flask-Babel asks for them anew, in four steps, at each sentence."""

    def get_translations(self) -> NullTranslations:
        """Return the sentences, from the request where it has them in its language already."""
        context = g.get("_flask_babel") if g else None
        kept: tuple[object, NullTranslations | None] = getattr(context, "portal_words", (None, None))
        if kept[1] is not None and kept[0] is getattr(context, "babel_locale", None):
            return kept[1]
        found: NullTranslations = super().get_translations()
        if g:
            g._flask_babel.portal_words = (g._flask_babel.babel_locale, found)
        return found


class Speech(Babel):  # type: ignore[misc]
    """Flask-Babel with these words."""

    @cached_property
    def domain_instance(self) -> Words:
        """The words of this application."""
        return Words(domain=self.domain)


def init_language(app: Flask) -> None:
    """Choose the language of each request, and let templates speak it."""
    speech = Speech(app, locale_selector=_language, timezone_selector=_zone)
    with app.app_context():
        words: Callable[[], NullTranslations] = speech.domain_instance.get_translations
    app.jinja_env.globals.update(_=_spoken(words), gettext=_spoken(words), ngettext=_counted(words))


def _language() -> Locale | None:
    actor = signed_in_actor()
    if actor is not None and actor.language in LANGUAGES:
        return _locale(actor.language)
    # Days and clocks follow the words of the page, whatever else a browser or a person would rather read.
    language = request.accept_languages.best_match(LANGUAGES, LANGUAGES[0])
    return None if language is None else _locale(language)


# Read once: a page that is given a mere word reads it anew.
_locale = lru_cache(len(LANGUAGES))(Locale.parse)


def _zone() -> str | None:
    actor = signed_in_actor()
    return actor.zone if actor is not None else None


@lru_cache(MOST_SENTENCES)
def _ready(words: NullTranslations, sentence: str) -> Markup:
    return Markup(words.ugettext(sentence))


@lru_cache(MOST_SENTENCES)
def _whole(words: NullTranslations, sentence: str) -> Markup:
    return _ready(words, sentence) % {}


def _spoken(words: Callable[[], NullTranslations]) -> Callable[..., str]:
    """The `gettext` of Jinja's new style: always a pattern, its values escaped; a sentence without values is ready."""

    @pass_eval_context
    def gettext(context: EvalContext, sentence: str, /, **values: Any) -> str:
        if not context.autoescape:
            return str(words().ugettext(sentence)) % values
        return _ready(words(), sentence) % values if values else _whole(words(), sentence)

    return gettext


def _counted(words: Callable[[], NullTranslations]) -> Callable[..., str]:
    @pass_eval_context
    def ngettext(context: EvalContext, one: str, several: str, num: int, /, **values: Any) -> str:
        found = str(words().ungettext(one, several, num))
        return (Markup(found) if context.autoescape else found) % {"num": num, **values}

    return ngettext
