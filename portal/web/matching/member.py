"""A member's side: asking, the cards, choosing, how it stands, stopping."""

from datetime import datetime

from flask import Response, flash, make_response, render_template, url_for
from flask_babel import gettext as _

from portal import clock
from portal.domain.errors import BadInput, NotFound, PortalError, Stale
from portal.domain.matching.offers import MOST_OFFERS
from portal.domain.matching.promises import overdue
from portal.domain.matching.shortlist import CARDS
from portal.domain.matching.told import NO_WISHES, SOME_WISHES
from portal.domain.matching.walk import MOVED_ON, State, Step
from portal.queries import experience as experience_queries
from portal.queries import home as home_queries
from portal.queries import matching as matching_queries
from portal.queries.matching import Card, WalkView
from portal.services import matching as matching_services
from portal.web.access import me
from portal.web.doors import member
from portal.web.errors import sentence_of
from portal.web.experience.member import WAY
from portal.web.htmx import go
from portal.web.matching.blueprint import blueprint
from portal.web.matching.forms import OrderForm
from portal.web.matching.helping import Help, helps_shown
from portal.web.matching.words import formats_words, listed, member_words, soonest_words, told_words
from portal.web.steps import request_key, seen_revision
from portal.web.times import day_words

CHOOSING = frozenset({State.SHORTLISTED, State.OFFERING})
NOT_ALL = frozenset({NO_WISHES, SOME_WISHES})


@blueprint.post("/match/ask")
@member
def ask() -> Response:
    """Look for people this member could walk with."""
    try:
        matching_services.ask(me().id, key=request_key(), now=clock.now())
    except BadInput as error:
        flash(sentence_of(error), "look")
        if error.field == "consent":
            return go(url_for("account.consents", back=url_for("matching.cards")))
        return go(url_for("experience.start"))
    return go(url_for("matching.cards"))


@blueprint.get("/match")
@member
def cards() -> Response:
    """Show the people this member could walk with, or how it stands."""
    return _page()


@blueprint.get("/match/<int:walk_id>/rank")
@blueprint.get("/match/<int:walk_id>/choose-with-me")
@blueprint.get("/match/<int:walk_id>/choose-again")
@member
def restored(walk_id: int) -> Response:
    """Lead on whoever comes back by their browser to a page that an answer was sent to."""
    if matching_queries.walk_for(me().id, walk_id) is None:
        raise NotFound
    return go(url_for("matching.cards"))


@blueprint.post("/match/<int:walk_id>/rank")
@member
def rank(walk_id: int) -> Response:
    """Take the member's order of people."""
    form = OrderForm()
    form.offer(_own_cards(walk_id))
    if not form.validate_on_submit():
        if form.moved_on() or not _may_rank(walk_id):
            return _page(told=Stale(MOVED_ON), status=Stale.status)
        return _page(form, status=422)
    try:
        matching_services.rank(
            walk_id, me().id, form.order(), revision=seen_revision(), key=request_key(), now=clock.now()
        )
    except (BadInput, Stale) as error:
        return _page(told=error, status=error.status)
    flash(_("Kept. Nobody has been asked yet."), "well")
    return go(url_for("matching.cards"))


@blueprint.post("/match/<int:walk_id>/choose-with-me")
@member
def choose_with_me(walk_id: int) -> Response:
    """Leave the order to a coordinator."""
    try:
        matching_services.choose_with_me(walk_id, me().id, revision=seen_revision(), key=request_key(), now=clock.now())
    except Stale as error:
        return _page(told=error, status=error.status)
    flash(_("Gladly. Nobody has been asked yet."), "well")
    return go(url_for("matching.cards"))


@blueprint.post("/match/<int:walk_id>/choose-again")
@member
def choose_again(walk_id: int) -> Response:
    """Take a choice back while nobody has been asked, or an asking for offers."""
    before = matching_queries.walk_for(me().id, walk_id)
    try:
        matching_services.choose_again(walk_id, me().id, revision=seen_revision(), key=request_key(), now=clock.now())
    except Stale as error:
        return _page(told=error, status=error.status)
    if before is not None and before.state is State.OFFERING:
        flash(_("We have closed the question. Nobody is told why."), "well")
    else:
        flash(_("You can choose again. Nobody has been asked."), "well")
    return go(url_for("matching.cards"))


@blueprint.get("/match/<int:walk_id>/stop")
@member
def stopping(walk_id: int) -> Response:
    """Ask once whether to stop."""
    walk = matching_queries.walk_for(me().id, walk_id)
    if walk is None:
        raise NotFound
    if not walk.open:
        return go(url_for("matching.cards"))
    return make_response(render_template("matching/stop.html", walk=walk))


@blueprint.post("/match/<int:walk_id>/stop")
@member
def stop(walk_id: int) -> Response:
    """Stop looking, or end the walk."""
    try:
        matching_services.stop(walk_id, me().id, revision=seen_revision(), key=request_key(), now=clock.now())
    except Stale as error:
        return _page(told=error, status=error.status)
    flash(_("We have stopped. What you told stays saved. You can ask again whenever you like."), "well")
    return go(url_for("home.start"))


def _own_cards(walk_id: int) -> tuple[Card, ...]:
    actor = me()
    if matching_queries.walk_for(actor.id, walk_id) is None:
        raise NotFound
    return matching_queries.cards(walk_id, actor.id, clock.now())


def _may_rank(walk_id: int) -> bool:
    walk = matching_queries.walk_for(me().id, walk_id)
    return walk is not None and walk.revision == seen_revision() and Step.RANK in walk.steps


def _page(form: OrderForm | None = None, told: PortalError | None = None, status: int = 200) -> Response:
    actor, now = me(), clock.now()
    walk_id = matching_queries.latest_walk_of(actor.id)
    walk = matching_queries.walk_for(actor.id, walk_id) if walk_id is not None else None
    sentence = sentence_of(told) if told is not None else ""
    if walk is None or not walk.open:
        experience = experience_queries.member_told(actor.id)
        finished = experience is not None and experience.finished_at is not None
        page = render_template("matching/start.html", walk=walk, finished=finished, sentence=sentence)
        return make_response(page, status)
    if walk.other_id is not None:  # both have said yes, perhaps while an older page was open
        if sentence:
            flash(sentence, "look")
        return go(url_for("matching.walk", walk_id=walk.id))
    offered = matching_queries.cards(walk.id, actor.id, now)
    if walk.state in CHOOSING:
        matching_services.mark_shown(walk.id, actor.id, now=now)
        if form is None:
            form = OrderForm(formdata=None)
            form.offer(offered)
    page = render_template(
        "matching/cards.html",
        walk=walk,
        words=member_words(walk, now, to_choose=len(offered), offered=any(card.offered for card in offered)),
        cards=[_shown(card, actor.zone) for card in offered],
        form=form,
        sentence=sentence,
        helps=_helps(walk, len(offered), now),
        told_since=walk.state is State.SHORTLISTED and matching_queries.told_since(walk.id, actor.id),
        notes=[{"words": note.words, "day": day_words(note.at, actor.zone)} for note in home_queries.notes_of(walk.id)],
        may_choose_again=Step.CHOOSE_AGAIN in walk.steps,
        may_ask_who_offers=_may_ask_who_offers(walk, offered, now),
        tell_more=WAY.addresses()["words"]
        if walk.state is State.ASKED and overdue(walk.state, walk.since, now)
        else "",
        answer_day=day_words(walk.answer_by, actor.zone) if walk.answer_by is not None else "",
    )
    return make_response(page, status)


def _own_words(walk: WalkView, now: datetime) -> str:
    """Return where a member who waits longer than was promised can write a few lines, which a coordinator reads."""
    return WAY.addresses()["words"] if walk.state is State.ASKED and overdue(walk.state, walk.since, now) else ""


def _may_ask_who_offers(walk: WalkView, on_offer: tuple[Card, ...], now: datetime) -> bool:
    if Step.ASK_WHO_OFFERS not in walk.steps or sum(card.offered for card in on_offer) >= MOST_OFFERS:
        return False
    return bool(on_offer) or matching_queries.anybody_may_offer(walk.id, now)


def _shown(card: Card, zone: str) -> dict[str, object]:
    return {
        "peer_id": card.peer_id,
        "name": card.name,
        "words": card.story or card.line,
        "both": [told_words(told) for told in card.sentences if told[0] not in NOT_ALL],
        "but": [told_words(told) for told in card.sentences if told[0] in NOT_ALL],
        "when": soonest_words(card.soonest, zone),
        "formats": formats_words(card.formats),
        "rank": card.rank,
        "asked": card.asked,
        "offered": card.offered,
        "counts": card.counts,
        "topics": listed(card.topics) if len(card.topics) > 1 else "",
    }


def _helps(walk: WalkView, to_choose: int, now: datetime) -> list[Help]:
    """Return ways on beside one or two to choose from, or where there is nobody yet.

    What keeps people from being suggested is said after a whole day: a moment after asking it would read as if the
    asking had been at fault.
    """
    if to_choose >= CARDS or walk.state not in (State.ASKED, State.SHORTLISTED):
        return []
    told = walk.state is State.SHORTLISTED or overdue(walk.state, walk.since, now)
    return helps_shown(matching_queries.what_helps(me().id, now), held_back=told, somebody=to_choose > 0)
