"""Everyone together: ask for a proposal for all who wait, look at it, publish it, run it again."""

from flask import Response, flash, request, url_for
from flask_babel import gettext as _

from portal import clock
from portal.domain.errors import Stale
from portal.domain.matching.promises import LONGEST_DAYS
from portal.domain.matching.together import Fairness, ProposalState
from portal.queries import care as care_queries
from portal.queries import matching as matching_queries
from portal.services.matching import proposing
from portal.web.access import me
from portal.web.care.blueprint import blueprint
from portal.web.care.forms import FairnessForm
from portal.web.care.proposal_told import tell_of_publishing, tell_of_run
from portal.web.care.proposal_words import FAIRNESS_HINTS, lost_words, made_words, marked, row, whole
from portal.web.care.words import zone_line
from portal.web.doors import coordinator
from portal.web.errors import sentence_of
from portal.web.htmx import go, page_or_fragment, wants_fragment
from portal.web.steps import request_key, seen_revision

ROWS = 50


@blueprint.get("/care/proposal")
@coordinator
def proposal() -> Response:
    """Show the proposal that stands, how far one has come, or the way to one."""
    return _page(FairnessForm(formdata=None))


@blueprint.post("/care/proposal")
@coordinator
def propose() -> Response:
    """Ask for a proposal for all who wait."""
    form = FairnessForm()
    if not form.validate_on_submit():
        return _page(form, status=422)
    try:
        proposing.propose(
            me().id, Fairness(form.fairness.data), revision=seen_revision(), key=request_key(), now=clock.now()
        )
    except Stale as error:
        return _page(form, sentence_of(error), error.status)
    tell_of_run(matching_queries.proposal(clock.now()), me().id)
    return go(url_for("care.proposal"))


@blueprint.post("/care/proposal/<int:proposal_id>/publish")
@coordinator
def publish(proposal_id: int) -> Response:
    """Publish the pairs that were named, or all that are pending."""
    pair_ids = None if "all" in request.form else request.form.getlist("pair_id", type=int)
    try:
        done = proposing.publish(proposal_id, pair_ids, me().id, key=request_key(), now=clock.now())
    except Stale as error:
        return _page(FairnessForm(formdata=None), sentence_of(error), error.status)
    tell_of_publishing(done, me().id)
    return go(_here())


@blueprint.post("/care/proposal/<int:proposal_id>/close")
@coordinator
def close_proposal(proposal_id: int) -> Response:
    """Take the proposal away; nobody but coordinators knew of it."""
    proposing.close(proposal_id, me().id, now=clock.now())
    flash(_("Taken away. What was published stays published."), "well")
    return go(url_for("care.proposal"))


@blueprint.post("/care/proposal/unmark")
@coordinator
def unmark() -> Response:
    """Take a pin or a forbidding back."""
    member_id, peer_id = (request.form.get(name, type=int) for name in ("member_id", "peer_id"))
    if member_id is not None and peer_id is not None:
        proposing.unmark(member_id, peer_id, me().id, now=clock.now())
        flash(_("Taken back. The next run shows what it changes."), "well")
    return go(url_for("care.proposal"))


def _here() -> str:
    show = request.form.get("show", "")
    return url_for("care.proposal", show=show if show in matching_queries.SHOWS else None)


def _page(form: FairnessForm, sentence: str = "", status: int = 200) -> Response:
    now, zone = clock.now(), me().zone
    stands = matching_queries.proposal(now)
    ready = stands is not None and stands.state is ProposalState.READY
    if form.fairness.data is None:
        form.fairness.data = str(stands.fairness if stands else Fairness.NOBODY_OUT)
    counts = matching_queries.how_many(stands.id) if stands is not None and ready else {}
    show = request.values.get("show", "")
    if show not in counts:
        show = "open" if counts.get("open") else "all"
    page = max(1, request.args.get("page", 1, type=int))
    pairs = (
        matching_queries.proposed(stands.id, show, first=(page - 1) * ROWS, count=ROWS)
        if stands is not None and ready
        else ()
    )
    found = stands.found if stands is not None and ready else None
    care = care_queries.kind_words({pair.peer_id for pair in pairs if pair.peer_id}, me().id, now)
    marks = [marked(mark, zone) for mark in matching_queries.marks()]
    together = matching_queries.to_publish_together(stands.id, me().id, now) if stands is not None and ready else ()
    return page_or_fragment(
        "care/proposal.html",
        "care/_proposal.html",
        status=status,
        form=form,
        hints={str(fairness): _(words) for fairness, words in FAIRNESS_HINTS.items()},
        stands=stands,
        ready=ready,
        under_way=stands is not None and stands.state in matching_queries.UNDER_WAY,
        failed=stands is not None and stands.state is ProposalState.FAILED,
        whole=whole(found) if found is not None else [],
        made=made_words(stands, zone) if stands is not None else "",
        looked_again=wants_fragment(),
        lost=lost_words(found, matching_queries.names_of_lost(found)) if found is not None else [],
        marks=marks,
        parted=next((one for one in marks if one["is_apart"] and one["ids"] == request.args.get("apart")), None),
        rows=[row(pair, now, care.get(pair.peer_id or 0)) for pair in pairs],
        together=len(together),
        counts=counts,
        show=show,
        number=page,
        pages=-(-counts.get(show, 0) // ROWS),
        most=LONGEST_DAYS,
        zone=zone_line(zone),
        sentence=sentence,
    )
