"""Making other days of a week, the usual one or a season's, like one that has hours."""

from flask import Response, flash, make_response, render_template, url_for
from flask_babel import gettext as _

from portal import clock
from portal.domain.errors import NotFound
from portal.queries import own_hours as own_queries
from portal.services import slots as slots_services
from portal.web.access import me
from portal.web.doors import peer
from portal.web.htmx import go
from portal.web.slots.blueprint import blueprint
from portal.web.slots.forms import CopyForm
from portal.web.slots.words import list_words, weekday_choices, weekday_words, windows_words


@blueprint.route("/times/days/<int:weekday>/copy", methods=["GET", "POST"])
@peer
def copy_day(weekday: int) -> Response:
    """Choose the days of the usual week that shall have exactly this day's hours."""
    return _copy(weekday, None, action=url_for("slots.copy_day", weekday=weekday), back=url_for("slots.week"))


@blueprint.route("/times/seasons/<int:season_id>/days/<int:weekday>/copy", methods=["GET", "POST"])
@peer
def copy_in_season(season_id: int, weekday: int) -> Response:
    """Choose the days of a season's week that shall have exactly this day's hours."""
    action = url_for("slots.copy_in_season", season_id=season_id, weekday=weekday)
    return _copy(weekday, season_id, action=action, back=url_for("slots.season", season_id=season_id))


def _copy(weekday: int, season_id: int | None, *, action: str, back: str) -> Response:
    actor = me()
    held = own_queries.weekly_of(actor.id, season_id)
    if weekday not in held:
        raise NotFound
    said = {day: windows_words(map(own_queries.window_in, rows)) for day, rows in held.items()}
    form = CopyForm()
    form.days.choices = [(day, words) for day, words in weekday_choices() if day != weekday]
    if form.validate_on_submit():
        key, chosen = form.request_key.data or "", sorted(form.days.data or ())
        slots_services.copy_weekday(actor.id, weekday, chosen, season_id=season_id, key=key, now=clock.now())
        days = list_words([weekday_words(day) for day in chosen])
        flash(_("%(days)s: the same hours as %(day)s now.", days=days, day=weekday_words(weekday)), "well")
        return go(back)
    page = render_template(
        "slots/copy.html",
        form=form,
        action=action,
        back=back,
        season=season_id,
        day=weekday_words(weekday),
        hours=said[weekday],
        hints={day: _("Now: %(hours)s", hours=words) for day, words in said.items()},
    )
    return make_response(page, 422 if form.errors else 200)
