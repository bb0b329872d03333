"""A peer's offer: one question a page, the application, and afterwards their room, their rest and their readiness."""

from datetime import datetime

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _

from portal import clock
from portal.domain.account import PeerState, Role
from portal.domain.errors import BadInput
from portal.domain.matching.wellbeing import OFFER_WORDS
from portal.domain.telling import FEWER, readiness_is_old
from portal.domain.words import N_
from portal.queries import experience as experience_queries
from portal.queries.experience import PeerTold
from portal.services import experience as experience_services
from portal.web.access import me
from portal.web.doors import peer
from portal.web.errors import sentence_of
from portal.web.experience.blueprint import blueprint
from portal.web.experience.own_steps import Agreement, Room, Words
from portal.web.experience.place_step import Where
from portal.web.experience.steps import Closed, Part, Teller, Told
from portal.web.experience.topic_steps import Standings, Topics
from portal.web.experience.way import Way, answer, show
from portal.web.experience.wellbeing import felt_choices
from portal.web.experience.wish_steps import Traits
from portal.web.experience.words import peer_rows, places_words, strain_words, topic_words
from portal.web.htmx import go
from portal.web.times import day_words

STEPS = (
    Topics(Role.PEER),
    Standings(Role.PEER),
    Words("story", "experience/story.html", {"story": (N_("Your story, in a few lines"), True)}),
    Words("line", "experience/line.html", {"line": (N_("One line about you"), False)}),
    Closed(
        "styles",
        Part(
            "styles",
            N_("How do you like to talk?"),
            N_("As many as are true."),
            N_("Two people who like to talk in the same way find it easier to go on."),
        ),
    ),
    Closed(
        "formats",
        Part(
            "formats",
            N_("How would you like to meet?"),
            N_("If you skip this, any of them is fine."),
            N_("You are only asked by people who can meet you in one of these ways."),
        ),
    ),
    Where(),
    Closed(
        "languages",
        Part(
            "languages",
            N_("Which languages can you talk in?"),
            N_("If you skip this, we take the language of these pages."),
            N_("You are only asked by people who share one with you."),
        ),
    ),
    Closed(
        "pathways",
        Part(
            "pathways",
            N_("Which ways do you know?"),
            N_("None of them is better than another."),
            N_("Some people like to meet somebody who went the same way."),
        ),
    ),
    Traits(Role.PEER),
    Words("limits", "experience/limits.html", {"limits": (N_("What are your limits?"), True)}),
    Room(),
    Agreement(),
)


def _over(told: Told | None) -> bool:
    return isinstance(told, PeerTold) and told.applied_at is not None


def _at_end(teller: Teller) -> None:
    """Nothing is sent by itself: the application has its own button."""


WAY = Way(
    role=Role.PEER,
    steps=STEPS,
    told=experience_queries.peer_told,
    page="experience.peer_step",
    start="experience.peer",
    check="experience.peer",
    over=_over,
    at_end=_at_end,
)


@blueprint.get("/experience/peer", endpoint="peer")
@peer
def peer_start() -> Response:
    """Say where the peer is: telling, waiting to be approved, or here for others."""
    now = clock.now()
    told = experience_queries.peer_told(me().id)
    first = WAY.address(1)
    if told is None:
        page = render_template("experience/peer_begin.html", first=first, total=len(STEPS), minutes=WAY.minutes(1))
        return make_response(page)
    here = told.state is PeerState.APPROVED
    wellbeing = experience_queries.wellbeing_of(me().id, now)
    page = render_template(
        "experience/peer.html",
        told=told,
        rows=peer_rows(told, WAY.addresses()),
        hrefs=WAY.addresses(),
        here=here,
        topic_words=topic_words,
        going_on=WAY.address(min(told.step, len(STEPS))),
        answered=told.step > len(STEPS),
        number=min(told.step, len(STEPS)),
        total=len(STEPS),
        room=places_words(told.capacity_halves),
        was=lowered_from(told.capacity_halves),
        ready_day=day_words(told.ready_at, me().zone) if told.ready_at is not None else "",
        wellbeing=wellbeing,
        strain_words=strain_words,
        offer_words=_(OFFER_WORDS),
        talk_day=day_words(wellbeing.talk_at, me().zone) if wellbeing and wellbeing.talk_at else "",
        chats=_chats(now) if here else [],
        felt_choices=felt_choices(),
        ask_ready=here and told.resting_since is None and readiness_is_old(told.ready_at, now),
    )
    return make_response(page)


@blueprint.get("/experience/peer/<int:number>")
@peer
def peer_step(number: int) -> Response:
    """Ask one question."""
    return show(WAY, number)


@blueprint.post("/experience/peer/<int:number>")
@peer
def keep_peer_step(number: int) -> Response:
    """Keep one answer."""
    return answer(WAY, number)


@blueprint.post("/experience/peer/apply")
@peer
def apply() -> Response:
    """Send the application; what is missing is asked for."""
    try:
        experience_services.apply_as_peer(me().id, now=clock.now())
    except BadInput as error:
        flash(sentence_of(error), "look")
        return go(WAY.address(WAY.number(error.field)))
    flash(_("Your application is on its way. A coordinator reads it and writes to you."), "well")
    return go(url_for("experience.peer"))


@blueprint.post("/experience/peer/rest")
@peer
def rest() -> Response:
    """Rest: nobody new asks until the peer is back."""
    experience_services.rest(me().id, now=clock.now())
    flash(_("You are resting. Nobody new asks you, and nobody is told why."), "well")
    return go(url_for("experience.peer"))


@blueprint.post("/experience/peer/back")
@peer
def back() -> Response:
    """Be back from a rest."""
    experience_services.come_back(me().id, now=clock.now())
    flash(_("Good to have you back. People may ask you again."), "well")
    return go(url_for("experience.peer"))


@blueprint.post("/experience/peer/ready")
@peer
def ready() -> Response:
    """Keep that the peer is still ready."""
    experience_services.confirm_ready(me().id, now=clock.now())
    flash(_("Thank you. You stay on the list."), "well")
    return go(url_for("experience.peer"))


@blueprint.post("/experience/peer/fewer")
@peer
def fewer() -> Response:
    """Make room for one person fewer."""
    before = experience_services.lower_capacity(me().id, key=request.form.get("request_key", ""), now=clock.now())
    return go(url_for("experience.peer", was=before))


def lowered_from(halves: int) -> int:
    """Return what the room was before one place was taken off it a moment ago; 0 where that is not so any more."""
    was = request.args.get("was", 0, type=int)
    return was if was > 0 and max(0, was - FEWER) == halves else 0


def _chats(now: datetime) -> list[tuple[int, str, str]]:
    """Return the last chats as the number of each, its day, and how it was."""
    return [
        (chat.booking_id, day_words(chat.starts_at, me().zone), str(chat.felt or ""))
        for chat in experience_queries.last_chats(me().id, now)
    ]
