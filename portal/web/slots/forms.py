"""The forms about a peer's times; what they check beyond shape is said by the verbs."""

from collections.abc import Mapping
from typing import ClassVar

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired

from portal.web.slots.fields import ClockField, DayField

NO_START = _l("Please choose when it begins.")
NO_END = _l("Please choose when it ends.")
NO_DAY = _l("Please choose a day.")
NO_DAYS = _l("Please choose at least one day.")
NO_PLACE = _l("Please choose the place you will be in.")


class AlwaysThere:
    """Marks a question that has an answer from the start, so that it is not called optional; checks nothing."""

    field_flags: ClassVar[Mapping[str, bool]] = {"required": True}

    def __call__(self, _form: object, _field: object) -> None:
        """Let everything pass."""


THERE = [AlwaysThere()]


class HoursForm(FlaskForm):  # type: ignore[misc]
    """One window for some days of every week, and the ways to meet it is open for; none ticked is every way."""

    request_key = HiddenField()
    days = SelectMultipleField(_l("On these days"), coerce=int, validators=[InputRequired(NO_DAYS)])
    starts = ClockField(_l("From"), validators=[InputRequired(NO_START)])
    ends = ClockField(_l("Until"), validators=[InputRequired(NO_END)])
    ways = SelectMultipleField(_l("Open for"))


class CopyForm(FlaskForm):  # type: ignore[misc]
    """The days that shall be like this one."""

    request_key = HiddenField()
    days = SelectMultipleField(_l("To these days"), coerce=int, validators=[InputRequired(NO_DAYS)])


class DatesForm(FlaskForm):  # type: ignore[misc]
    """One window on a date or on each day of a range; no weekday ticked is all of them."""

    request_key = HiddenField()
    first = DayField(_l("Day, or first day"), validators=[InputRequired(NO_DAY)])
    last = DayField(_l("Last day"))
    starts = ClockField(_l("From"), validators=[InputRequired(NO_START)])
    ends = ClockField(_l("Until"), validators=[InputRequired(NO_END)])
    days = SelectMultipleField(_l("Only on these days of the week"), coerce=int)
    ways = SelectMultipleField(_l("Open for"))


class AwayForm(FlaskForm):  # type: ignore[misc]
    """Whole days away."""

    request_key = HiddenField()
    first = DayField(_l("First day away"), validators=[InputRequired(NO_DAY)])
    last = DayField(_l("Last day away"), validators=[InputRequired(NO_DAY)])


class HolidaysForm(FlaskForm):  # type: ignore[misc]
    """Which public holidays to take off."""

    request_key = HiddenField()
    days = SelectMultipleField(_l("Take these days off"))


class SeasonForm(FlaskForm):  # type: ignore[misc]
    """Days with a week of their own."""

    request_key = HiddenField()
    first = DayField(_l("First day"), validators=[InputRequired(NO_DAY)])
    last = DayField(_l("Last day"), validators=[InputRequired(NO_DAY)])
    empty = BooleanField(_l("Begin with an empty week"))


class SeasonDaysForm(FlaskForm):  # type: ignore[misc]
    """Other days for a season that has its week."""

    request_key = HiddenField()
    first = DayField(_l("First day"), validators=[InputRequired(NO_DAY)])
    last = DayField(_l("Last day"), validators=[InputRequired(NO_DAY)])


class TravelForm(FlaskForm):  # type: ignore[misc]
    """Days by another clock."""

    request_key = HiddenField()
    first = DayField(_l("First day there"), validators=[InputRequired(NO_DAY)])
    last = DayField(_l("Last day there"), validators=[InputRequired(NO_DAY)])
    zone = SelectField(_l("Where will you be?"), validators=[InputRequired(NO_PLACE)])


class PlaceForm(FlaskForm):  # type: ignore[misc]
    """A public place to meet at."""

    request_key = HiddenField()
    name = StringField(
        _l("What is it called?"), validators=[InputRequired(_l("Please write what the place is called."))]
    )
    address = StringField(_l("Where is it?"))
    public = BooleanField(_l("It is a public place"))


class SeenForm(FlaskForm):  # type: ignore[misc]
    """Whose clock, which way to meet, how long; and a day, perhaps with a time, to look at closely."""

    zone = SelectField(_l("By the clock of"), validators=THERE)
    way = SelectField(_l("How they would meet you"), validators=THERE)
    minutes = SelectField(_l("How long"), coerce=int, validators=THERE)
    day = DayField(_l("Day"), validators=THERE)
    at = ClockField(_l("Time"))


class ChatsForm(FlaskForm):  # type: ignore[misc]
    """How hours are cut into chats; the names are those of ChatWishes."""

    request_key = HiddenField()
    length_minutes = SelectField(_l("How long is a chat?"), coerce=int, validators=THERE)
    rest_before_minutes = SelectField(_l("Rest before"), coerce=int, validators=THERE)
    rest_after_minutes = SelectField(_l("Rest after"), coerce=int, validators=THERE)
    notice_hours = SelectField(_l("How long before may somebody book?"), coerce=int, validators=THERE)
    says_yes_first = BooleanField(_l("I would like to say yes to each chat first"))
    other_lengths = SelectMultipleField(_l("Other lengths a member may choose"), coerce=int)
    step_minutes = SelectField(_l("How often may a chat start?"), coerce=int, validators=THERE)
    horizon_days = SelectField(_l("How far ahead may somebody book?"), coerce=int, validators=THERE)
    cap_per_day = SelectField(_l("Chats a day"), coerce=int, validators=THERE)
    cap_per_week = SelectField(_l("Chats a week"), coerce=int, validators=THERE)
    cap_minutes_per_day = SelectField(_l("Time a day"), coerce=int, validators=THERE)
    cap_minutes_per_week = SelectField(_l("Time a week"), coerce=int, validators=THERE)
