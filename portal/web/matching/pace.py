"""Two who walk together set their own pace: resting, walking on, an ending with time, a goodbye."""

from collections.abc import Callable
from datetime import datetime

from flask import Response, flash, make_response, render_template, url_for
from flask_babel import gettext as _

from portal import clock
from portal.domain.booking import BookingState
from portal.domain.errors import NoRoom, NotAllowed, NotFound, Stale
from portal.domain.matching.ending import Taper, last_day
from portal.domain.matching.walk import Actor, State, Step
from portal.queries import home as home_queries
from portal.queries import matching as matching_queries
from portal.queries.matching import WalkView
from portal.services import matching as matching_services
from portal.web.access import me
from portal.web.doors import walker
from portal.web.errors import sentence_of
from portal.web.htmx import go
from portal.web.matching.blueprint import blueprint
from portal.web.matching.pace_forms import EndForm, RestForm
from portal.web.steps import request_key, seen_revision
from portal.web.times import date_words, when_words


@blueprint.route("/walk/<int:walk_id>/rest", methods=["GET", "POST"])
@walker
def rest(walk_id: int) -> Response:
    """Say what resting means, and rest; a chat that is ahead stays unless it is ticked to be called off."""
    view = two_of(walk_id)
    form, ahead = RestForm(), chat_ahead(walk_id)
    if form.validate_on_submit():
        return _taken(
            walk_id,
            lambda: matching_services.rest(
                walk_id,
                me().id,
                cancel_chats=bool(form.cancel.data),
                revision=seen_revision(),
                key=request_key(),
                now=clock.now(),
            ),
            _("You two are resting. The place is kept, and either of you can take it up again."),
        )
    if Step.REST not in view.steps:
        return go(url_for("matching.walk", walk_id=walk_id))
    return make_response(render_template("matching/rest.html", form=form, walk=view, ahead=ahead))


@blueprint.post("/walk/<int:walk_id>/walk-on")
@walker
def walk_on(walk_id: int) -> Response:
    """Take a walk up again."""
    two_of(walk_id)
    return _taken(
        walk_id,
        lambda: matching_services.walk_on(
            walk_id, me().id, revision=seen_revision(), key=request_key(), now=clock.now()
        ),
        _("You are walking together again. You can find a time whenever you like."),
    )


@blueprint.route("/walk/<int:walk_id>/end", methods=["GET", "POST"])
@walker
def end(walk_id: int) -> Response:
    """Ask how much time the ending shall take, and begin it."""
    view = two_of(walk_id)
    form = EndForm()
    if form.validate_on_submit():
        taper = Taper(form.taper.data)
        return _taken(
            walk_id,
            lambda: matching_services.end(
                walk_id, me().id, taper, revision=seen_revision(), key=request_key(), now=clock.now()
            ),
            _goodbye_words()
            if taper is Taper.TODAY
            else _("It is coming to its end, at this pace. There is a page for you both to leave a few lines on."),
        )
    if Step.END not in view.steps:
        return go(url_for("matching.walk", walk_id=walk_id))
    page = render_template("matching/end.html", form=form, walk=view, hints=_hints(view), ahead=chat_ahead(walk_id))
    return make_response(page, 422 if form.errors else 200)


@blueprint.get("/walk/<int:walk_id>/goodbye")
@walker
def goodbye(walk_id: int) -> Response:
    """Ask once whether a walk that is coming to its end shall end before its last day."""
    view = two_of(walk_id)
    if Step.FAREWELL not in view.steps:
        return go(url_for("matching.walk", walk_id=walk_id))
    return make_response(render_template("matching/goodbye.html", walk=view, ahead=chat_ahead(walk_id)))


@blueprint.post("/walk/<int:walk_id>/goodbye")
@walker
def farewell(walk_id: int) -> Response:
    """End it now."""
    two_of(walk_id)
    return _taken(
        walk_id,
        lambda: matching_services.farewell(
            walk_id, me().id, revision=seen_revision(), key=request_key(), now=clock.now()
        ),
        _goodbye_words(),
    )


def two_of(walk_id: int) -> WalkView:
    """Return a walk for one of its two while they know one another, or after it has ended well; nobody else."""
    view = matching_queries.walk_for(me().id, walk_id)
    if view is None or (view.other_id is None and view.state is not State.ENDED):
        raise NotFound
    return view


def chat_ahead(walk_id: int) -> str:
    """Return when the chat that is ahead is, in words; of several the next one, with those after it; or nothing."""
    actor, now = me(), clock.now()
    coming: list[datetime] = [
        chat.starts_at
        for chat in home_queries.chats_of_walk(actor.id, walk_id)
        if chat.state is BookingState.BOOKED and chat.starts_at > now
    ]
    if not coming:
        return ""
    when = when_words(coming[0], actor.zone)
    return when if len(coming) == 1 else str(_("%(when)s, and those after it,", when=when))


def _taken(walk_id: int, verb: Callable[[], int], done: str) -> Response:
    try:
        verb()
    except (Stale, NoRoom, NotAllowed) as error:
        flash(sentence_of(error), "look")
    else:
        flash(done, "well")
    return go(url_for("matching.walk", walk_id=walk_id))


def _goodbye_words() -> str:
    return str(_("This walk has come to its end. The page for your lines stays, for you both."))


def _hints(view: WalkView) -> dict[str, str]:
    other = matching_queries.revealed(view.id, me().id)
    zone = me().zone if view.role is Actor.MEMBER or other is None else other.zone
    hints = {
        taper.value: str(_("Until %(day)s.", day=date_words(last_day(taper, zone, clock.now())))) for taper in Taper
    }
    hints[Taper.TODAY] = str(_("For when you have said goodbye already, or would rather not meet again."))
    return hints
