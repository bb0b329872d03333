"""After both yeses: who the other is, how to reach them, the chats, how it was, and someone else at any time."""

from dataclasses import asdict, dataclass
from datetime import datetime

from flask import Response, flash, make_response, render_template, url_for
from flask_babel import gettext as _

from portal import clock
from portal.domain.booking import BookingState, room_ahead
from portal.domain.errors import NotAllowed, NotFound, Stale
from portal.domain.matching.walk import Actor, State, Step
from portal.queries import booking as booking_queries
from portal.queries import home as home_queries
from portal.queries import matching as matching_queries
from portal.queries import slots as slots_queries
from portal.queries.matching import Revealed, WalkView
from portal.services import matching as matching_services
from portal.web.access import me
from portal.web.booking.days import Eyes, Time, page_of
from portal.web.checkin.card import between
from portal.web.doors import walker
from portal.web.errors import sentence_of
from portal.web.home.partings import parting_sentence
from portal.web.home.together import TOGETHER, chat_title
from portal.web.htmx import go
from portal.web.matching.blueprint import blueprint
from portal.web.matching.forms import ReflectForm
from portal.web.matching.words import formats_words, stage_words, styles_words
from portal.web.steps import request_key, seen_revision
from portal.web.times import also_words, date_words, when_words, zone_words


@dataclass(frozen=True)
class SoonTime(Time):
    """One time that leads to a look at it."""

    href: str


@blueprint.get("/walk/<int:walk_id>")
@walker
def walk(walk_id: int) -> Response:
    """Show the other of the two, and what comes next."""
    actor, now = me(), clock.now()
    parting = matching_queries.parting(actor.id, walk_id)
    if parting is not None and parting.state is not State.ENDED:
        if parting not in matching_queries.partings_of(actor.id, now):  # their own page does not say it by itself
            flash(parting_sentence(parting), "look")
        return go(url_for("home.start"))
    view = _walk(walk_id)
    if view.state is State.ENDED:
        return go(url_for("matching.keepsake", walk_id=walk_id))
    revealed = matching_queries.revealed(walk_id, actor.id)
    if revealed is None:  # not both have said yes yet, or it has ended
        return go(url_for("matching.cards" if view.role is Actor.MEMBER else "matching.asked"))
    chats = home_queries.chats_of_walk(actor.id, walk_id)
    coming = [chat for chat in chats if chat.state is BookingState.BOOKED and chat.ends_at > now]
    page = render_template(
        "matching/walk.html",
        walk=view,
        other=revealed,
        together=TOGETHER[view.state],
        other_zone=zone_words(revealed.zone) if revealed.zone != actor.zone else "",
        formats=formats_words(revealed.formats),
        styles=styles_words(revealed.styles),
        topics=[(topic.name, stage_words(topic.stage)) for topic in revealed.topics],
        coming=[
            {
                "id": chat.id,
                "title": chat_title(chat),
                "iso": chat.starts_at.isoformat(),
                "when": when_words(chat.starts_at, actor.zone),
                "also": also_words(chat.starts_at, actor.zone, chat.other_zone, chat.other_name),
            }
            for chat in coming
        ],
        past=[
            (chat.id, chat_title(chat), when_words(chat.starts_at, actor.zone), chat.state is BookingState.NOT_MADE)
            for chat in chats
            if chat not in coming and chat.starts_at <= now
        ],
        may_book=room_ahead(view.state, len(booking_queries.chats_ahead(walk_id, now))) > 0,
        soonest=_soonest(view, revealed, now) if view.state is State.BOTH_YES and not coming else [],
        last_day=date_words(view.ends_on) if view.ends_on is not None else "",
        thread=between(walk_id, actor, now),
    )
    return make_response(page)


@blueprint.route("/walk/<int:walk_id>/reflect", methods=["GET", "POST"])
@walker
def reflect(walk_id: int) -> Response:
    """Ask how it was; the other never sees the answer."""
    view = _walk(walk_id)
    if view.other_id is None:
        raise NotFound
    if view.state is not State.REFLECTION:
        return go(url_for("matching.walk", walk_id=walk_id))
    form = ReflectForm(answer=view.answered.value if view.answered is not None else None)
    if form.validate_on_submit():
        try:
            return _reflected(view, Step(form.answer.data), form.words.data or "")
        except Stale as error:
            flash(sentence_of(error), "look")
            return go(url_for("matching.walk", walk_id=walk_id))
    page = render_template("matching/reflect.html", form=form, walk=view)
    return make_response(page, 422 if form.errors else 200)


@blueprint.get("/walk/<int:walk_id>/someone-else")
@walker
def leaving(walk_id: int) -> Response:
    """Ask once whether to look for someone else."""
    view = _walk(walk_id)
    if Step.SOMEONE_ELSE not in view.steps:
        return go(url_for("matching.walk", walk_id=walk_id))
    return make_response(render_template("matching/someone_else.html", walk=view, is_member=view.role is Actor.MEMBER))


@blueprint.post("/walk/<int:walk_id>/someone-else")
@walker
def someone_else(walk_id: int) -> Response:
    """End this walk without a reason; for the member, look again."""
    view = _walk(walk_id)
    try:
        matching_services.someone_else(walk_id, me().id, revision=seen_revision(), key=request_key(), now=clock.now())
    except (Stale, NotAllowed) as error:
        flash(sentence_of(error), "look")
        return go(url_for("matching.walk", walk_id=walk_id))
    return _parted(view)


def _walk(walk_id: int) -> WalkView:
    view = matching_queries.walk_for(me().id, walk_id)
    if view is None:
        raise NotFound
    return view


def _soonest(view: WalkView, other: Revealed, now: datetime) -> list[SoonTime]:
    """Return the first few times that suit both, each leading to one look at it."""
    member_id, peer_id = (me().id, other.other_id) if view.role is Actor.MEMBER else (other.other_id, me().id)
    eyes = Eyes(me().zone, other.zone, other.other_name)
    soonest = page_of(slots_queries.open_times(peer_id, member_id, now), eyes, "").soonest
    return [
        SoonTime(**asdict(time), href=url_for("booking.check", walk_id=view.id, starts_at=time.value))
        for time in soonest
    ]


def _reflected(view: WalkView, answer: Step, words: str) -> Response:
    matching_services.reflect(view.id, me().id, answer, words, key=request_key(), now=clock.now())
    if answer is Step.SOMEONE_ELSE:
        return _parted(view)
    thanks = str(_("Thank you. Only a coordinator can read what you wrote."))
    if answer is Step.UNSURE:
        thanks = f"{thanks} {_('Not sure is a fine answer. We ask again after your next chat, if there is one.')}"
    flash(thanks, "well")
    return go(url_for("matching.walk", walk_id=view.id))


def _parted(view: WalkView) -> Response:
    if view.role is Actor.MEMBER:
        flash(_("That is all right, and needs no reason. We look for somebody else with you."), "well")
        return go(url_for("matching.cards"))
    flash(_("That is all right, and needs no reason. Somebody else is found for them."), "well")
    return go(url_for("matching.asked"))
