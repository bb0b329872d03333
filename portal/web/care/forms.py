"""What a coordinator writes: a reason the member can read, and whom to offer instead."""

from flask_babel import lazy_gettext as later
from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

REASON_LENGTH = 500
NEEDED = InputRequired(later("Write a line that the member can read."))
SHORT = Length(max=REASON_LENGTH, message=later("Please keep it under 500 letters."))


class HoldForm(FlaskForm):  # type: ignore[misc]  # flask_wtf brings no types
    """Why a little more time is good."""

    reason = TextAreaField(later("What the member reads"), validators=[NEEDED, SHORT])


class ReleaseForm(FlaskForm):  # type: ignore[misc]
    """Taking a walk up again; words are welcome and not needed."""

    reason = TextAreaField(later("What the member reads"), validators=[SHORT])


class SwapForm(FlaskForm):  # type: ignore[misc]
    """Whom to offer instead of the first, and why."""

    to_peer = RadioField(
        later("Offer instead"), coerce=int, validators=[InputRequired(later("Choose whom to offer instead."))]
    )
    reason = TextAreaField(later("What the member reads"), validators=[NEEDED, SHORT])
