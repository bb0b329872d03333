"""The peers: who offers, who would like a talk, whom a kind word would reach, and who looks after whom."""

from math import ceil

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _

from portal import clock
from portal.domain.account import PeerState
from portal.domain.errors import BadInput, NotFound, Stale
from portal.domain.experience import READINESS_WORDS
from portal.queries import care as care_queries
from portal.queries import experience as experience_queries
from portal.services import experience as experience_services
from portal.web.access import me
from portal.web.care.blueprint import blueprint
from portal.web.care.forms import LookAfterForm
from portal.web.care.peer_rows import peer_row
from portal.web.care.words import NO_LETTER_TO_PEER, load_words, with_no_letter
from portal.web.doors import coordinator
from portal.web.errors import sentence_of
from portal.web.experience.words import peer_rows
from portal.web.htmx import go
from portal.web.matching.words import stage_words
from portal.web.steps import request_key
from portal.web.times import day_words

A_PAGE = 50


@blueprint.get("/care/peers")
@coordinator
def people() -> Response:
    """Show who offers to be a peer, every peer with their room and how they are, and who looks after whom."""
    return _page()


@blueprint.get("/care/peers/<int:peer_id>")
@coordinator
def application(peer_id: int) -> Response:
    """Show what a peer told, and write down that somebody read it."""
    profile = experience_queries.profile_of(peer_id)
    if profile is None or profile.peer is None or profile.peer.applied_at is None:
        raise NotFound
    experience_services.note_reading(peer_id, me().id, now=clock.now())
    topics = [
        {
            "label": topic.name,
            "value": ", ".join(
                part
                for part in (stage_words(topic.stage), _(READINESS_WORDS[topic.readiness]) if topic.readiness else "")
                if part
            ),
        }
        for topic in profile.peer.topics
    ]
    page = render_template(
        "care/application.html",
        profile=profile,
        topics=topics,
        rows=peer_rows(profile.peer),
        waits=profile.peer.state is PeerState.APPLIED,
        applied=day_words(profile.peer.applied_at, me().zone),
    )
    return make_response(page)


@blueprint.post("/care/peers/<int:peer_id>/approve")
@coordinator
def approve_peer(peer_id: int) -> Response:
    """Welcome somebody as a peer; they get a letter."""
    experience_services.approve_peer(peer_id, me().id, key=request_key(), now=clock.now())
    done = _("Welcomed, and in your care. They can be asked from now on.")
    flash(with_no_letter(done, peer_id, NO_LETTER_TO_PEER), "well")
    return go(url_for("care.people"))


@blueprint.post("/care/peers/<int:peer_id>/looked-after")
@coordinator
def look_after(peer_id: int) -> Response:
    """Give a peer into the care of a coordinator."""
    form = LookAfterForm()
    try:
        experience_services.look_after(peer_id, form.chosen(), seen=form.seen(), actor_id=me().id, now=clock.now())
    except (BadInput, Stale) as error:
        return _page(sentence_of(error), error.status)
    flash(_("Saved. You can change it back in the same place."), "well")
    return go(url_for("care.people"))


@blueprint.post("/care/talks/<int:talk_id>/settle")
@coordinator
def settle_talk(talk_id: int) -> Response:
    """Keep that a coordinator and the peer have talked."""
    experience_services.settle_talk(talk_id, me().id, now=clock.now())
    kind, words = _settled_words(talk_id)
    flash(words, kind)
    return go(url_for("care.people"))


def _settled_words(talk_id: int) -> tuple[str, str]:
    settled = care_queries.talk_settled(talk_id)
    if settled is not None and settled.by_id != me().id:
        return "look", str(_("%(name)s has talked with them already.", name=settled.by_name))
    kept = str(_("Kept: you have talked. They can ask for a talk again at any time."))
    if settled is not None and settled.carer_id not in (None, me().id):
        kept += " " + str(_("%(name)s looks after them and may like to know.", name=settled.carer_name))
    return "well", kept


def _page(sentence: str = "", status: int = 200) -> Response:
    now, zone = clock.now(), me().zone
    carers = care_queries.carers()
    coordinators = [(carer.person_id, carer.name) for carer in carers]
    everybody = care_queries.peers(now, me().id)
    shows = {"all": everybody, "word": [peer for peer in everybody if peer.talk or peer.strains]}
    shows["mine"] = [peer for peer in everybody if peer.coordinator_id == me().id]
    show, number = request.args.get("show", ""), max(1, request.args.get("page", 1, type=int))
    show = show if show in shows else "all"
    shown = shows[show][(number - 1) * A_PAGE : number * A_PAGE]
    experience_services.note_felt_read([peer.person_id for peer in shown if peer.felt], me().id, now=now)
    page = render_template(
        "care/people.html",
        applications=[(one, day_words(one.applied_at, zone)) for one in experience_queries.applications()],
        peers=[peer_row(peer, me().id, coordinators, zone, now) for peer in shown],
        show=show,
        counts={name: len(found) for name, found in shows.items()},
        number=number,
        pages=max(1, ceil(len(shows[show]) / A_PAGE)),
        carers=[(carer, load_words(carer)) for carer in carers],
        mine=next(((carer, load_words(carer)) for carer in carers if carer.person_id == me().id), None),
        talks=care_queries.talk_wishes_open(),
        sentence=sentence,
    )
    return make_response(page, status)
