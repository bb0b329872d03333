"""Hours, days and ways to meet in words."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, time
from itertools import groupby

from babel.dates import format_date, format_time, get_day_names
from babel.lists import format_list
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from portal.domain.experience import Format
from portal.domain.slots import Slot, Window, local_date
from portal.domain.words import N_
from portal.web.times import clock_words

HOUR = 60
DAY = 24 * HOUR
NOON = 12 * HOUR
WEEK_DAYS = 7

# Ways to meet within a sentence.
WAYS: Mapping[Format, str] = {
    Format.COFFEE: N_("coffee in public"),
    Format.WALK: N_("a walk"),
    Format.PHONE: N_("phone"),
    Format.VIDEO: N_("video"),
    Format.TEXT: N_("text"),
}


def weekday_words(weekday: int) -> str:
    """Return "Monday" for 0."""
    return str(get_day_names("wide", "stand-alone", locale=get_locale() or "en")[weekday])


def short_weekdays() -> list[str]:
    """Return "Mon" to "Sun", for places as narrow as half a phone."""
    names = get_day_names("abbreviated", "stand-alone", locale=get_locale() or "en")
    return [str(names[weekday]) for weekday in range(WEEK_DAYS)]


def weekday_choices() -> list[tuple[int, str]]:
    """Return every day of a week."""
    return [(weekday, weekday_words(weekday)) for weekday in range(WEEK_DAYS)]


def wall_words(minutes: int) -> str:
    """Return "6 pm", "6:30 pm", "noon" or "midnight" for minutes after midnight."""
    if minutes % DAY in (0, NOON):
        return str(_("noon") if minutes % DAY else _("midnight"))
    shape = "h:mm a" if minutes % HOUR else "h a"
    words = format_time(time(minutes % DAY // HOUR, minutes % HOUR), shape, locale=get_locale() or "en")
    return words.replace("AM", "am").replace("PM", "pm")


def hours_words(starts: int, ends: int) -> str:
    """Return "6 pm to 9 pm"; says when the end is the next day's."""
    if (starts, ends) == (0, DAY):
        return str(_("the whole day"))
    if ends > DAY:
        return str(_("%(start)s to %(end)s the next day", start=wall_words(starts), end=wall_words(ends)))
    return str(_("%(start)s to %(end)s", start=wall_words(starts), end=wall_words(ends)))


def window_words(window: Window) -> str:
    """Return "6 pm to 9 pm", or "6 pm to 9 pm, phone and video only"."""
    hours = hours_words(window.starts, window.ends)
    if not window.formats:
        return hours
    return str(_("%(hours)s, %(ways)s only", hours=hours, ways=ways_words(window.formats)))


def windows_words(windows: Iterable[Window]) -> str:
    """Return the windows of one day as one line."""
    each = list(windows)
    said = [window_words(window) for window in each]
    # With ways to meet in them, commas already part the words.
    return "; ".join(said) if any(window.formats for window in each) else list_words(said)


def ways_words(ways: Collection[Format]) -> str:
    """Return "phone and video"."""
    return list_words([_(WAYS[way]) for way in Format if way in ways])


def way_choices(ways: Iterable[Format]) -> list[tuple[str, str]]:
    """Return ways to meet as choices."""
    return [(way.value, _(WAYS[way]).capitalize()) for way in ways]


def date_words(day: date) -> str:
    """Return "Tuesday 4 March"."""
    return str(format_date(day, "EEEE d MMMM", locale=get_locale() or "en"))


def days_words(first: date, last: date) -> str:
    """Return "Tuesday 4 March" or "Tuesday 4 March to Friday 7 March"."""
    if first == last:
        return date_words(first)
    return str(_("%(first)s to %(last)s", first=date_words(first), last=date_words(last)))


def list_words(parts: Sequence[str]) -> str:
    """Return "Monday, Tuesday and Friday"."""
    return format_list(list(parts), locale=get_locale() or "en").replace(", and ", " and ")


def times_by_day(slots: Iterable[Slot], zone: str) -> list[dict[str, object]]:
    """Return the slots' starts as one line for each date of this zone, each time kept whole where the line breaks."""
    return [
        {
            "day": day,
            "label": date_words(day),
            "value": ", ".join(clock_words(slot.starts_at, zone).replace(" ", "\N{NO-BREAK SPACE}") for slot in of_day),
        }
        for day, of_day in groupby(slots, key=lambda slot: local_date(slot.starts_at, zone))
    ]


def minutes_words(minutes: int) -> str:
    """Return "15 minutes"; whole hours from two on are said as hours."""
    if minutes >= 2 * HOUR and minutes % HOUR == 0:
        return str(ngettext("%(num)s hour", "%(num)s hours", minutes // HOUR))
    return str(ngettext("%(num)s minute", "%(num)s minutes", minutes))


Say = Callable[[int], str]
