"""One of two has asked a coordinator in: how both may be reached, and that somebody has been in touch."""

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _

from portal import clock
from portal.domain.errors import NotFound, Stale
from portal.queries import checkin as queries
from portal.services import checkin as services
from portal.web.access import me
from portal.web.care.blueprint import blueprint
from portal.web.doors import coordinator
from portal.web.errors import sentence_of
from portal.web.htmx import go


@blueprint.post("/care/walks/<int:walk_id>/reach")
@coordinator
def reach(walk_id: int) -> Response:
    """Show how whoever asked may be reached, or both, and write down that somebody looked; of their thread nothing."""
    both = request.form.get("both") == "yes"
    try:
        services.look_how_to_reach(walk_id, me().id, both=both, now=clock.now())
    except Stale as refusal:
        flash(sentence_of(refusal), "look")
        return go(url_for("care.board"))
    two = queries.reach_of_both(walk_id)
    if two is None:
        raise NotFound
    return make_response(render_template("care/reach.html", walk_id=walk_id, two=two, shown=two if both else two[:1]))


@blueprint.post("/care/walks/<int:walk_id>/in-touch")
@coordinator
def in_touch(walk_id: int) -> Response:
    """Keep that somebody has been in touch."""
    services.in_touch(walk_id, me().id, now=clock.now())
    flash(_("Kept. It stands on nobody’s board any more."), "well")
    return go(url_for("care.board"))
