"""How a peer's own calendar stands, in words: when it was read, what is in the way, and what to do."""

from datetime import datetime

from babel.dates import format_timedelta
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from portal.domain.slots.calendars import Entry, Trouble, heard_from
from portal.queries.busy_calendars import OwnCalendar
from portal.web.slots.words import date_words, list_words

A_MOMENT_SECONDS = 60


def calendar_name(name: str) -> str:
    """Return what the peer calls it, or a plain word for it."""
    return name or str(_("My calendar"))


def calendars_words(held: int, troubled: int) -> str:
    """Return "2 calendars, 1 needs a look", or nothing where there is none."""
    if not held:
        return ""
    words = ngettext("%(num)s calendar", "%(num)s calendars", held)
    if troubled:
        words += ", " + ngettext("%(num)s needs a look", "%(num)s need a look", troubled)
    return str(words)


def ago_words(at: datetime, now: datetime) -> str:
    """Return "12 minutes ago" or "a moment ago"."""
    if (now - at).total_seconds() < A_MOMENT_SECONDS:
        return str(_("a moment ago"))
    return str(format_timedelta(at - now, add_direction=True, threshold=1.2, locale=get_locale() or "en"))


def read_words(calendar: OwnCalendar, now: datetime) -> str:
    """Return when it was last read, and how much lies ahead."""
    if calendar.read_at is None:
        return "" if calendar.tried_at is not None else str(_("Waits to be read. This takes a minute or two."))
    ago = ago_words(calendar.read_at, now)
    first = _("Read %(ago)s.", ago=ago) if calendar.by_address else _("From a file, read %(ago)s.", ago=ago)
    return f"{first} {ahead_words(calendar)}"


def ahead_words(calendar: OwnCalendar) -> str:
    """Return how many busy times lie ahead."""
    if not calendar.ahead:
        return str(_("Nothing in it lies ahead."))
    return str(ngettext("%(num)s busy time lies ahead.", "%(num)s busy times lie ahead.", calendar.ahead))


def trouble_words(calendar: OwnCalendar) -> list[str]:
    """Return what is in the way, and what to do about it; nothing where all is well."""
    if calendar.trouble is None:
        return []
    if calendar.trouble is Trouble.SOME:
        return _some_words(calendar)
    lines = [_(calendar.trouble.sentence)]
    if calendar.read_at is not None:
        lines.append(_("What was busy when it was last read stays closed. What is new since then is not known here."))
    else:
        lines.append(_("Until it is read, it closes none of your times."))
    return [str(line) for line in lines]


def _some_words(calendar: OwnCalendar) -> list[str]:
    count, shown = heard_from(calendar.trouble_detail or "0")
    named = [_entry_words(entry) for entry in shown]
    if count > len(shown):
        named.append(str(ngettext("%(num)s more", "%(num)s more", count - len(shown))))
    return [
        str(line)
        for line in (
            ngettext(
                "An entry could not be read: %(entries)s.",
                "Some entries could not be read: %(entries)s.",
                count,
                entries=list_words(named),
            ),
            _("Please look at it in your calendar: it may repeat very often, or end before it begins."),
            _("All else is taken over, and what was busy before stays closed. To be sure of that time, take it off."),
        )
    ]


def _entry_words(entry: Entry) -> str:
    if entry.day is None:
        return str(_("entry %(place)s of the file", place=entry.place))
    year = entry.day.year
    return str(_("the one that begins on %(day)s %(year)s", day=date_words(entry.day), year=year))
