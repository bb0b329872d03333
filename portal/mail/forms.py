"""Letters that go out by the hundred: what stands in all of one shape alike is rendered once, the rest is put in.

A shape is everything a template may decide by: which values there are and which are empty, what is true of them, how
many. The words themselves stand in the form as marks, so that none of anybody's is kept.
"""

import re
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from functools import lru_cache
from itertools import count
from typing import Any, NamedTuple

from markupsafe import escape

from portal.domain.account import Discretion
from portal.domain.notice import Kind, one_line
from portal.mail.letter import CrisisLine, Letter, Reader
from portal.mail.render import render

# From the private use of Unicode (U+E000): in no word of ours, and what others write never gets into a form.
MARK = "\ue000"
_MARKED = re.compile(f"{MARK}([0-9]+){MARK}")


class Form(NamedTuple):
    """Subject, text and HTML of one shape, each as its standing parts and, between them, the numbers of what is put
    in."""

    subject: Sequence[str]
    text: Sequence[str]
    html: Sequence[str]


def fill(kind: Kind, reader: Reader, **values: object) -> Letter:
    """Write the letter that `render` would write. Words must be of one line, and a template may ask whether they are
    empty, but not what they are."""
    words: list[str] = []
    own = shape_of(reader.own_words, words)
    shapes = tuple((name, shape_of(value, words)) for name, value in values.items())
    form = form_of(kind, reader.language, reader.discretion, reader.lines, own, shapes)
    safe = [escape(word) for word in words]
    subject, text = one_line(_put_in(form.subject, words)), _put_in(form.text, words)
    return Letter(subject, text, _put_in(form.html, safe))


@lru_cache(maxsize=256)
def form_of(
    kind: Kind,
    language: str,
    discretion: Discretion,
    lines: tuple[CrisisLine, ...],
    own: Any,
    shapes: tuple[tuple[str, Any], ...],
) -> Form:
    """Write the form of letters of this shape."""
    numbers = count()
    reader = Reader(language, "", discretion, lines, _marked(own, numbers))
    letter = render(kind, reader, **{name: _marked(shape, numbers) for name, shape in shapes})
    return Form(*(_MARKED.split(words) for words in (letter.subject, letter.text, letter.html)))


def shape_of(value: object, words: list[str]) -> Hashable:
    """Return what a template may know of a value; the words in it are added to `words`, in their order."""
    if isinstance(value, str):
        if value:
            words.append(value)
        return MARK if value else ""
    if isinstance(value, (list, tuple)):
        return tuple(shape_of(each, words) for each in value)
    if is_dataclass(value):
        return type(value), tuple(shape_of(getattr(value, field.name), words) for field in fields(value))
    return value


def _marked(shape: Any, numbers: Iterator[int]) -> Any:
    """Return a value of this shape with a numbered mark for each of its words."""
    if shape == MARK:
        return f"{MARK}{next(numbers)}{MARK}"
    if not isinstance(shape, tuple):
        return shape
    if shape and isinstance(shape[0], type):
        kind, parts = shape
        return kind(*(_marked(part, numbers) for part in parts))
    return tuple(_marked(each, numbers) for each in shape)


def _put_in(parts: Sequence[str], words: Sequence[str]) -> str:
    return "".join(words[int(part)] if at % 2 else part for at, part in enumerate(parts))
