"""The peers: who offers, who may be asked, who rests, how much room there is."""

from flask import Response, flash, make_response, render_template, url_for
from flask_babel import gettext as _

from portal import clock
from portal.domain.account import PeerState
from portal.domain.errors import NotFound
from portal.domain.experience import READINESS_WORDS
from portal.queries import care as care_queries
from portal.queries import experience as experience_queries
from portal.queries.care import Peer
from portal.services import experience as experience_services
from portal.web.access import me
from portal.web.care.blueprint import blueprint
from portal.web.care.words import NO_LETTER_TO_PEER, with_no_letter
from portal.web.doors import coordinator
from portal.web.experience.words import peer_rows
from portal.web.htmx import go
from portal.web.matching.words import stage_words
from portal.web.steps import request_key
from portal.web.times import day_words


@blueprint.get("/care/peers")
@coordinator
def people() -> str:
    """Show who offers to be a peer, and every peer with their room."""
    zone = me().zone
    return render_template(
        "care/people.html",
        applications=[(one, day_words(one.applied_at, zone)) for one in experience_queries.applications()],
        peers=[_shown(peer, zone) for peer in care_queries.peers(clock.now())],
    )


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
    flash(with_no_letter(_("Welcomed. They can be asked from now on."), peer_id, NO_LETTER_TO_PEER), "well")
    return go(url_for("care.people"))


def _shown(peer: Peer, zone: str) -> dict[str, object]:
    return {
        "id": peer.person_id,
        "name": peer.name,
        "state": _state_words(peer, zone),
        "free": peer.free,
        "capacity": peer.capacity,
        "room": _("%(free)g of %(all)g free", free=peer.free / 2, all=peer.capacity / 2),
        "walks": peer.walks,
    }


def _state_words(peer: Peer, zone: str) -> str:
    if peer.state is PeerState.PAUSED:
        return str(_("Paused"))
    if peer.resting_since is not None:
        return str(_("Resting since %(day)s", day=day_words(peer.resting_since, zone)))
    if not peer.ready:
        return str(_("Has not said lately that they are ready"))
    return str(_("May be asked") if peer.may_be_asked else _("Full just now"))
