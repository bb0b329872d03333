"""Other hours on a date: windows that stand instead of the week's on that one day."""

from flask import Response, flash, make_response, render_template, url_for
from flask_babel import gettext as _

from portal import clock
from portal.domain.errors import BadInput
from portal.domain.slots import Window, local_date
from portal.queries import own_hours as own_queries
from portal.services import slots as slots_services
from portal.web.access import me
from portal.web.account.forms import blame
from portal.web.doors import peer
from portal.web.htmx import go
from portal.web.slots.blueprint import blueprint
from portal.web.slots.forms import DateForm
from portal.web.slots.week import too_short_words
from portal.web.slots.words import date_words, list_words, window_words


@blueprint.route("/times/dates", methods=["GET", "POST"])
@peer
def dates() -> Response:
    """Show the dates with hours of their own, and add a window to one."""
    actor, now, form = me(), clock.now(), DateForm()
    if form.validate_on_submit():
        key = form.request_key.data or ""
        try:
            slots_services.add_other(actor.id, form.day.data, form.starts.data, form.ends.data, key=key, now=now)
        except BadInput as error:
            blame(form, error)
        else:
            day = form.day.data
            held = [Window(row.starts, row.ends) for row in own_queries.other_hours_of(actor.id, day).get(day, [])]
            kept = _("Kept for %(day)s only. The week stays as it is.", day=date_words(day))
            flash(f"{kept} {too_short_words(actor.id, held)}".strip(), "well")
            return go(url_for("slots.dates"))
    today = local_date(now, actor.zone)
    weekly = own_queries.weekly_of(actor.id)
    days = [
        {
            "name": date_words(day),
            "windows": [{"id": row.id, "words": window_words(row.starts, row.ends)} for row in rows],
            "usual": list_words([window_words(row.starts, row.ends) for row in weekly.get(day.weekday(), [])]),
        }
        for day, rows in own_queries.other_hours_of(actor.id, today).items()
    ]
    page = render_template("slots/dates.html", form=form, days=days, today=today.isoformat())
    return make_response(page, 422 if form.errors else 200)


@blueprint.post("/times/dates/<int:window_id>/remove")
@peer
def remove_date(window_id: int) -> Response:
    """Take one window of a date away."""
    form = DateForm()
    slots_services.remove_other(me().id, window_id, key=form.request_key.data or "", now=clock.now())
    flash(_("Taken away. A day without hours of its own goes by your week again."), "well")
    return go(url_for("slots.dates"))
