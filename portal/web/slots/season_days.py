"""Other days for a season, with a look at what they open and close before they are set; its week stays as it is."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _

from portal import clock
from portal.domain.account import Actor
from portal.domain.errors import BadInput, NotFound
from portal.domain.slots import Hours, Season, local_date, merge, span_of_days
from portal.queries import own_hours as own_queries
from portal.services import slots as slots_services
from portal.web.access import me
from portal.web.account.forms import blame
from portal.web.doors import peer
from portal.web.htmx import go
from portal.web.slots.blueprint import blueprint
from portal.web.slots.forms import SeasonDaysForm
from portal.web.slots.preview import Preview, preview_of
from portal.web.slots.words import days_words


@blueprint.get("/times/seasons/<int:season_id>/days")
@peer
def season_days(season_id: int) -> Response:
    """Show the days of a season, and what others would make of the open times."""
    actor, now, held = me(), clock.now(), _held(me(), season_id)
    asked = "first" in request.args
    form = _form(held, request.args if asked else None)
    preview = _preview(actor, held, form, now) if asked and form.validate() else None
    return _page(actor, held, form, now, preview=preview)


@blueprint.post("/times/seasons/<int:season_id>/days")
@peer
def set_season_days(season_id: int) -> Response:
    """Give a season other days."""
    actor, now, held = me(), clock.now(), _held(me(), season_id)
    form = _form(held)
    if not form.validate_on_submit():
        return _page(actor, held, form, now)
    first, last, key = form.first.data, form.last.data, form.request_key.data or ""
    try:
        slots_services.change_season(actor.id, season_id, first, last, key=key, now=now)
    except BadInput as error:
        blame(form, error)
        return _page(actor, held, form, now)
    flash(_("Kept. This week holds %(days)s.", days=days_words(first, last)), "well")
    return go(url_for("slots.season", season_id=season_id))


def _held(actor: Actor, season_id: int) -> tuple[int, Season]:
    row = own_queries.own_season(actor.id, season_id)
    if row is None:
        raise NotFound
    week = own_queries.weekly_of(actor.id, season_id)
    windows = {day: tuple(map(own_queries.window_in, rows)) for day, rows in week.items()}
    return row.id, Season(row.first_day, row.last_day, windows)


def _form(held: tuple[int, Season], sent: Mapping[str, str] | None = None) -> SeasonDaysForm:
    if request.method != "GET":
        return SeasonDaysForm()
    season = held[1]
    return SeasonDaysForm(formdata=sent, first=season.first, last=season.last, meta={"csrf": False})


def _preview(actor: Actor, held: tuple[int, Season], form: SeasonDaysForm, now: datetime) -> Preview | None:
    season_id, season = held
    first, last = form.first.data, form.last.data
    try:
        slots_services.check_season(actor.id, first, last, local_date(now, actor.zone), but=season_id)
    except BadInput as error:
        blame(form, error)
        return None

    def change(hours: Hours) -> Hours:
        others = (each for each in hours.seasons if (each.first, each.last) != (season.first, season.last))
        return replace(hours, seasons=(*others, replace(season, first=first, last=last)))

    before, after = span_of_days(season.first, season.last, actor.zone), span_of_days(first, last, actor.zone)
    fields = {"first": first.isoformat(), "last": last.isoformat()}
    return preview_of(actor, days_words(first, last), change, merge([before, after]), fields, now)


def _page(
    actor: Actor, held: tuple[int, Season], form: SeasonDaysForm, now: datetime, *, preview: Preview | None = None
) -> Response:
    season_id, season = held
    today = local_date(now, actor.zone)
    page = render_template(
        "slots/season_days.html",
        form=form,
        preview=preview,
        season=season_id,
        now_days=days_words(season.first, season.last),
        today=today.isoformat(),
        earliest=min(season.first, today).isoformat(),
    )
    return make_response(page, 422 if form.errors else 200)
