"""Each of the two may close their thread, told first what that means, and open it again."""

from flask import Response, flash, make_response, render_template, url_for
from flask_babel import gettext as _

from portal import clock
from portal.domain.errors import NotAllowed, Stale
from portal.services import checkin as services
from portal.web.access import me
from portal.web.checkin.blueprint import blueprint
from portal.web.checkin.whose import thread_of
from portal.web.doors import walker
from portal.web.errors import sentence_of
from portal.web.htmx import go


@blueprint.get("/walk/<int:walk_id>/thread/end")
@walker
def ending(walk_id: int) -> Response:
    """Say what closing means, with one button."""
    found = thread_of(walk_id)
    if not found.open:
        return go(url_for("checkin.thread", walk_id=walk_id))
    return make_response(render_template("checkin/end.html", thread=found))


@blueprint.post("/walk/<int:walk_id>/thread/end")
@walker
def end(walk_id: int) -> Response:
    """Close it."""
    thread_of(walk_id)
    try:
        services.end_thread(walk_id, me().id, now=clock.now())
    except Stale as refusal:
        flash(sentence_of(refusal), "look")
    else:
        flash(_("The thread is closed. You can open it again whenever you like."), "well")
    return go(url_for("checkin.thread", walk_id=walk_id))


@blueprint.post("/walk/<int:walk_id>/thread/open")
@walker
def open_again(walk_id: int) -> Response:
    """Open it again, for whoever closed it."""
    thread_of(walk_id)
    try:
        services.open_again(walk_id, me().id, now=clock.now())
    except (Stale, NotAllowed) as refusal:
        flash(sentence_of(refusal), "look")
    else:
        flash(_("The thread is open again. A check-in that ended with it stays over until it is set anew."), "well")
    return go(url_for("checkin.thread", walk_id=walk_id))
