"""The peer's side of a check-in: what it says, a rest until a day, and going on before it."""

from datetime import date, timedelta

from flask import Response, flash, make_response, render_template, url_for
from flask_babel import gettext as _

from portal import clock
from portal.domain.checkin import LONGEST_WORDS, CheckInState, usual_words
from portal.domain.checkin.rhythm import local_day
from portal.domain.errors import BadInput, NotFound, Stale
from portal.domain.matching.walk import Actor
from portal.queries import checkin as queries
from portal.queries.checkin import CheckInView, Thread
from portal.services import checkin as services
from portal.web.access import me
from portal.web.account.forms import blame
from portal.web.checkin.blueprint import blueprint
from portal.web.checkin.forms import HoldForm, LineForm, WordsForm
from portal.web.checkin.thread import thread_page
from portal.web.checkin.whose import thread_of
from portal.web.checkin.words import rhythm_words, silence_words, standing_words
from portal.web.doors import peer
from portal.web.errors import sentence_of
from portal.web.htmx import go
from portal.web.times import day_words, zone_words

A_WEEK = timedelta(weeks=1)


@blueprint.post("/walk/<int:walk_id>/check-in/words")
@peer
def words(walk_id: int) -> Response:
    """Keep the words that go out from now on."""
    found = _peers(walk_id)
    form = WordsForm()
    try:
        services.write_words(walk_id, me().id, form.words.data or "", now=clock.now())
    except BadInput as refusal:
        blame(form, refusal)
        return peers_page(found, words_form=form, status=refusal.status)
    except Stale as refusal:
        kept = LineForm(formdata=None, words=form.words.data)
        kept.words.errors = [sentence_of(refusal)]
        return thread_page(thread_of(walk_id), kept, refusal.status)
    flash(_kept_words(found), "well")
    return go(url_for("checkin.check_in", walk_id=walk_id))


@blueprint.post("/walk/<int:walk_id>/check-in/hold")
@peer
def hold(walk_id: int) -> Response:
    """Let it rest until a day."""
    found = _peers(walk_id)
    form = HoldForm()
    if not form.validate_on_submit():
        return peers_page(found, hold_form=form, status=422)
    try:
        services.hold(walk_id, me().id, form.until.data, now=clock.now())
    except BadInput as refusal:
        blame(form, refusal)
        return peers_page(found, hold_form=form, status=refusal.status)
    except Stale as refusal:
        flash(sentence_of(refusal), "look")
    else:
        flash(_("It rests, and goes on by itself. %(name)s reads that on the page.", name=found.other_name), "well")
    return go(url_for("checkin.check_in", walk_id=walk_id))


@blueprint.post("/walk/<int:walk_id>/check-in/go-on")
@peer
def go_on(walk_id: int) -> Response:
    """Let it go on now."""
    _peers(walk_id)
    try:
        services.go_on(walk_id, me().id, now=clock.now())
    except Stale as refusal:
        flash(sentence_of(refusal), "look")
    else:
        flash(_("It goes on."), "well")
    return go(url_for("checkin.check_in", walk_id=walk_id))


def _kept_words(found: Thread) -> str:
    view = queries.check_in_of(found.walk_id)
    if view is None or view.state is CheckInState.OVER:
        return str(
            _("Kept. The check-in is over: nothing goes out until %(name)s sets one anew.", name=found.other_name)
        )
    return str(_("Kept. That is what goes out from now on."))


def peers_page(
    found: Thread, *, words_form: WordsForm | None = None, hold_form: HoldForm | None = None, status: int = 200
) -> Response:
    """Return the peer's page of a check-in, also where none is set."""
    view, now = queries.check_in_of(found.walk_id), clock.now()
    if view is None or view.state is CheckInState.OVER:
        return make_response(render_template("checkin/none_set.html", thread=found, words_form=words_form), status)
    page = render_template(
        "checkin/peers_side.html",
        thread=found,
        rhythm=rhythm_words(view.rhythm),
        standing=standing_words(view, "", me().zone),
        held=view.state is CheckInState.HELD,
        zone=zone_words(view.zone) if view.zone != me().zone else "",
        changed=day_words(view.changed_at, me().zone),
        silence=silence_words(view.silence_days) if view.silence_days is not None else "",
        own=bool(view.words),
        goes_out=view.words or _(usual_words(local_day(view.next_at or now, view.zone))),
        most=LONGEST_WORDS,
        words_form=words_form or WordsForm(formdata=None, words=view.words),
        hold_form=hold_form or HoldForm(formdata=None, until=view.held_until or _in_a_week(view)),
    )
    return make_response(page, status)


def _in_a_week(view: CheckInView) -> date:
    return min(local_day(clock.now() + A_WEEK, view.zone), view.rhythm.last_day)


def _peers(walk_id: int) -> Thread:
    found = thread_of(walk_id)
    if found.role is not Actor.PEER or queries.check_in_of(walk_id) is None:
        raise NotFound
    return found
