"""The forms about a peer's times; what they check beyond shape is said by the verbs."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired

from portal.web.slots.fields import ClockField, DayField

NO_START = _l("Please choose when it begins.")
NO_END = _l("Please choose when it ends.")
NO_DAY = _l("Please choose a day.")


class ClockForm(FlaskForm):  # type: ignore[misc]
    """From when until when."""

    request_key = HiddenField()
    starts = ClockField(_l("From"), validators=[InputRequired(NO_START)])
    ends = ClockField(_l("Until"), validators=[InputRequired(NO_END)])


class HoursForm(ClockForm):
    """One window for some days of every week."""

    days = SelectMultipleField(
        _l("On these days"), coerce=int, validators=[InputRequired(_l("Please choose at least one day."))]
    )


class CopyForm(FlaskForm):  # type: ignore[misc]
    """The days that shall be like this one."""

    request_key = HiddenField()
    days = SelectMultipleField(
        _l("To these days"), coerce=int, validators=[InputRequired(_l("Please choose at least one day."))]
    )


class DateForm(ClockForm):
    """One window on one date."""

    day = DayField(_l("Day"), validators=[InputRequired(NO_DAY)])


class AwayForm(FlaskForm):  # type: ignore[misc]
    """Whole days away."""

    request_key = HiddenField()
    first = DayField(_l("First day away"), validators=[InputRequired(NO_DAY)])
    last = DayField(_l("Last day away"), validators=[InputRequired(NO_DAY)])


class AskForm(FlaskForm):  # type: ignore[misc]
    """One time to ask about."""

    day = DayField(_l("Day"), validators=[InputRequired(NO_DAY)])
    at = ClockField(_l("Time"), validators=[InputRequired(_l("Please choose a time."))])


class ChatsForm(FlaskForm):  # type: ignore[misc]
    """How hours are cut into chats; the names are those of ChatWishes."""

    request_key = HiddenField()
    length_minutes = RadioField(_l("How long is a chat?"), coerce=int, validators=[InputRequired()])
    rest_before_minutes = SelectField(_l("Rest before a chat"), coerce=int, validators=[InputRequired()])
    rest_after_minutes = SelectField(_l("Rest after a chat"), coerce=int, validators=[InputRequired()])
    notice_hours = SelectField(_l("How long before may somebody book?"), coerce=int, validators=[InputRequired()])
    horizon_days = SelectField(_l("How far ahead may somebody book?"), coerce=int, validators=[InputRequired()])
    cap_per_day = SelectField(_l("How many chats a day are good for you?"), coerce=int, validators=[InputRequired()])
