"""Seasons: days from one to another with a week of their own, changed with the same parts as the usual week."""

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _

from portal import clock
from portal.domain.account import Actor
from portal.domain.errors import BadInput, NotFound
from portal.domain.slots import local_date
from portal.queries import own_hours as own_queries
from portal.services import slots as slots_services
from portal.web.access import me
from portal.web.account.forms import blame
from portal.web.doors import peer
from portal.web.htmx import go, page_or_fragment, wants_fragment
from portal.web.slots.blueprint import blueprint
from portal.web.slots.forms import HoursForm, SeasonForm
from portal.web.slots.weeks import added_words, chosen_ways, days_without, hours_form, own_days
from portal.web.slots.words import days_words, short_weekdays


@blueprint.route("/times/seasons", methods=["GET", "POST"])
@peer
def seasons() -> Response:
    """Show the seasons ahead, and begin one."""
    actor, now, form = me(), clock.now(), SeasonForm()
    if form.validate_on_submit():
        first, last, key = form.first.data, form.last.data, form.request_key.data or ""
        try:
            made = slots_services.add_season(actor.id, first, last, copied=not form.empty.data, key=key, now=now)
        except BadInput as error:
            blame(form, error)
        else:
            flash(_("From %(days)s this week holds. Change what is different.", days=days_words(first, last)), "well")
            return go(url_for("slots.season", season_id=made))
    today = local_date(now, actor.zone)
    rows = [
        {"id": row.id, "days": days_words(row.first_day, row.last_day), "week": own_days(actor, row.id)}
        for row in own_queries.seasons_ahead(actor.id, today)
    ]
    page = render_template("slots/seasons.html", form=form, seasons=rows, today=today.isoformat())
    return make_response(page, 422 if form.errors else 200)


@blueprint.get("/times/seasons/<int:season_id>")
@peer
def season(season_id: int) -> Response:
    """Show a season's week and the form that adds to it."""
    actor = me()
    return _page(actor, season_id, hours_form(actor))


@blueprint.post("/times/seasons/<int:season_id>/hours")
@peer
def add_to_season(season_id: int) -> Response:
    """Add one window to every ticked day of a season's week."""
    actor, form = me(), hours_form(me())
    if not form.validate_on_submit():
        return _page(actor, season_id, form, status=422)
    starts, ends, days = form.starts.data, form.ends.data, sorted(form.days.data or ())
    key, ways = form.request_key.data or "", chosen_ways(form)
    try:
        slots_services.add_weekly(
            actor.id, days, starts, ends, ways=ways, season_id=season_id, key=key, now=clock.now()
        )
    except BadInput as error:
        blame(form, error)
        return _page(actor, season_id, form, status=422)
    return changed_season(actor, season_id, added_words(actor, form, season_id))


@blueprint.post("/times/seasons/<int:season_id>/end")
@peer
def end_season(season_id: int) -> Response:
    """Take a season away."""
    slots_services.end_season(me().id, season_id, key=request.form.get("request_key", ""), now=clock.now())
    flash(_("Taken away. Those days go by your usual week again."), "well")
    return go(url_for("slots.seasons"))


def own_season_id(actor: Actor, sent: str) -> int | None:
    """Return the season that a form was sent from, None for the usual week; NotFound for somebody else's."""
    if not sent:
        return None
    if not sent.isascii() or not sent.isdigit() or own_queries.own_season(actor.id, int(sent)) is None:
        raise NotFound
    return int(sent)


def changed_season(actor: Actor, season_id: int, done: str) -> Response:
    """Answer after a season's week was changed: the week alone for HTMX, else the page again."""
    if not wants_fragment():
        flash(done, "well")
        return go(url_for("slots.season", season_id=season_id))
    return _page(actor, season_id, hours_form(actor, fresh=True), done=done)


def _page(actor: Actor, season_id: int, form: HoursForm, *, done: str = "", status: int = 200) -> Response:
    row = own_queries.own_season(actor.id, season_id)
    if row is None:
        raise NotFound
    days = own_days(actor, season_id)
    return page_or_fragment(
        "slots/season.html",
        "slots/_week.html",
        status,
        form=form,
        done=done,
        days=days,
        season=season_id,
        add_url=url_for("slots.add_to_season", season_id=season_id),
        short=short_weekdays(),
        without=days_without(days),
        season_days=days_words(row.first_day, row.last_day),
    )
