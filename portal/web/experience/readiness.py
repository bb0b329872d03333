"""Are you still ready: each topic of a peer as it is, confirmed in one tap or changed; a rest stands beside it."""

from collections import Counter
from typing import Any

from flask import Response, flash, make_response, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from wtforms import SelectField
from wtforms.validators import InputRequired

from portal import clock
from portal.domain.account import PeerState
from portal.domain.experience import READINESS_WORDS, Readiness
from portal.queries import experience as experience_queries
from portal.queries.experience import PeerTold
from portal.services import experience as experience_services
from portal.web.access import me
from portal.web.doors import peer
from portal.web.experience.blueprint import blueprint
from portal.web.experience.steps import built
from portal.web.htmx import go
from portal.web.times import day_words


@blueprint.route("/experience/readiness", methods=["GET", "POST"])
@peer
def readiness() -> Response:
    """Show what a peer is ready for with each topic; sending it says that they are ready."""
    told = experience_queries.peer_told(me().id)
    if told is None or told.state is not PeerState.APPROVED:
        return go(url_for("experience.peer"))
    form = _form(told)
    if not form.is_submitted():
        return _page(told, form)
    if not form.validate():
        return _page(told, form, 422)
    given = {topic.id: Readiness(form[f"ready_{topic.id}"].data) for topic in told.topics}
    experience_services.keep_readiness(me().id, given, now=clock.now())
    flash(_thanks(told, given), "well")
    return go(url_for("experience.peer"))


def _form(told: PeerTold) -> Any:
    choices = [(str(ready), _(words)) for ready, words in READINESS_WORDS.items()]
    fields = {
        f"ready_{topic.id}": SelectField(topic.name, choices=choices, validators=[InputRequired()])
        for topic in told.topics
    }
    return built(fields, {f"ready_{topic.id}": str(topic.readiness) for topic in told.topics})


def _thanks(told: PeerTold, given: dict[int, Readiness]) -> str:
    if told.resting_since is not None:
        return str(_("Saved. You are resting, so nobody new asks you."))
    if all(ready is Readiness.NOT_NOW for ready in given.values()):
        return str(_("Saved. Every topic says “not now”, so nobody new asks you. What you were asked before is yours."))
    return str(_("Thank you. It is as you said, and people may ask you."))


def _page(told: PeerTold, form: Any, status: int = 200) -> Response:
    page = render_template(
        "experience/readiness.html",
        form=form,
        topics=told.topics,
        as_it_is=_counted(told),
        resting=told.resting_since is not None,
        said=day_words(told.ready_at, me().zone) if told.ready_at is not None else "",
    )
    return make_response(page, status)


def _counted(told: PeerTold) -> list[str]:
    """Return how many topics stand at each answer, without their names: somebody may look over their shoulder."""
    counts = Counter(topic.readiness for topic in told.topics)
    return [
        f"{_(words)}: {ngettext('%(num)d topic', '%(num)d topics', counts[ready])}"
        for ready, words in READINESS_WORDS.items()
        if counts[ready]
    ]
