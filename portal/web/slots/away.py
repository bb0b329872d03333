"""Time off in whole days: first a look at what it closes, then one tap."""

from datetime import datetime

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _

from portal import clock
from portal.domain.account import Actor
from portal.domain.errors import BadInput
from portal.domain.slots import days_of_span, local_date, span_of_days
from portal.queries import own_hours as own_queries
from portal.queries import slots as slots_queries
from portal.services import slots as slots_services
from portal.web.access import me
from portal.web.account.forms import blame
from portal.web.doors import peer
from portal.web.htmx import go
from portal.web.slots.blueprint import blueprint
from portal.web.slots.forms import AwayForm
from portal.web.slots.preview import Preview, chats_words
from portal.web.slots.words import days_words


@blueprint.get("/times/off")
@peer
def away() -> Response:
    """Show the time off there is, and what more of it would close."""
    actor, now, asked = me(), clock.now(), "first" in request.args
    form = AwayForm(formdata=request.args if asked else None, meta={"csrf": False})
    return _page(actor, form, now, preview=_preview(actor, form, now) if asked and form.validate() else None)


@blueprint.post("/times/off")
@peer
def take() -> Response:
    """Close these days."""
    actor, now, form = me(), clock.now(), AwayForm()
    if not form.validate_on_submit():
        return _page(actor, form, now)
    key, first, last = form.request_key.data or "", form.first.data, form.last.data
    try:
        slots_services.take_time_off(actor.id, first, last, key=key, now=now)
    except BadInput as error:
        blame(form, error)
        return _page(actor, form, now)
    flash(_("Time off is set: %(days)s. Nothing new can be booked then.", days=days_words(first, last)), "well")
    return go(url_for("slots.away"))


@blueprint.post("/times/off/<int:time_off_id>/end")
@peer
def end(time_off_id: int) -> Response:
    """Take a stretch of time off away."""
    form = AwayForm()
    slots_services.end_time_off(me().id, time_off_id, key=form.request_key.data or "", now=clock.now())
    flash(_("That time is open again."), "well")
    return go(url_for("slots.away"))


def _preview(actor: Actor, form: AwayForm, now: datetime) -> Preview | None:
    first, last = form.first.data, form.last.data
    try:
        slots_services.check_days(first, last, local_date(now, actor.zone))
    except BadInput as error:
        blame(form, error)
        return None
    begins, ends = span_of_days(first, last, actor.zone)
    told = own_queries.wishes_of(actor.id) is not None
    openings = slots_queries.open_times(actor.id, None, now) if told else ()
    closes = tuple(slot for slot in openings if slot.starts_at < ends and begins < slot.ends_at)
    chats = chats_words(actor, own_queries.chats_within(actor.id, [(begins, ends)], now))
    fields = {"first": first.isoformat(), "last": last.isoformat()}
    return Preview(days_words(first, last), (), closes, chats, fields, actor.zone)


def _page(actor: Actor, form: AwayForm, now: datetime, *, preview: Preview | None = None) -> Response:
    stretches = []
    for row in own_queries.time_off_ahead(actor.id, now):
        span = (row.starts_at, row.ends_at)
        chats = chats_words(actor, own_queries.chats_within(actor.id, [span], now))
        stretches.append({"id": row.id, "words": days_words(*days_of_span(span, actor.zone)), "chats": chats})
    today = local_date(now, actor.zone).isoformat()
    page = render_template("slots/away.html", form=form, stretches=stretches, preview=preview, today=today)
    return make_response(page, 422 if form.errors else 200)
