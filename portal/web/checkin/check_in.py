"""The steady check-in: the member sets its rhythm, changes it, stops it; the peer's side stands beside this file."""

from flask import Response, flash, make_response, render_template, url_for
from flask_babel import gettext as _

from portal import clock
from portal.domain.checkin import CheckInState
from portal.domain.errors import BadInput, Stale
from portal.domain.matching.walk import Actor
from portal.queries import checkin as queries
from portal.queries import notice as notice_queries
from portal.queries.checkin import Thread
from portal.services import checkin as services
from portal.web.access import me
from portal.web.account.forms import blame
from portal.web.checkin.blueprint import blueprint
from portal.web.checkin.forms import RhythmForm, rhythm_form
from portal.web.checkin.peers_side import peers_page
from portal.web.checkin.whose import thread_of
from portal.web.checkin.words import rhythm_words, standing_words
from portal.web.doors import member, walker
from portal.web.errors import sentence_of
from portal.web.htmx import go
from portal.web.slots.words import wall_words
from portal.web.steps import request_key
from portal.web.times import zone_words


@blueprint.get("/walk/<int:walk_id>/check-in")
@walker
def check_in(walk_id: int) -> Response:
    """Show how the check-in is set: to the member with its rhythm, to the peer with their words."""
    found = thread_of(walk_id)
    if not found.open:
        return go(url_for("checkin.thread", walk_id=walk_id))
    if found.role is Actor.PEER:
        return peers_page(found)
    return _page(found, rhythm_form(queries.check_in_of(walk_id)))


@blueprint.post("/walk/<int:walk_id>/check-in")
@member
def set_check_in(walk_id: int) -> Response:
    """Set or change the rhythm."""
    found, form = thread_of(walk_id), rhythm_form(None)
    if not form.validate_on_submit():
        return _page(found, form, 422)
    try:
        services.set_check_in(walk_id, me().id, form.wish(), key=request_key(), now=clock.now())
    except BadInput as refusal:
        blame(form, refusal)
        return _page(found, form, refusal.status)
    except Stale as refusal:
        flash(sentence_of(refusal), "look")
        return go(url_for("checkin.thread", walk_id=walk_id))
    flash(_("It is set. You can change or stop it whenever you like."), "well")
    return go(url_for("checkin.check_in", walk_id=walk_id))


@blueprint.post("/walk/<int:walk_id>/check-in/stop")
@member
def stop(walk_id: int) -> Response:
    """Stop it."""
    thread_of(walk_id)
    try:
        services.stop_check_in(walk_id, me().id, now=clock.now())
    except Stale as refusal:
        flash(sentence_of(refusal), "look")
    else:
        flash(_("It is stopped. Nothing comes by itself any more; the thread stays."), "well")
    return go(url_for("checkin.check_in", walk_id=walk_id))


def _page(found: Thread, form: RhythmForm, status: int = 200) -> Response:
    zone, view = me().zone, queries.check_in_of(found.walk_id)
    going = view is not None and view.state is not CheckInState.OVER
    reader = notice_queries.recipients(me().id, me().id)[me().id]
    page = render_template(
        "checkin/check_in.html",
        thread=found,
        form=form,
        going=going,
        rhythm=rhythm_words(view.rhythm) if view is not None and going else "",
        standing=standing_words(view, found.other_name, zone) if view is not None else "",
        zone=zone_words(zone),
        quiet=(wall_words(reader.quiet_from), wall_words(reader.quiet_until))
        if reader.quiet_from != reader.quiet_until
        else None,
    )
    return make_response(page, status)
