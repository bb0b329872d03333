"""The parts that every page with a week shares: its days in words, the form that adds to it, what was done."""

from collections.abc import Iterable

from flask_babel import gettext as _

from portal.domain.account import Actor
from portal.domain.experience import Format
from portal.domain.slots import ChatWishes, Window, opens_nothing
from portal.queries import own_hours as own_queries
from portal.services import slots as slots_services
from portal.web.slots.forms import HoursForm
from portal.web.slots.words import (
    list_words,
    way_choices,
    weekday_choices,
    weekday_words,
    window_words,
)

# The hours most peers begin with, so that the first form is often days and one tap.
EVENING = (18 * 60, 21 * 60)


def hours_form(actor: Actor, *, fresh: bool = False) -> HoursForm:
    """Return the form that adds a window; `fresh` has nothing of what was sent in it."""
    times = {"starts": EVENING[0], "ends": EVENING[1]}
    form = HoursForm(formdata=None, **times) if fresh else HoursForm(**times)
    form.days.choices = weekday_choices()
    form.ways.choices = way_choices(own_queries.own_ways(actor.id))
    return form


def own_days(actor: Actor, season_id: int | None = None) -> list[dict[str, object]]:
    """Return the days of a week that have hours, each with its windows in words."""
    return [
        {
            "weekday": weekday,
            "name": weekday_words(weekday),
            "windows": [{"id": row.id, "words": window_words(own_queries.window_in(row))} for row in rows],
        }
        for weekday, rows in own_queries.weekly_of(actor.id, season_id).items()
    ]


def days_without(days: Iterable[dict[str, object]]) -> str:
    """Return "Friday, Saturday and Sunday", the days without hours; nothing where all or none have some."""
    held = {day["weekday"] for day in days}
    return list_words([words for weekday, words in weekday_choices() if weekday not in held]) if held else ""


def chosen_ways(form: HoursForm) -> tuple[Format, ...]:
    """Return the ticked ways to meet."""
    return tuple(Format(way) for way in form.ways.data or ())


def added_words(actor: Actor, form: HoursForm, season_id: int | None = None) -> str:
    """Say what was added where, what it met, and kindly whether it is too short for a chat."""
    days = sorted(form.days.data or ())
    window = slots_services.window_for(actor.id, form.starts.data, form.ends.data, chosen_ways(form))
    held = own_queries.weekly_of(actor.id, season_id)
    joined = [day for day in days if all(own_queries.window_in(row) != window for row in held[day])]
    where = list_words([weekday_words(day) for day in days])
    parts = [_("Added: %(window)s on %(days)s.", window=window_words(window), days=where)]
    if joined:
        days_joined = list_words([weekday_words(day) for day in joined])
        parts.append(_("On %(days)s it met hours you had, so they are one now.", days=days_joined))
    parts.append(too_short_words(actor.id, [own_queries.window_in(row) for day in days for row in held[day]]))
    return " ".join(str(part) for part in parts if part)


def too_short_words(peer_id: int, windows: Iterable[Window]) -> str:
    """Say kindly that hours shorter than one chat open nothing yet, where there are such; else nothing."""
    minutes = (own_queries.wishes_of(peer_id) or ChatWishes()).length_minutes
    if not any(opens_nothing(window, minutes) for window in windows):
        return ""
    return str(_("Your chats take %(minutes)d minutes, so hours shorter than that open nothing yet.", minutes=minutes))
