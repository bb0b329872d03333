"""The forms of two who walk together: resting, ending at a pace of one's own, and the lines to keep."""

from flask_babel import lazy_gettext as later
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.domain.matching.ending import LONGEST_KEEPSAKE, TAPER_WORDS, Taper


class RestForm(FlaskForm):  # type: ignore[misc]  # flask_wtf brings no types
    """Whether a chat that is ahead is called off when a walk rests; it stays unless that is ticked."""

    cancel = BooleanField(later("Cancel it"))


class EndForm(FlaskForm):  # type: ignore[misc]
    """How much time an ending takes."""

    taper = RadioField(
        later("How would you like it to end?"),
        choices=[(taper.value, later(TAPER_WORDS[taper])) for taper in Taper],
        validators=[InputRequired(later("Choose what fits best. It can be taken back until the last day."))],
    )


class KeepsakeForm(FlaskForm):  # type: ignore[misc]
    """One's own lines for both; `seen` is when they were last written, as the page showed it."""

    seen = HiddenField()
    words = TextAreaField(
        later("Your lines"),
        validators=[Length(max=LONGEST_KEEPSAKE, message=later("Please keep it under 4000 characters."))],
    )
