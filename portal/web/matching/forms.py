"""The forms of matching: an order of people, and how a first chat was."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.domain.matching.walk import Step
from portal.queries.matching import Card

NOBODY = ""
WORDS_LENGTH = 1000


class OrderForm(FlaskForm):  # type: ignore[misc]  # flask_wtf brings no types
    """Who should be asked first, second and third; only the first is needed."""

    first = SelectField(later("Ask first"), validators=[InputRequired(later("Choose who should be asked first."))])
    second = SelectField(later("If they cannot, ask"), default=NOBODY)
    third = SelectField(later("And after that"), default=NOBODY)

    def offer(self, cards: tuple[Card, ...]) -> None:
        """Fill the choices with these people; the form has as many places as there are people."""
        people = [(str(card.peer_id), card.name) for card in cards]
        self.first.choices = [(NOBODY, _("Choose a person")), *people]
        self.second.choices = self.third.choices = [(NOBODY, _("Nobody else")), *people]
        for field, place in ((self.second, 2), (self.third, 3)):
            if len(people) < place and field.name in self:
                del self[field.name]

    def order(self) -> list[int]:
        """Return the people named, in order."""
        named = [self[name].data for name in ("first", "second", "third") if name in self]
        return [int(peer_id) for peer_id in named if peer_id]

    def moved_on(self) -> bool:
        """Say whether somebody was named who is not there to be chosen any more."""
        fields = [self[name] for name in ("first", "second", "third") if name in self]
        return any(field.data and field.data not in dict(field.choices) for field in fields)

    def validate(self, extra_validators: object = None) -> bool:
        """Also ask that nobody is named twice."""
        good = bool(super().validate(extra_validators))
        if good and len(set(self.order())) < len(self.order()):
            self.first.errors = [_("One person stands in two places. Choose each person once.")]
            return False
        return good


class ReflectForm(FlaskForm):  # type: ignore[misc]
    """How somebody would like to go on; the other one never sees it."""

    answer = RadioField(
        later("How would you like to go on?"),
        choices=[
            (Step.KEEP_GOING.value, later("Keep going together")),
            (Step.UNSURE.value, later("I am not sure yet")),
            (Step.SOMEONE_ELSE.value, later("I would rather meet someone else")),
        ],
        validators=[InputRequired(later("Choose what fits best. You can change your mind later."))],
    )
    words = TextAreaField(
        later("Anything you would like to add"),
        validators=[Length(max=WORDS_LENGTH, message=later("Please keep it under 1000 characters."))],
    )
