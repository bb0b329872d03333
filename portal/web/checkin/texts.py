"""The thread by text message, for those who have a phone here: it takes both, and ends with either."""

from dataclasses import dataclass

from flask import Response, flash, request, url_for
from flask_babel import gettext as _

from portal import clock
from portal.domain.errors import BadInput, Stale
from portal.domain.notice import Channel
from portal.queries import checkin as queries
from portal.queries.checkin import Thread
from portal.queries.notice.ways import reach_of
from portal.services import checkin as services
from portal.services.account.ways import ways_here
from portal.web.access import me
from portal.web.checkin.blueprint import blueprint
from portal.web.checkin.whose import thread_of
from portal.web.doors import walker
from portal.web.errors import sentence_of
from portal.web.htmx import go


@dataclass(frozen=True)
class Texts:
    """Whether somebody wants a thread by text message, whether it comes that way (both have to want it), and whether
    they said that others see their phone: then its words do not come there."""

    wanted: bool
    both: bool
    seen: bool


def texts_shown(thread: Thread) -> Texts | None:
    """Return how it stands with text messages; None where they are not to be had."""
    if Channel.TEXT not in ways_here() or not thread.open or not queries.texts_reach(me().id):
        return None
    agreed = queries.by_text(thread.walk_id)
    seen = reach_of(me().id).phone_is_seen
    return Texts(me().id in agreed, {me().id, thread.other_id} <= agreed, seen)


@blueprint.post("/walk/<int:walk_id>/thread/texts")
@walker
def texts(walk_id: int) -> Response:
    """Agree to text messages, or take it back."""
    thread_of(walk_id)
    agree = request.form.get("agree") == "yes"
    try:
        services.agree_to_texts(walk_id, me().id, agree=agree, now=clock.now())
    except (BadInput, Stale) as refusal:
        flash(sentence_of(refusal), "look")
    else:
        yes = _("Kept. It begins once both of you want it.")
        flash(yes if agree else _("No more text messages from this thread."), "well")
    return go(url_for("checkin.thread", walk_id=walk_id))
