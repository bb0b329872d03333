"""One pair of a proposal: why these two, and what a coordinator decides about them before anybody hears of it."""

from dataclasses import dataclass

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _

from portal import clock
from portal.domain.errors import NotFound
from portal.domain.matching.together import Mark
from portal.domain.matching.walk import State
from portal.queries import care as care_queries
from portal.queries import matching as matching_queries
from portal.queries.matching import PairView
from portal.services.matching import proposing
from portal.web.access import me
from portal.web.care.blueprint import blueprint
from portal.web.care.proposal_words import row
from portal.web.care.words import fit_shown, zone_line
from portal.web.doors import coordinator
from portal.web.htmx import go


@dataclass(frozen=True)
class Other:
    """Somebody else who fits and could be kept together with the member in the next run."""

    peer_id: int
    name: str


@blueprint.get("/care/proposal/pairs/<int:pair_id>")
@coordinator
def proposed_pair(pair_id: int) -> Response:
    """Show why these two, or why nobody; what is tender stays closed."""
    pair, now, zone = _pair(pair_id), clock.now(), me().zone
    stands = matching_queries.proposal(now)
    if stands is None:
        raise NotFound
    care = care_queries.kind_words({pair.peer_id} if pair.peer_id else (), me().id, now)
    page = render_template(
        "care/proposal_pair.html",
        stands=stands,
        pair=row(pair, now, care.get(pair.peer_id or 0)),
        zone=zone_line(zone),
        fit=fit_shown(pair.why, zone, opened=False) if pair.why else None,
        others=_others(pair),
    )
    return make_response(page)


@blueprint.post("/care/proposal/pairs/<int:pair_id>/drop")
@coordinator
def drop_pair(pair_id: int) -> Response:
    """Leave this pair out; the member waits as before."""
    _pair(pair_id)
    proposing.drop(pair_id, me().id, now=clock.now())
    flash(_("Left out. The member waits as before, and keeps the place in the row."), "well")
    return go(url_for("care.proposal"))


@blueprint.post("/care/proposal/pairs/<int:pair_id>/pin")
@coordinator
def pin_pair(pair_id: int) -> Response:
    """Keep the member together with this peer in the next run, or with the one that was named."""
    return _mark(pair_id, Mark.PIN)


@blueprint.post("/care/proposal/pairs/<int:pair_id>/forbid")
@coordinator
def forbid_pair(pair_id: int) -> Response:
    """Never propose these two again, until it is taken back."""
    return _mark(pair_id, Mark.FORBID)


def _mark(pair_id: int, mark: Mark) -> Response:
    pair = _pair(pair_id)
    peer_id = request.form.get("peer_id", pair.peer_id, type=int)
    if peer_id is None:
        raise NotFound
    if mark is Mark.PIN:
        proposing.pin(pair.member_id, peer_id, me().id, now=clock.now())
        flash(_("Kept together in the next run. Run again to see what it changes."), "well")
    else:
        proposing.forbid(pair.member_id, peer_id, me().id, now=clock.now())
        # What was done, and the way to take it back, stand together at the head of that page.
        return go(url_for("care.proposal", apart=f"{pair.member_id}-{peer_id}"))
    return go(url_for("care.proposal"))


def _pair(pair_id: int) -> PairView:
    pair = matching_queries.proposed_pair(pair_id)
    if pair is None:
        raise NotFound
    return pair


def _others(pair: PairView) -> list[Other]:
    """Of whoever chose already, only those they chose."""
    choice = matching_queries.choice(pair.walk_id, clock.now())
    if choice is None:
        return []
    fits = choice.suggestions if choice.waiting.state is State.CHOSEN else (*choice.suggestions, *choice.others)
    chosen = choice.waiting.state is not State.CHOSEN or choice.waiting.choose_with_me
    return [Other(why.peer_id, why.name) for why in fits if why.peer_id != pair.peer_id and (chosen or why.rank)]
