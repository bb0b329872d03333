"""The form of the weights: six numbers, why they were changed, and what was looked at before saving."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as later
from flask_wtf import FlaskForm
from wtforms import DecimalField, HiddenField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError
from wtforms.widgets import TextInput

from portal.domain.errors import BadInput
from portal.domain.matching.explain import PART_WORDS
from portal.domain.matching.score import Part
from portal.domain.matching.weighing import (
    ALL_NOTHING,
    MOST_POINTS,
    NOTE_LENGTH,
    NOTE_TOO_LONG,
    OUT_OF_RANGE,
    checked,
)
from portal.web.errors import sentence_of

TENTH = Decimal("0.1")
ONE_DIGIT = later("One digit after the point is enough.")


class PointsField(DecimalField):
    """Points from 0 to 100; a comma is as good as a point, and what was typed stays in the box."""

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data.normalize():f}"

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number."""
        self.data = None
        try:
            super().process_formdata([typed.strip().replace(",", ".") for typed in valuelist])
        except ValueError as error:
            raise ValueError(later(OUT_OF_RANGE)) from error

    def pre_validate(self, form: FlaskForm) -> None:
        """Refuse what is no number from 0 to 100 with one digit."""
        if self.data is None:
            return
        if not self.data.is_finite() or not 0 <= self.data <= MOST_POINTS:
            raise ValidationError(later(OUT_OF_RANGE))
        if self.data != self.data.quantize(TENTH):
            raise ValidationError(ONE_DIGIT)


def _points(part: Part) -> PointsField:
    return PointsField(later(PART_WORDS[part]), validators=[InputRequired(later(OUT_OF_RANGE))])


class WeightsForm(FlaskForm):  # type: ignore[misc]  # flask_wtf brings no types
    """`version` is the one that stood when the page was made; `looked` are the points whose effect it showed."""

    hill = _points(Part.HILL)
    asked = _points(Part.ASKED)
    style = _points(Part.STYLE)
    identity = _points(Part.IDENTITY)
    together = _points(Part.TOGETHER)
    room = _points(Part.ROOM)
    note = TextAreaField(later("Why"), validators=[Length(max=NOTE_LENGTH, message=later(NOTE_TOO_LONG))])
    version = HiddenField()
    looked = HiddenField()

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each field, then that not all of them are nothing."""
        if not super().validate(extra_validators):
            return False
        try:
            checked(self.points())
        except BadInput as error:
            self.hill.errors = [sentence_of(error)] if error.sentence == ALL_NOTHING else [later(OUT_OF_RANGE)]
            return False
        return True

    def points(self) -> dict[Part, float]:
        """Return what was typed, once it is valid."""
        return {part: float(self[part].data) for part in Part}

    def put(self, points: Mapping[Part, float]) -> None:
        """Fill in these points."""
        for part in Part:
            self[part].data = Decimal(str(points[part]))

    def version_seen(self) -> int:
        """Return the version that stood when the page was made; a page that does not say so is an old one."""
        typed = self.version.data or ""
        return int(typed) if typed.isdecimal() and len(typed) < 10 else -1

    def was_looked_at(self) -> bool:
        """Say whether the effect of these very points was on the page."""
        return bool(self.looked.data == _words(self.points()))

    def look(self, version: int, points: Mapping[Part, float] | None) -> None:
        """Note what the page shows."""
        self.version.data = str(version)
        self.looked.data = "" if points is None else _words(points)


def _words(points: Mapping[Part, float]) -> str:
    return " ".join(str(points[part]) for part in Part)
