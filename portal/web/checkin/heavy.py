"""It is getting heavy: a coordinator is asked in, after it was said what they will see."""

from flask import Response, flash, make_response, render_template, url_for
from flask_babel import gettext as _

from portal import clock
from portal.domain.errors import Stale
from portal.services import checkin as services
from portal.web.access import me
from portal.web.checkin.blueprint import blueprint
from portal.web.checkin.whose import thread_of
from portal.web.doors import walker
from portal.web.errors import sentence_of
from portal.web.htmx import go


@blueprint.get("/walk/<int:walk_id>/thread/heavy")
@walker
def heavy(walk_id: int) -> Response:
    """Say what a coordinator will see, and what not; asking is one button."""
    found = thread_of(walk_id)
    if not found.together:
        return go(url_for("checkin.thread", walk_id=walk_id))
    return make_response(render_template("checkin/heavy.html", thread=found))


@blueprint.post("/walk/<int:walk_id>/thread/heavy")
@walker
def bring_in(walk_id: int) -> Response:
    """Ask a coordinator in."""
    thread_of(walk_id)
    try:
        services.bring_in(walk_id, me().id, now=clock.now())
    except Stale as refusal:
        flash(sentence_of(refusal), "look")
    else:
        flash(_("A coordinator is asked in, and gets in touch with you. The help lines stay at the top."), "well")
    return go(url_for("checkin.thread", walk_id=walk_id))
