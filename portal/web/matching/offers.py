"""Asking who offers: the member's page before it, and what peers who were asked read and answer."""

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _

from portal import clock
from portal.domain.errors import BadInput, NoRoom, NotFound, PortalError, Stale
from portal.domain.matching.offers import NOT_READY
from portal.domain.matching.walk import MOVED_ON, Step
from portal.queries import experience as experience_queries
from portal.queries import matching as matching_queries
from portal.queries.matching import OfferPlace, OfferView
from portal.services import matching as matching_services
from portal.web.access import me
from portal.web.doors import member, peer
from portal.web.errors import sentence_of
from portal.web.htmx import go
from portal.web.matching.asking import shown_asking, told_to_peers
from portal.web.matching.blueprint import blueprint
from portal.web.steps import request_key, seen_revision
from portal.web.times import day_words


@blueprint.get("/match/<int:walk_id>/who-offers")
@member
def asking_who(walk_id: int) -> Response:
    """Show what peers will read, and what happens, before anybody is asked."""
    actor = me()
    walk = matching_queries.walk_for(actor.id, walk_id)
    if walk is None:
        raise NotFound
    if Step.ASK_WHO_OFFERS not in walk.steps:
        return go(url_for("matching.cards"))
    told = experience_queries.member_told(actor.id)
    rows = told_to_peers(matching_queries.topics_told(actor.id), told.about if told is not None else {})
    return make_response(render_template("matching/who_offers.html", walk=walk, rows=rows))


@blueprint.post("/match/<int:walk_id>/who-offers")
@member
def ask_who_offers(walk_id: int) -> Response:
    """Ask peers who fit, without a name."""
    try:
        matching_services.ask_who_offers(walk_id, me().id, revision=seen_revision(), key=request_key(), now=clock.now())
    except (BadInput, Stale) as error:
        flash(sentence_of(error), "look")
        if isinstance(error, BadInput) and error.field == "consent":
            return go(url_for("account.consents", back=url_for("matching.cards")))
        return go(url_for("matching.cards"))
    flash(_("They have been asked, without your name. We write to you when somebody offers."), "well")
    return go(url_for("matching.cards"))


@blueprint.get("/offers/<int:walk_id>")
@peer
def offer(walk_id: int) -> Response:
    """Show an asking without a name; once it is over, say so kindly."""
    view = _view(walk_id)
    if matching_queries.asking(walk_id, me().id, clock.now()) is not None:
        return go(url_for("matching.invitation", walk_id=walk_id))
    return _page(view)


@blueprint.post("/offers/<int:walk_id>/yes")
@peer
def make_offer(walk_id: int) -> Response:
    """Offer to walk with whoever asks."""
    view = _view(walk_id)
    try:
        matching_services.offer(walk_id, me().id, key=request_key(), now=clock.now())
    except Stale as error:
        flash(sentence_of(error), "look")
        return go(url_for("matching.asked"))
    except NoRoom as error:
        return _page(view, error)
    flash(_("Thank you. They can choose you now. We write to you if they do."), "well")
    return go(url_for("matching.asked"))


@blueprint.post("/offers/<int:walk_id>/not-now")
@peer
def leave_it(walk_id: int) -> Response:
    """Leave an asking to others, or take an offer back; without a reason."""
    view = _view(walk_id)
    if view.place is OfferPlace.OFFERED and request.form.get("seen") == OfferPlace.OPEN:
        flash(_(MOVED_ON), "look")  # a page from before the offer: "not now" was not meant to take it back
        return go(url_for("matching.offer", walk_id=walk_id))
    try:
        matching_services.leave_it(walk_id, me().id, key=request_key(), now=clock.now())
    except Stale as error:
        flash(sentence_of(error), "look")
        return go(url_for("matching.asked"))
    taken_back = view.place is OfferPlace.OFFERED
    flash(
        _("You have taken it back. Nobody is told why.") if taken_back else _("That is fine. Nobody learns of it."),
        "well",
    )
    return go(url_for("matching.asked"))


def _view(walk_id: int) -> OfferView:
    view = matching_queries.offer_view(walk_id, me().id, clock.now())
    if view is None:
        raise NotFound
    return view


def _page(view: OfferView, told: PortalError | None = None) -> Response:
    zone = me().zone
    asking = view.asking
    page = render_template(
        "matching/offer.html",
        view=view,
        asking=shown_asking(asking, zone) if asking is not None else None,
        until=day_words(asking.answer_by, zone) if asking is not None and asking.answer_by is not None else "",
        cannot=_(view.cannot) if view.cannot else "",
        not_ready=view.cannot == NOT_READY,
    )
    return make_response(page, told.status if told is not None else 200)
