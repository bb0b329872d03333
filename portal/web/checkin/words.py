"""Rhythms, silence and a check-in's standing in words."""

from babel.lists import format_list
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from portal.domain.checkin import CheckInState, Rhythm
from portal.queries.checkin import CheckInView
from portal.web.slots.words import WEEK_DAYS, wall_words, weekday_words
from portal.web.times import date_words, when_words


def rhythm_words(rhythm: Rhythm) -> str:
    """Return "Monday and Thursday at 9 am, until Monday 27 April"."""
    days = (
        _("Every day")
        if len(rhythm.weekdays) == WEEK_DAYS
        else format_list([weekday_words(day) for day in sorted(rhythm.weekdays)], locale=get_locale() or "en")
    )
    clock, day = wall_words(rhythm.at_minute), date_words(rhythm.last_day)
    return str(_("%(days)s at %(clock)s, until %(day)s", days=days, clock=clock, day=day))


def weeks_words(weeks: int) -> str:
    """Return "4 weeks"; half a year for as long as it can be."""
    return str(_("half a year") if weeks == HALF_A_YEAR else ngettext("%(num)d week", "%(num)d weeks", weeks))


HALF_A_YEAR = 26


def silence_words(days: int | None) -> str:
    """Return "after 3 days", "after two weeks" or "never"."""
    if days is None:
        return str(_("Never"))
    if days % WEEK_DAYS == 0:
        return str(ngettext("After %(num)d week", "After %(num)d weeks", days // WEEK_DAYS))
    return str(ngettext("After %(num)d day", "After %(num)d days", days))


def standing_words(check_in: CheckInView, name: str, zone: str) -> str:
    """Return where a check-in stands: when the next one comes, on hold, or over. `name` is the peer's, empty for the
    peer themselves."""
    if check_in.state is CheckInState.OVER or check_in.next_at is None:
        return str(_("It is over. Nothing comes by itself any more."))
    if check_in.state is CheckInState.HELD and check_in.held_until is not None:
        day = date_words(check_in.held_until)
        if name:
            return str(_("%(name)s lets it rest for a while. It goes on from %(day)s.", name=name, day=day))
        return str(_("You let it rest. It goes on from %(day)s.", day=day))
    return str(_("The next one: %(when)s.", when=when_words(check_in.next_at, zone)))
