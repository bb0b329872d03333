"""The forms of a thread and its check-in."""

from datetime import timedelta

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import InputRequired

from portal import clock
from portal.domain.checkin import SILENCE_DAYS, WEEKS, CheckInState, Wish
from portal.domain.checkin.rhythm import local_day
from portal.queries.checkin import CheckInView
from portal.web.checkin.words import silence_words, weeks_words
from portal.web.slots.fields import ClockField, DayField
from portal.web.slots.words import weekday_choices

NEVER = "never"
USUAL_DAYS, USUAL_CLOCK, USUAL_WEEKS = (0, 3), 9 * 60, 8


class LineForm(FlaskForm):  # type: ignore[misc]  # flask_wtf brings no types
    """A few lines for the other one."""

    words = TextAreaField(_l("A few lines"), validators=[InputRequired(_l("Write a few words first."))])


class RhythmForm(FlaskForm):  # type: ignore[misc]
    """On which days, at what time, for how long, and when silence may be spoken of."""

    days = SelectMultipleField(
        _l("On which days?"), coerce=int, validators=[InputRequired(_l("Choose at least one day."))]
    )
    at = ClockField(_l("At what time?"), validators=[InputRequired(_l("Choose a time of day."))])
    weeks = SelectField(_l("For how long?"), coerce=int, validators=[InputRequired(_l("Please choose one."))])
    silence = SelectField(_l("If nothing is heard from you"), validators=[InputRequired(_l("Please choose one."))])

    def wish(self) -> Wish:
        """Return what was asked for; BadInput for what cannot be."""
        silence = self.silence.data
        return Wish(
            frozenset(self.days.data or ()),
            self.at.data,
            self.weeks.data,
            None if silence == NEVER else int(silence),
        )


def rhythm_form(check_in: CheckInView | None) -> RhythmForm:
    """Return the form as the check-in stands or stood, so that setting it again drops nothing that was agreed on; as
    most like it where there was none."""
    silence = NEVER if check_in is None or check_in.silence_days is None else str(check_in.silence_days)
    running = check_in if check_in is not None and check_in.state is not CheckInState.OVER else None
    form = RhythmForm(
        days=sorted(check_in.rhythm.weekdays) if check_in is not None else list(USUAL_DAYS),
        at=check_in.rhythm.at_minute if check_in is not None else USUAL_CLOCK,
        weeks=_weeks_left(running) if running is not None else USUAL_WEEKS,
        silence=silence,
    )
    form.days.choices = weekday_choices()
    form.weeks.choices = [(weeks, weeks_words(weeks)) for weeks in WEEKS]
    form.silence.choices = [(NEVER, silence_words(None)), *((str(days), silence_words(days)) for days in SILENCE_DAYS)]
    return form


def _weeks_left(check_in: CheckInView) -> int:
    """Return the shortest choice that does not end before the check-in would."""
    today = local_day(clock.now(), check_in.zone)
    return next((weeks for weeks in WEEKS if today + timedelta(weeks=weeks) >= check_in.rhythm.last_day), WEEKS[-1])


class WordsForm(FlaskForm):  # type: ignore[misc]
    """What the peer would like to go out."""

    words = TextAreaField(_l("In your own words"))


class HoldForm(FlaskForm):  # type: ignore[misc]
    """From which day on it goes on."""

    until = DayField(_l("It goes on from"), validators=[InputRequired(_l("Please choose a day."))])
