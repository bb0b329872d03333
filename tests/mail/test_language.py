"""Words and dates of a letter are told in one language: the reader's where it is translated, English else."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from portal.mail import forms, letters
from portal.mail import render as letter
from portal.mail.specimens import CHAT, LINK, READER


@pytest.fixture
def spanish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A project with one translation, of one sentence."""
    catalog = Catalog("es")
    catalog.add("Your coffee chat is set.", "Tu café está acordado.")
    folder = tmp_path / "es" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "messages.mo").open("wb") as file:
        write_mo(file, catalog)
    monkeypatch.setattr(letter, "TRANSLATIONS", tmp_path)
    forget()
    yield
    forget()


def forget() -> None:
    letter.locale_of.cache_clear()
    letter.environment.cache_clear()
    letter.translations.cache_clear()
    forms.form_of.cache_clear()


def told(language: str) -> tuple[str, str]:
    """Return what stands first in a letter, and the weekday of its chat."""
    lines = letters.invitation(replace(READER, language=language), CHAT, LINK, b"").text.splitlines()
    return lines[0], lines[2].partition(",")[0]


@pytest.mark.parametrize("language", ["es", "es-MX"])
@pytest.mark.usefixtures("spanish")
def test_words_and_dates_are_in_the_readers_language_where_it_is_translated(language: str) -> None:
    assert told(language) == ("Tu café está acordado.", "martes")


@pytest.mark.parametrize("language", ["de", "pt-BR", "not a language"])
@pytest.mark.usefixtures("spanish")
def test_words_and_dates_are_english_where_it_is_not(language: str) -> None:
    assert told(language) == ("Your coffee chat is set.", "Tuesday")


def test_a_letter_says_in_which_language_it_is() -> None:
    html = [
        letters.invitation(replace(READER, language=language), CHAT, LINK, b"").html for language in ("es", "en-GB")
    ]
    assert ['<html lang="en">' in html[0], '<html lang="en-GB">' in html[1]] == [True, True]
