"""Hours, days and wishes in words."""

from collections.abc import Callable, Sequence
from datetime import date, time

from babel.dates import format_date, format_time, get_day_names
from babel.lists import format_list
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from portal.domain.slots import CHOICES, ChatWishes

HOUR = 60
DAY = 24 * HOUR
NOON = 12 * HOUR
WEEK_DAYS = 7


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


def window_words(starts: int, ends: int) -> str:
    """Return "6 pm to 9 pm"; says when the end is the next day's."""
    if (starts, ends) == (0, DAY):
        return str(_("the whole day"))
    if ends > DAY:
        return str(_("%(start)s to %(end)s the next day", start=wall_words(starts), end=wall_words(ends)))
    return str(_("%(start)s to %(end)s", start=wall_words(starts), end=wall_words(ends)))


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


def minutes_words(minutes: int) -> str:
    """Return "15 minutes"."""
    return str(ngettext("%(num)s minute", "%(num)s minutes", minutes))


def notice_words(hours: int) -> str:
    """Return "12 hours" or "2 days"."""
    if hours >= 24 and hours % 24 == 0:
        return str(ngettext("%(num)s day", "%(num)s days", hours // 24))
    return str(ngettext("%(num)s hour", "%(num)s hours", hours))


def ahead_words(days: int) -> str:
    """Return "3 weeks" or "60 days"."""
    if days % WEEK_DAYS == 0:
        return str(ngettext("%(num)s week", "%(num)s weeks", days // WEEK_DAYS))
    return str(ngettext("%(num)s day", "%(num)s days", days))


def wishes_words(wishes: ChatWishes) -> list[str]:
    """Return each wish as a short line."""
    rest = max(wishes.rest_before_minutes, wishes.rest_after_minutes)
    lines = [
        _("Chats of %(length)s", length=minutes_words(wishes.length_minutes)),
        _("%(rest)s of rest between two", rest=minutes_words(rest)) if rest else _("No rest between two"),
        _("Booked at least %(notice)s before", notice=notice_words(wishes.notice_hours)),
        _("At most %(ahead)s ahead", ahead=ahead_words(wishes.horizon_days)),
    ]
    if wishes.cap_per_day:
        lines.append(ngettext("At most %(num)s chat a day", "At most %(num)s chats a day", wishes.cap_per_day))
    return [str(line) for line in lines]


def wish_choices(wishes: ChatWishes) -> dict[str, list[tuple[int, str]]]:
    """Return what may be chosen for each wish, what stands now always in it; 0 is no limit for the cap."""
    words: dict[str, Callable[[int], str]] = {
        "length_minutes": minutes_words,
        "rest_before_minutes": lambda minutes: minutes_words(minutes) if minutes else str(_("No rest")),
        "rest_after_minutes": lambda minutes: minutes_words(minutes) if minutes else str(_("No rest")),
        "notice_hours": lambda hours: str(_("%(notice)s before", notice=notice_words(hours))),
        "horizon_days": lambda days: str(_("%(ahead)s ahead", ahead=ahead_words(days))),
        "cap_per_day": lambda chats: str(chats) if chats else str(_("As many as fit")),
    }
    return {
        field: [(each, say(each)) for each in sorted({each or 0 for each in (*CHOICES[field], getattr(wishes, field))})]
        for field, say in words.items()
    }
