"""Travelling: days by the clock of another place, with a look at what the hours become before it is set."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _

from portal import clock
from portal.domain.account import Actor
from portal.domain.errors import BadInput
from portal.domain.slots import Hours, Stay, local_date, span_of_days
from portal.queries import own_hours as own_queries
from portal.queries import slots as slots_queries
from portal.services import slots as slots_services
from portal.web.access import me
from portal.web.account.forms import blame
from portal.web.account.zones import zone_choices
from portal.web.doors import peer
from portal.web.htmx import go
from portal.web.slots.blueprint import blueprint
from portal.web.slots.forms import TravelForm
from portal.web.slots.preview import Preview, preview_of
from portal.web.slots.words import DAY, days_words, hours_words, weekday_words
from portal.web.times import zone_words

MOST_LINES = 7


@blueprint.get("/times/travel")
@peer
def travel() -> Response:
    """Show the travel ahead, and what more of it would make of the hours."""
    actor, now, asked = me(), clock.now(), "first" in request.args
    form = _form(request.args if asked else None)
    return _page(actor, form, now, preview=_preview(actor, form, now) if asked and form.validate() else None)


@blueprint.post("/times/travel")
@peer
def set_travel() -> Response:
    """Read the hours of these days by another clock."""
    actor, now, form = me(), clock.now(), _form()
    if not form.validate_on_submit():
        return _page(actor, form, now)
    first, last, zone, key = form.first.data, form.last.data, form.zone.data, form.request_key.data or ""
    try:
        slots_services.add_stay(actor.id, first, last, zone, key=key, now=now)
    except BadInput as error:
        blame(form, error)
        return _page(actor, form, now)
    flash(_("%(days)s: your hours go by %(zone)s.", days=days_words(first, last), zone=zone_words(zone)), "well")
    return go(url_for("slots.travel"))


@blueprint.post("/times/travel/<int:stay_id>/end")
@peer
def end_travel(stay_id: int) -> Response:
    """Take a stay away."""
    slots_services.end_stay(me().id, stay_id, key=request.form.get("request_key", ""), now=clock.now())
    flash(_("Taken away. Those days go by your clock at home again."), "well")
    return go(url_for("slots.travel"))


def _form(sent: Mapping[str, str] | None = None) -> TravelForm:
    form = TravelForm(formdata=sent, meta={"csrf": False}) if request.method == "GET" else TravelForm()
    form.zone.choices = zone_choices("")
    return form


def _preview(actor: Actor, form: TravelForm, now: datetime) -> Preview | None:
    first, last, zone = form.first.data, form.last.data, form.zone.data
    try:
        today = local_date(now, actor.zone)
        slots_services.check_stay(actor.id, first, last, zone, home=actor.zone, today=today)
    except BadInput as error:
        blame(form, error)
        return None
    stay = Stay(first, last, zone)

    def change(hours: Hours) -> Hours:
        return replace(hours, stays=(*hours.stays, stay))

    # The first evening there and the last one at home may lie on either clock.
    begins, ends = span_of_days(first, last, actor.zone)
    around = (begins - timedelta(days=1), ends + timedelta(days=1))
    fields = {"first": first.isoformat(), "last": last.isoformat(), "zone": zone}
    title = _("%(days)s: %(zone)s", days=days_words(first, last), zone=zone_words(zone))
    lines = _hours_at_home(actor, stay) if own_queries.wishes_of(actor.id) is not None else []
    return preview_of(actor, title, change, [around], fields, now, lines=lines)


def _hours_at_home(actor: Actor, stay: Stay) -> list[str]:
    """Return what each day's hours there are at home, once for days of one kind: at most a week of lines."""
    hours, _policy = slots_queries.hours_and_policy(actor.id)
    said: dict[str, None] = {}
    for day in (stay.first + timedelta(days=each) for each in range((stay.last - stay.first).days + 1)):
        for window in hours.windows_on(day):
            starts, ends = (_at_home(day, minutes, stay.zone, actor.zone) for minutes in (window.starts, window.ends))
            there = hours_words(window.starts, window.ends)
            said.setdefault(_line(day, there, starts, ends))
    return list(said)[:MOST_LINES]


def _at_home(day: date, minutes: int, there: str, home: str) -> int:
    """Return a wall time there as minutes after the midnight of the same date at home; negative is the day before."""
    at = datetime.combine(day, datetime.min.time(), ZoneInfo(there)) + timedelta(minutes=minutes)
    wall = at.astimezone(ZoneInfo(home)).replace(tzinfo=None)
    return int((wall - datetime.combine(day, datetime.min.time())).total_seconds()) // 60


def _line(day: date, there: str, starts: int, ends: int) -> str:
    weekday = weekday_words(day.weekday())
    shift = starts // DAY
    at_home = hours_words(starts - shift * DAY, ends - shift * DAY)
    values = {"day": weekday, "there": there, "home": at_home}
    if shift < 0:
        return str(_("%(day)s: %(there)s there begins the day before at home: %(home)s.", **values))
    if shift > 0:
        return str(_("%(day)s: %(there)s there begins the day after at home: %(home)s.", **values))
    return str(_("%(day)s: %(there)s there is %(home)s at home.", **values))


def _page(actor: Actor, form: TravelForm, now: datetime, *, preview: Preview | None = None) -> Response:
    today = local_date(now, actor.zone)
    rows = [
        {"id": row.id, "days": days_words(row.first_day, row.last_day), "zone": zone_words(row.zone)}
        for row in own_queries.stays_ahead(actor.id, today)
    ]
    page = render_template(
        "slots/travel.html",
        form=form,
        preview=preview,
        stays=rows,
        today=today.isoformat(),
        home=zone_words(actor.zone),
    )
    return make_response(page, 422 if form.errors else 200)
