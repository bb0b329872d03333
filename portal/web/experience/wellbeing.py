"""A peer's own well-being in one tap each: how a chat was, a talk, “I am fine”, and a lowering taken back."""

from flask import Response, flash, request, url_for
from flask_babel import gettext as _

from portal import clock
from portal.domain.booking import FELT_WORDS, Felt
from portal.domain.errors import BadInput, Stale
from portal.domain.matching.wellbeing import FELT_NOT_OFFERED
from portal.queries import experience as experience_queries
from portal.services import experience as experience_services
from portal.web.access import me
from portal.web.doors import peer
from portal.web.errors import sentence_of
from portal.web.experience.blueprint import blueprint
from portal.web.htmx import go

OFFER = "offer"
CHAT = "chat"


def felt_choices() -> list[tuple[str, str]]:
    """Return what a peer can say about a chat, with its words."""
    return [(str(felt), str(_(words))) for felt, words in FELT_WORDS.items()]


@blueprint.post("/experience/felt/<int:booking_id>")
@peer
def felt(booking_id: int) -> Response:
    """Keep how a chat was for its peer."""
    said = request.form.get("felt", "")
    if said not in set(Felt):
        raise BadInput("felt", FELT_NOT_OFFERED)
    try:
        experience_services.say_felt(booking_id, me().id, Felt(said), seen=request.form.get("seen"), now=clock.now())
    except Stale as refusal:
        if experience_queries.felt_of(me().id, booking_id) is None:
            raise
        flash(sentence_of(refusal), "look")
        return go(url_for("experience.peer", felt=booking_id, _anchor="felt"))
    flash(_("Kept: %(felt)s. Only you and the coordinator who looks after you see it.", felt=_said(said)), "well")
    if request.form.get("page") == CHAT:
        return go(url_for("booking.chat", booking_id=booking_id))
    return _back()


@blueprint.post("/experience/fine")
@peer
def fine() -> Response:
    """Keep that the peer is fine."""
    experience_services.say_fine(me().id, now=clock.now())
    flash(_("Good to know. A rest and a talk are yours at any time, on “My offer”."), "well")
    return _back()


@blueprint.post("/experience/talk")
@peer
def talk() -> Response:
    """Keep that the peer would like a talk."""
    experience_services.wish_talk(me().id, now=clock.now())
    flash(_("A coordinator gets in touch with you. You can take it back until then."), "well")
    return _back()


@blueprint.post("/experience/talk/back")
@peer
def no_talk() -> Response:
    """Take the wish for a talk back."""
    experience_services.take_talk_back(me().id, now=clock.now())
    flash(_("Taken back. You can ask for a talk at any time."), "well")
    return _back()


@blueprint.post("/experience/peer/put-back")
@peer
def put_back() -> Response:
    """Take back that the room was made smaller a moment ago."""
    experience_services.take_lowering_back(me().id, request.form.get("halves", -1, type=int), now=clock.now())
    flash(_("Your room is as it was."), "well")
    return go(url_for("experience.peer"))


def _said(felt: str) -> str:
    words = str(_(FELT_WORDS[Felt(felt)]))
    return words[:1].lower() + words[1:]


def _back() -> Response:
    return go(url_for("experience.peer" if request.form.get("page") == OFFER else "home.start"))
