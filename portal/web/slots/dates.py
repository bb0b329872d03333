"""Other hours on a date or on each day of a range: first a look at what they open and close, then one tap."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _

from portal import clock
from portal.domain.account import Actor
from portal.domain.errors import BadInput
from portal.domain.experience import Format
from portal.domain.slots import Hours, local_date, span_of_days
from portal.queries import own_hours as own_queries
from portal.services import slots as slots_services
from portal.web.access import me
from portal.web.account.forms import blame
from portal.web.doors import peer
from portal.web.htmx import go
from portal.web.slots.blueprint import blueprint
from portal.web.slots.fields import read_day
from portal.web.slots.forms import DatesForm
from portal.web.slots.preview import Preview, preview_of
from portal.web.slots.weeks import too_short_words
from portal.web.slots.words import days_words, short_weekdays, way_choices, weekday_choices, window_words, windows_words

ONE_DAY = timedelta(days=1)


@blueprint.get("/times/dates")
@peer
def dates() -> Response:
    """Show the dates with hours of their own, and what more of them would open and close."""
    actor, now, asked = me(), clock.now(), "first" in request.args
    form = _form(actor, request.args if asked else None)
    return _page(actor, form, now, preview=_preview(actor, form, now) if asked and form.validate() else None)


@blueprint.post("/times/dates")
@peer
def set_dates() -> Response:
    """Set other hours on these dates."""
    actor, now, form = me(), clock.now(), _form(me())
    if not form.validate_on_submit():
        return _page(actor, form, now)
    first, last = form.first.data, form.last.data or form.first.data
    try:
        slots_services.add_other(
            actor.id,
            first,
            last,
            form.starts.data,
            form.ends.data,
            weekdays=sorted(form.days.data or ()),
            ways=_ways(form),
            key=form.request_key.data or "",
            now=now,
        )
    except BadInput as error:
        blame(form, error)
        return _page(actor, form, now)
    held = own_queries.other_hours_of(actor.id, first)
    windows = [own_queries.window_in(row) for day, rows in held.items() if day <= last for row in rows]
    kept = _("Kept for %(days)s only. The week stays as it is.", days=days_words(first, last))
    flash(f"{kept} {too_short_words(actor.id, windows)}".strip(), "well")
    return go(url_for("slots.dates"))


@blueprint.post("/times/dates/<int:window_id>/remove")
@peer
def remove_date(window_id: int) -> Response:
    """Take one window away, from its date to the last one it was shown for."""
    last, key = read_day(request.form.get("last", "")), request.form.get("request_key", "")
    slots_services.remove_other(me().id, window_id, last=last, key=key, now=clock.now())
    flash(_("Taken away. A day without hours of its own goes by your week again."), "well")
    return go(url_for("slots.dates"))


def _form(actor: Actor, sent: Mapping[str, str] | None = None) -> DatesForm:
    form = DatesForm(formdata=sent, meta={"csrf": False}) if request.method == "GET" else DatesForm()
    form.days.choices = weekday_choices()
    form.ways.choices = way_choices(own_queries.own_ways(actor.id))
    return form


def _ways(form: DatesForm) -> tuple[Format, ...]:
    return tuple(Format(way) for way in form.ways.data or ())


def _preview(actor: Actor, form: DatesForm, now: datetime) -> Preview | None:
    first, last = form.first.data, form.last.data or form.first.data
    today = local_date(now, actor.zone)
    try:
        days = slots_services.days_for(first, last, form.days.data or (), today)
        window = slots_services.window_for(actor.id, form.starts.data, form.ends.data, _ways(form))
    except BadInput as error:
        blame(form, error)
        return None

    def change(hours: Hours) -> Hours:
        return replace(hours, other={**hours.other, **{day: (*hours.other.get(day, ()), window) for day in days}})

    fields = {
        "first": first.isoformat(),
        "last": last.isoformat(),
        "starts": form.starts.sent,
        "ends": form.ends.sent,
        "days": form.days.data or (),
        "ways": form.ways.data or (),
    }
    title = _("%(days)s: %(hours)s", days=days_words(days[0], days[-1]), hours=window_words(window))
    spans = [span_of_days(day, day, actor.zone) for day in days]
    return preview_of(actor, title, change, spans, fields, now)


def _page(actor: Actor, form: DatesForm, now: datetime, *, preview: Preview | None = None) -> Response:
    today = local_date(now, actor.zone)
    page = render_template(
        "slots/dates.html",
        form=form,
        preview=preview,
        stretches=_stretches(actor, today),
        today=today.isoformat(),
        short=short_weekdays(),
        opened=bool(form.days.data or form.ways.data or form.days.errors or form.ways.errors),
    )
    return make_response(page, 422 if form.errors else 200)


def _stretches(actor: Actor, today: date) -> list[dict[str, Any]]:
    """Return the dates that have hours of their own; days that follow one another with the same hours are one."""
    usual = own_queries.weekly_of(actor.id)
    found: list[dict[str, Any]] = []
    for day, rows in own_queries.other_hours_of(actor.id, today).items():
        windows = [own_queries.window_in(row) for row in rows]
        if found and found[-1]["hours"] == windows and found[-1]["last"] + ONE_DAY == day:
            found[-1] |= {"last": day, "name": days_words(found[-1]["first"], day), "usual": None}
        else:
            found.append(
                {
                    "first": day,
                    "last": day,
                    "name": days_words(day, day),
                    "hours": windows,
                    "windows": [{"id": row.id, "words": window_words(own_queries.window_in(row))} for row in rows],
                    "usual": windows_words(map(own_queries.window_in, usual.get(day.weekday(), []))),
                }
            )
    return found
