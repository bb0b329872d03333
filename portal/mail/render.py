"""Turns the templates of one kind of letter into its subject, text and HTML, in the reader's language."""

import gettext
import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.support import NullTranslations, Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context, select_autoescape
from jinja2.runtime import Context
from markupsafe import Markup

from portal.domain.account import Discretion
from portal.domain.notice import Kind, one_line
from portal.mail.foot import Foot, foot_of
from portal.mail.letter import CrisisLine, Letter, Reader

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
TRANSLATIONS = ROOT / "translations"
SPARE_LANGUAGE = "en"


def render(kind: Kind, reader: Reader, **values: object) -> Letter:
    """Write the letter of this kind; a value that a template asks for and does not get is an error."""
    # Whoever asks for a code may not be who the address belongs to: that letter is never an open one.
    openly = reader.discretion is Discretion.OPEN and kind is not Kind.SIGN_IN_CODE
    given = {
        "open": openly,
        "dot": reader.discretion is Discretion.DOT,
        # Under words of one's own a letter's beginning must not say what those words hide.
        "veiled": reader.discretion is Discretion.DOT or bool(reader.own_words),
        "language": str(locale_of(reader.language)).replace("_", "-"),
        "foot": _foot(reader.lines, reader.language, openly),
        **values,
    }

    def fill(name: str) -> str:
        return environment(reader.language).get_template(f"mail/{kind.value}/{name}").render(given)

    subject = one_line(reader.own_words or fill("subject.txt"))
    text = _tidy(fill("body.txt"))
    letter = Letter(subject, text, "")
    page = environment(reader.language).get_template(f"mail/{kind.value}/body.html")
    return replace(letter, html=page.render(given, subject=subject, preheader=letter.preheader))


@lru_cache(maxsize=32)
def environment(language: str) -> Environment:
    """The letters' own Jinja environment in one language; untranslated sentences stay English."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(enabled_extensions=("html",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals["_"] = _sayer(translations(language))
    return made


def _sayer(words: NullTranslations) -> Callable[..., str]:
    """As jinja2.ext.i18n has it (newstyle), which goes through two calls more for each sentence."""

    @pass_context
    def say(context: Context, sentence: str, **values: object) -> str:
        said = words.gettext(sentence)
        return (Markup(said) if context.eval_ctx.autoescape else said) % values

    return say


@lru_cache(maxsize=64)
def _foot(lines: tuple[CrisisLine, ...], language: str, by_name: bool) -> Foot:
    return foot_of(lines, translations(language).gettext, by_name=by_name)


@lru_cache(maxsize=32)
def translations(language: str) -> NullTranslations:
    """The project's translations for a language tag, or none."""
    return Translations.load(TRANSLATIONS, _names(locale_of(language)))


@lru_cache(maxsize=32)
def locale_of(language: str) -> Locale:
    """The locale of a language tag; English where the words are not to be had in it: a date must not be the only
    thing in a letter that is told in another language."""
    try:
        locale = Locale.parse(language, sep="-" if "-" in language else "_")
    except (UnknownLocaleError, ValueError):
        return Locale.parse(SPARE_LANGUAGE)
    spoken = locale.language == SPARE_LANGUAGE or gettext.find("messages", TRANSLATIONS, _names(locale)) is not None
    return locale if spoken else Locale.parse(SPARE_LANGUAGE)


def _names(locale: Locale) -> list[str]:
    return [str(locale), locale.language]


def _tidy(text: str) -> str:
    lines = (line.strip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"
