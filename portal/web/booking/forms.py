"""What is asked when a chat is booked: how to meet, and where."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField
from wtforms.validators import InputRequired, Length

from portal.domain.booking import NOT_OFFERED, PLACE_LENGTH
from portal.domain.experience import FORMAT_WORDS, Format


class BookForm(FlaskForm):  # type: ignore[misc]
    """The way to meet, out of those both like, and a public place that may also be agreed on later."""

    way = RadioField(_l("How would you like to meet?"), validators=[InputRequired(_l("Please choose one."))])
    place = StringField(_l("Where?"), validators=[Length(max=PLACE_LENGTH, message=_l("That is a little long."))])


def book_form(ways: Sequence[Format], default: Format | None = None) -> BookForm:
    """Return the form with the ways both like; the first is chosen beforehand, so that one tap is enough."""
    form = BookForm(way=(default or ways[0]).value)
    form.way.choices = [(way.value, _(FORMAT_WORDS[way])) for way in ways]
    form.way.validate_choice = True
    return form


def blame_way(form: BookForm) -> None:
    """Put a refusal of the way to meet at its field."""
    form.way.errors = [*form.way.errors, _(NOT_OFFERED)]
