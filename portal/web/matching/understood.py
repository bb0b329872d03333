"""What the portal went by, as answers a member can change, and looking again with what they tell now."""

from flask import Response, flash, make_response, render_template, url_for
from flask_babel import gettext as _

from portal import clock
from portal.domain.errors import BadInput, NotFound, Stale
from portal.domain.experience import WISH_KIND_WORDS, WishKind
from portal.domain.matching.walk import State
from portal.queries import experience as experience_queries
from portal.queries import matching as matching_queries
from portal.queries.experience import MemberTold
from portal.services import matching as matching_services
from portal.web.access import me
from portal.web.doors import member
from portal.web.errors import sentence_of
from portal.web.experience.member import WAY
from portal.web.experience.words import MEMBER_ROWS, NOT_SAID, Row, topic_words, where_asked
from portal.web.htmx import go
from portal.web.matching.blueprint import blueprint
from portal.web.steps import request_key, seen_revision

WENT_BY = ("wishes", "formats", "where", "languages", "styles", "times")


@blueprint.get("/match/understood")
@member
def understood() -> Response:
    """Show what people are suggested by, each with a way to change it."""
    actor = me()
    told = experience_queries.member_told(actor.id)
    if told is None or not told.topics:
        return go(url_for("experience.start"))
    walk_id = matching_queries.open_walk_of(actor.id)
    walk = matching_queries.walk_for(actor.id, walk_id) if walk_id is not None else None
    page = render_template(
        "matching/understood.html",
        told=told,
        rows=_rows(told),
        hrefs=WAY.addresses(),
        topic_words=topic_words,
        walk=walk,
        may_look=walk is not None and walk.state is State.SHORTLISTED,
    )
    return make_response(page)


@blueprint.post("/match/<int:walk_id>/look-again")
@member
def look_again(walk_id: int) -> Response:
    """Make new cards from what the member tells now."""
    actor = me()
    if matching_queries.walk_for(actor.id, walk_id) is None:
        raise NotFound
    before = _on_cards(walk_id)
    try:
        matching_services.look_again(walk_id, actor.id, revision=seen_revision(), key=request_key(), now=clock.now())
    except (BadInput, Stale) as error:
        flash(sentence_of(error), "look")
        return go(url_for("matching.cards"))
    same = before == _on_cards(walk_id)
    flash(_("We have looked again: the same people fit.") if same else _("We have looked again."), "well")
    return go(url_for("matching.cards"))


def _on_cards(walk_id: int) -> set[int]:
    return {row.peer_id for row in matching_queries.cards_of(walk_id, me().id)}


def _rows(told: MemberTold) -> list[Row]:
    hrefs = WAY.addresses()
    words = {name: (label, value) for name, label, value in MEMBER_ROWS}
    rows = [
        {"label": _(words[name][0]), "value": words[name][1](told), "href": hrefs[name]}
        for name in WENT_BY
        if name != "where" or where_asked(told)
    ]
    matters = ", ".join(_(WISH_KIND_WORDS[WishKind(kind)]) for kind in told.about.get("identity_matters") or ())
    return [*rows, {"label": _("What matters to me"), "value": matters or _(NOT_SAID), "href": hrefs["traits"]}]
