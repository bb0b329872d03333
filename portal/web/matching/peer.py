"""A peer's side: who asks, why them, yes or not now."""

from flask import Response, flash, make_response, render_template, url_for
from flask_babel import gettext as _

from portal import clock
from portal.domain.errors import NoRoom, NotFound, Stale
from portal.domain.matching.walk import MOVED_ON
from portal.domain.slots import ChatWishes
from portal.queries import matching as matching_queries
from portal.queries import own_hours as own_queries
from portal.services import matching as matching_services
from portal.web.access import me
from portal.web.doors import peer
from portal.web.errors import sentence_of
from portal.web.htmx import go
from portal.web.matching.asking import shown_asking, shown_line
from portal.web.matching.blueprint import blueprint
from portal.web.steps import request_key, seen_revision


@blueprint.get("/asked")
@peer
def asked() -> str:
    """Show who asks this peer, and whom they walk with."""
    actor, now = me(), clock.now()
    return render_template(
        "matching/asked.html",
        askings=[shown_asking(asking, actor.zone) for asking in matching_queries.asked_of(actor.id, now)],
        offers=[shown_line(line) for line in matching_queries.offers_open_to(actor.id, now)],
        offered=[shown_line(line) for line in matching_queries.offers_made_by(actor.id, now)],
        walks=matching_queries.walks_of_peer(actor.id),
    )


@blueprint.get("/asked/<int:walk_id>")
@peer
def invitation(walk_id: int) -> Response:
    """Show why this peer was asked; the name comes after both yeses."""
    actor = me()
    asking = matching_queries.asking(walk_id, actor.id, clock.now())
    if asking is not None:
        wishes = own_queries.wishes_of(actor.id) or ChatWishes()
        page = render_template(
            "matching/invitation.html", asking=shown_asking(asking, actor.zone), minutes=wishes.length_minutes
        )
        return make_response(page)
    walk = matching_queries.walk_for(actor.id, walk_id)
    if walk is not None:
        return go(url_for("matching.walk", walk_id=walk_id))
    if not matching_queries.was_asked(walk_id, actor.id):
        raise NotFound
    flash(_(MOVED_ON), "look")
    return go(url_for("matching.asked"))


@blueprint.post("/asked/<int:walk_id>/yes")
@peer
def say_yes(walk_id: int) -> Response:
    """Say yes to walking with this member."""
    try:
        matching_services.say_yes(walk_id, me().id, revision=seen_revision(), key=request_key(), now=clock.now())
    except (Stale, NoRoom) as error:
        flash(sentence_of(error), "look")
        return go(url_for("matching.asked"))
    flash(_("Thank you. You have both said yes; here is who it is."), "well")
    return go(url_for("matching.walk", walk_id=walk_id))


@blueprint.post("/asked/<int:walk_id>/not-now")
@peer
def not_now(walk_id: int) -> Response:
    """Say "not now", without a reason."""
    try:
        matching_services.not_now(walk_id, me().id, revision=seen_revision(), key=request_key(), now=clock.now())
    except Stale as error:
        flash(sentence_of(error), "look")
    else:
        flash(_("That is fine. Somebody else is asked; nobody is told why."), "well")
    return go(url_for("matching.asked"))
