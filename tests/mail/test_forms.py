"""A letter that is put together from its form is the one that its templates would have written."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.account import Discretion
from portal.domain.notice import Kind, one_line
from portal.mail import forms
from portal.mail.forms import MARK, fill
from portal.mail.letters.chat import ChatInWords
from portal.mail.render import render
from portal.mail.specimens import LINK, READER

KINDS = (
    Kind.INVITATION,
    Kind.UPDATE,
    Kind.CANCELLATION,
    Kind.NOT_MADE,
    Kind.OTHER_TIME,
    Kind.REMINDER_DAY,
    Kind.REMINDER_HOURS,
)
WORDS = st.sampled_from(["Maya <3", 'Café & "Co"', "100% %(name)s {{ link }}", f"{MARK}0{MARK}", r"\1 \g<0>", "—"])
WORDS |= st.text(min_size=1, max_size=20).map(one_line).filter(bool)
CHATS = st.builds(
    ChatInWords,
    span=WORDS,
    short=WORDS,
    day=WORDS,
    place=WORDS | st.just(""),
    name=WORDS,
    their_clock=WORDS | st.just(""),
    online=st.booleans(),
    moves=st.booleans(),
)


@pytest.mark.parametrize("kind", KINDS)
@given(
    chats=st.lists(CHATS, min_size=1, max_size=3),
    discretion=st.sampled_from(Discretion),
    own_words=WORDS | st.just(""),
    other=WORDS,
    invited=st.booleans(),
)
def test_a_form_with_its_words_put_in_is_the_letter(
    kind: Kind, chats: list[ChatInWords], discretion: Discretion, own_words: str, other: str, invited: bool
) -> None:
    reader = replace(READER, discretion=discretion, own_words=own_words)
    values = {
        "chat": chats[0],
        "chats": chats,
        "was": other,
        "times": [other] * (len(chats) - 1),
        "invited": invited,
        "link": LINK,
    }
    assert fill(kind, reader, **values) == render(kind, reader, **values)


def test_a_form_holds_nobodys_words() -> None:
    forms.form_of.cache_clear()
    chat = ChatInWords("Tuesday quetzal", "Tue quetzal", "quetzal", "Juniper", "Kakapo", "5 pm quetzal", False, True)
    reader = replace(READER, own_words="kakapo")
    shapes: list[str] = []
    shape = forms.shape_of(chat, shapes)
    assert "quetzal" in str(shapes)
    assert "quetzal" not in str(shape)
    assert fill(Kind.NOT_MADE, reader, chat=chat, link=LINK).subject == "kakapo"
    assert forms.form_of.cache_info().currsize == 1
