"""What holds for every kind of letter: one link, the help lines, no markup, no missing value."""

import re
from dataclasses import replace

import pytest
from jinja2 import UndefinedError

from portal.domain.account import Discretion
from portal.domain.notice import Kind
from portal.mail import letters
from portal.mail.render import TEMPLATES, render
from portal.mail.specimens import CHAT, LETTERS, LINK, READER, every_letter, reader
from tests.mail.test_letters.part import FOOT, NAMED, NEVER_OPENED_UP, NO_REPLY, NUMBERS, OPEN_FOOT, Page

HARMLESS = {"html", "head", "meta", "title", "style", "body", "div", "p", "a", "strong", "br", "ul", "li"}


def test_a_code_is_told_at_once_and_leads_nowhere() -> None:
    for discretion in Discretion:
        letter = letters.sign_in_code(reader(discretion), "012345", 10)
        assert letter.subject == "Your code"
        assert (
            letter.text
            == f"""\
Your code is 012345

Type it into the page where you asked for it, in the same browser. It works for 10 minutes.

If you did not ask for it, you can leave this letter alone. Nothing happens without the code.

{FOOT}"""
        )
        assert Page(letter.html).links == []


def test_how_long_a_first_chat_takes_is_the_peers_own_length() -> None:
    text = every_letter(Discretion.OPEN)[Kind.BOTH_YES].text
    assert "A first coffee chat takes 45 minutes. You do not owe anything after it." in text


@pytest.mark.parametrize("discretion", Discretion)
def test_each_letter_has_one_link_no_picture_and_the_help_lines(discretion: Discretion) -> None:
    for kind, letter in every_letter(discretion).items():
        wanted = [] if kind in NEVER_OPENED_UP else [LINK]
        page = Page(letter.html)
        assert page.links == wanted
        assert re.findall(r"https?://\S+", letter.text) == wanted
        assert set(page.tags) <= HARMLESS
        openly = discretion is Discretion.OPEN and kind not in NEVER_OPENED_UP
        assert letter.text.endswith(OPEN_FOOT if openly else FOOT)
        assert page.shown[-5:-1] == NAMED if openly else page.shown[-2:] == [NUMBERS, NO_REPLY]


@pytest.mark.parametrize("kind", sorted(LETTERS))
def test_each_kind_has_its_templates_and_a_function_of_its_name(kind: Kind) -> None:
    assert callable(getattr(letters, kind.value))
    folder = TEMPLATES / "mail" / kind.value
    assert sorted(path.name for path in folder.iterdir()) == ["body.html", "body.txt", "subject.txt"]


def test_names_are_text_and_never_markup_or_a_second_subject_line() -> None:
    chat = replace(CHAT, name="<script>\r\nBcc: x", place="<img src=x>{{ 7*7 }} %(name)s")
    letter = letters.invitation(reader(Discretion.OPEN), chat, LINK, b"")
    assert letter.subject == "Coffee with <script> Bcc: x, Tue 1:30 pm"
    assert Page(letter.html).shown[3] == "Where: <img src=x>{{ 7*7 }} %(name)s"


def test_a_letter_that_lacks_a_value_is_not_written() -> None:
    with pytest.raises(UndefinedError):
        render(Kind.INVITATION, READER)
