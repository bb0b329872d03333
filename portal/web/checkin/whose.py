"""The thread that an address names, for one of its two; for anybody else there is nothing here."""

from flask import Response, make_response, render_template, request

from portal.domain.errors import NotFound
from portal.queries import checkin as queries
from portal.queries.checkin import Thread
from portal.web.access import me
from portal.web.checkin.blueprint import blueprint
from portal.web.errors import sentence_of
from portal.web.htmx import wants_fragment


def thread_of(walk_id: int) -> Thread:
    """Return the thread of a walk for who asks; NotFound for a stranger."""
    thread = queries.thread_for(me().id, walk_id)
    if thread is None:
        raise NotFound
    return thread


@blueprint.errorhandler(NotFound)
def not_here(error: NotFound) -> Response:
    """Give back what somebody wrote for a thread that ended meanwhile, as for one that never was: all hear the same."""
    unsent = request.form.get("words", "").strip()
    name = "checkin/not_here.html" if unsent else "errors/404.html"
    page = render_template(
        name, unsent=unsent, sentence="" if unsent else sentence_of(error), fragment=wants_fragment()
    )
    return make_response(page, error.status)
