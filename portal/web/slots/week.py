"""A peer's week as a list of days: windows are added to ticked days in one go, and taken away one by one."""

from collections.abc import Iterable

from flask import Response, flash, url_for
from flask_babel import gettext as _

from portal import clock
from portal.domain.account import Actor
from portal.domain.errors import BadInput
from portal.domain.slots import (
    ChatWishes,
    Window,
    days_of_span,
    local_date,
    next_clock_change,
    opens_nothing,
    window_between,
)
from portal.queries import busy_calendars as calendar_queries
from portal.queries import own_hours as own_queries
from portal.queries import slots as slots_queries
from portal.services import slots as slots_services
from portal.web.access import me
from portal.web.account.forms import blame
from portal.web.doors import peer
from portal.web.htmx import go, page_or_fragment, wants_fragment
from portal.web.slots.blueprint import blueprint
from portal.web.slots.calendar_words import calendars_words
from portal.web.slots.forms import HoursForm
from portal.web.slots.words import (
    date_words,
    days_words,
    list_words,
    short_weekdays,
    weekday_choices,
    weekday_words,
    window_words,
    wishes_words,
)
from portal.web.times import when_words, zone_words

NEXT_SHOWN = 3
# The hours most peers begin with, so that the first form is often days and one tap.
EVENING = (18 * 60, 21 * 60)


@blueprint.get("/times")
@peer
def week() -> Response:
    """Show the week, what is open next, and the way to everything else about times."""
    return _page(me(), _form())


@blueprint.post("/times/hours")
@peer
def add() -> Response:
    """Add one window to every ticked day."""
    actor, form = me(), _form()
    if not form.validate_on_submit():
        return _page(actor, form, status=422)
    starts, ends, days = form.starts.data, form.ends.data, sorted(form.days.data or ())
    try:
        slots_services.add_weekly(actor.id, days, starts, ends, key=form.request_key.data or "", now=clock.now())
    except BadInput as error:
        blame(form, error)
        return _page(actor, form, status=422)
    return _changed(actor, _added_words(actor, days, starts, ends))


@blueprint.post("/times/hours/<int:window_id>/remove")
@peer
def remove(window_id: int) -> Response:
    """Take one window away."""
    actor, form = me(), _form()
    slots_services.remove_weekly(actor.id, window_id, key=form.request_key.data or "", now=clock.now())
    return _changed(actor, _("Taken away. Chats that are booked stay booked."))


def own_days(actor: Actor) -> list[dict[str, object]]:
    """Return the days that have hours, each with its windows in words."""
    return [
        {
            "weekday": weekday,
            "name": weekday_words(weekday),
            "windows": [{"id": row.id, "words": window_words(row.starts, row.ends)} for row in rows],
        }
        for weekday, rows in own_queries.weekly_of(actor.id).items()
    ]


def _form() -> HoursForm:
    form = HoursForm(starts=EVENING[0], ends=EVENING[1])
    form.days.choices = weekday_choices()
    return form


def _changed(actor: Actor, done: str) -> Response:
    if not wants_fragment():
        flash(done, "well")
        return go(url_for("slots.week"))
    form = HoursForm(formdata=None, starts=EVENING[0], ends=EVENING[1])
    form.days.choices = weekday_choices()
    return _page(actor, form, done=done)


def _page(actor: Actor, form: HoursForm, *, done: str = "", status: int = 200) -> Response:
    now = clock.now()
    today = local_date(now, actor.zone)
    changes = next_clock_change(today, actor.zone)
    days = own_days(actor)
    with_hours = {day["weekday"] for day in days}
    without = [words for weekday, words in weekday_choices() if weekday not in with_hours]
    wishes = own_queries.wishes_of(actor.id)
    openings = slots_queries.open_times(actor.id, None, now)[:NEXT_SHOWN] if wishes is not None else ()
    away = [days_of_span((row.starts_at, row.ends_at), actor.zone) for row in own_queries.time_off_ahead(actor.id, now)]
    return page_or_fragment(
        "slots/week.html",
        "slots/_week.html",
        status,
        form=form,
        done=done,
        days=days,
        short=short_weekdays(),
        without=list_words(without) if days and without else "",
        zone=zone_words(actor.zone),
        clocks_change=date_words(changes) if changes is not None else "",
        openings=[when_words(slot.starts_at, actor.zone) for slot in openings],
        dates=len(own_queries.other_hours_of(actor.id, today)),
        away=[days_words(first, last) for first, last in away],
        wishes=wishes_words(wishes or ChatWishes()),
        calendars=calendars_words(*calendar_queries.calendars_and_troubles(actor.id)),
    )


def _added_words(actor: Actor, days: list[int], starts: int, ends: int) -> str:
    window = window_between(starts, ends)
    held = own_queries.weekly_of(actor.id)
    joined = [day for day in days if all((row.starts, row.ends) != (window.starts, window.ends) for row in held[day])]
    where = list_words([weekday_words(day) for day in days])
    parts = [_("Added: %(window)s on %(days)s.", window=window_words(window.starts, window.ends), days=where)]
    if joined:
        parts.append(
            _(
                "On %(days)s it met hours you had, so they are one now.",
                days=list_words([weekday_words(day) for day in joined]),
            )
        )
    parts.append(too_short_words(actor.id, [Window(row.starts, row.ends) for day in days for row in held[day]]))
    return " ".join(str(part) for part in parts if part)


def too_short_words(peer_id: int, windows: Iterable[Window]) -> str:
    """Say kindly that hours shorter than one chat open nothing yet, where there are such; else nothing."""
    minutes = (own_queries.wishes_of(peer_id) or ChatWishes()).length_minutes
    if not any(opens_nothing(window, minutes) for window in windows):
        return ""
    return str(_("Your chats take %(minutes)d minutes, so hours shorter than that open nothing yet.", minutes=minutes))
