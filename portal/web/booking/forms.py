"""What is asked when a chat is booked: how to meet and how long, where, and a few lines for the other one."""

from collections.abc import Mapping, Sequence

from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.domain.booking import LONG_NOTE, LONG_PLACE, NOTE_LENGTH, PLACE_LENGTH, Meeting
from portal.domain.errors import BadInput
from portal.domain.experience import FORMAT_WORDS, Format
from portal.queries.booking import Pair
from portal.web.errors import sentence_of

ELSEWHERE = "else"
NO_LENGTH = -1


class BookForm(FlaskForm):  # type: ignore[misc]
    """The way to meet, out of those both like; a public place, one of the peer's or another; a note both can read."""

    way = RadioField(_l("How would you like to meet?"), validators=[InputRequired(_l("Please choose one."))])
    minutes = RadioField(_l("How long?"), validate_choice=False)
    spot = RadioField(_l("Where?"))
    place = StringField(_l("Where?"), validators=[Length(max=PLACE_LENGTH, message=_l(LONG_PLACE))])
    note = TextAreaField(_l("A note"), validators=[Length(max=NOTE_LENGTH, message=_l(LONG_NOTE))])

    ways: tuple[Format, ...] = ()

    class Meta:
        """The form's token is asked for before the view, as that of every form; the form makes none of its own."""

        csrf = False

    def meeting(self, pair: Pair) -> Meeting:
        """Return what was chosen, as it was typed."""
        spot = self.spot.data if self.spot is not None else ELSEWHERE
        place = (self.place.data or "").strip() if spot == ELSEWHERE else pair.terms.places[int(spot)].line
        return Meeting(Format(self.way.data), place, self.note.data or "", length_in(request.form))

    def blame(self, refusal: BadInput) -> None:
        """Put a refusal at its field."""
        field = self[refusal.field]
        field.errors = [*field.errors, sentence_of(refusal)]


def book_form(pair: Pair, ways: Sequence[Format], way: Format, minutes: int) -> BookForm:
    """Return the form with what can be chosen; the usual is chosen beforehand, so that one tap is enough.

    Its words are looked up when it is drawn: a form that only books needs none of them.
    """
    places = pair.terms.places
    form = BookForm(way=way.value, minutes=str(minutes), spot="0" if places else ELSEWHERE)
    form.ways = tuple(ways)
    form.way.choices = [(each.value, _l(FORMAT_WORDS[each])) for each in ways]
    form.minutes.choices = [(str(each), _l("%(minutes)d minutes", minutes=each)) for each in pair.terms.lengths]
    form.note.label.text = _l("A note for %(name)s", name=pair.other_name)
    if places:
        form.spot.choices = [(str(at), place.name) for at, place in enumerate(places)]
        form.spot.choices.append((ELSEWHERE, _l("Somewhere else, or not sure yet")))
        form.place.label.text = _l("Where else?")
    else:
        del form.spot
    return form


def way_in(asked: Mapping[str, str], ways: Sequence[Format]) -> Format | None:
    """Return the way that an address or a form names, if it is one of these."""
    return next((way for way in ways if way.value == asked.get("way")), None)


def length_in(asked: MultiDict[str, str]) -> int | None:
    """Return the length in minutes that is named, None where none is, NO_LENGTH for what is no number."""
    typed = asked.get("minutes", "").strip()
    return (int(typed) if typed.isdecimal() and len(typed) <= 4 else NO_LENGTH) if typed else None
