"""A peer's usual week as a list of days: windows are added to ticked days in one go, and taken away one by one."""

from flask import Response, flash, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from portal import clock
from portal.domain.account import Actor
from portal.domain.errors import BadInput
from portal.domain.slots import ChatWishes, days_of_span, local_date, next_clock_change
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
from portal.web.slots.seasons import changed_season, own_season_id
from portal.web.slots.stays import stays_words, when_there
from portal.web.slots.weeks import added_words, chosen_ways, days_without, hours_form, own_days
from portal.web.slots.wish_words import wishes_words
from portal.web.slots.words import date_words, days_words, short_weekdays
from portal.web.times import zone_words

NEXT_SHOWN = 3


@blueprint.get("/times")
@peer
def week() -> Response:
    """Show the week, what is open next, and the way to everything else about times."""
    actor = me()
    return _page(actor, hours_form(actor))


@blueprint.post("/times/hours")
@peer
def add() -> Response:
    """Add one window to every ticked day."""
    actor, form = me(), hours_form(me())
    if not form.validate_on_submit():
        return _page(actor, form, status=422)
    starts, ends, days = form.starts.data, form.ends.data, sorted(form.days.data or ())
    key, ways = form.request_key.data or "", chosen_ways(form)
    try:
        slots_services.add_weekly(actor.id, days, starts, ends, ways=ways, key=key, now=clock.now())
    except BadInput as error:
        blame(form, error)
        return _page(actor, form, status=422)
    return _changed(actor, added_words(actor, form))


@blueprint.post("/times/hours/<int:window_id>/remove")
@peer
def remove(window_id: int) -> Response:
    """Take one window away, of the usual week or of a season's."""
    actor = me()
    season_id = own_season_id(actor, request.form.get("season", ""))
    slots_services.remove_weekly(actor.id, window_id, key=request.form.get("request_key", ""), now=clock.now())
    done = _("Taken away. Chats that are booked stay booked.")
    return _changed(actor, done) if season_id is None else changed_season(actor, season_id, done)


def _changed(actor: Actor, done: str) -> Response:
    if not wants_fragment():
        flash(done, "well")
        return go(url_for("slots.week"))
    return _page(actor, hours_form(actor, fresh=True), done=done)


def _page(actor: Actor, form: HoursForm, *, done: str = "", status: int = 200) -> Response:
    now = clock.now()
    today = local_date(now, actor.zone)
    changes = next_clock_change(today, actor.zone)
    days = own_days(actor)
    return page_or_fragment(
        "slots/week.html",
        "slots/_week.html",
        status,
        form=form,
        done=done,
        days=days,
        season=None,
        add_url=url_for("slots.add"),
        short=short_weekdays(),
        without=days_without(days),
        zone=zone_words(actor.zone),
        stays=stays_words(actor, today),
        clocks_change=date_words(changes) if changes is not None else "",
        openings=_openings(actor),
        different=_different(actor),
        chats=_chats(actor),
    )


def _openings(actor: Actor) -> list[str]:
    if own_queries.wishes_of(actor.id) is None:
        return []
    free = slots_queries.free_time(actor.id, None, clock.now())
    return [when_there(free.hours, slot.starts_at, actor.zone) for slot in free.slots[:NEXT_SHOWN]]


def _different(actor: Actor) -> list[tuple[str, str, str]]:
    """What holds instead of the usual week now and then: what it is, how it stands, and where it is changed."""
    now = clock.now()
    today = local_date(now, actor.zone)
    dates = len(own_queries.other_hours_of(actor.id, today))
    away = [days_of_span((row.starts_at, row.ends_at), actor.zone) for row in own_queries.time_off_ahead(actor.id, now)]
    seasons = [(row.first_day, row.last_day) for row in own_queries.seasons_ahead(actor.id, today)]
    none = _("None")
    return [
        (
            _("Other hours on some days"),
            ngettext("%(num)s day", "%(num)s days", dates) if dates else none,
            url_for("slots.dates"),
        ),
        (_("Time off"), "; ".join(days_words(*days) for days in away) or none, url_for("slots.away")),
        (
            _("Your own calendars"),
            calendars_words(*calendar_queries.calendars_and_troubles(actor.id)) or none,
            url_for("slots.calendars"),
        ),
        (_("Public holidays"), _("We can suggest them"), url_for("slots.holidays")),
        (_("Seasons"), "; ".join(days_words(*days) for days in seasons) or none, url_for("slots.seasons")),
        (_("Travelling"), "; ".join(stays_words(actor, today)) or none, url_for("slots.travel")),
    ]


def _chats(actor: Actor) -> list[tuple[str, str, str]]:
    wishes = own_queries.wishes_of(actor.id) or ChatWishes()
    places = [row.name for row in own_queries.places_of(actor.id)]
    return [
        (_("Your chats"), ". ".join(wishes_words(wishes)) + ".", url_for("slots.chats")),
        (_("Places to meet"), "; ".join(places) or _("None"), url_for("slots.places")),
    ]
