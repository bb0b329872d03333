"""What the carrier of text messages calls us with, signed: words that somebody wrote, and what became of a text."""

from flask import Response, current_app, make_response, request
from flask_babel import gettext as _

from portal import clock
from portal.domain.checkin import suggests_lines
from portal.domain.errors import NotAllowed, NotFound
from portal.domain.notice import Asked
from portal.domain.words import N_
from portal.services.notice import texts
from portal.services.notice.texts import Heard, help_numbers
from portal.web.doors import public
from portal.web.notice.blueprint import blueprint

SIGNATURE = "X-Twilio-Signature"
# Set where the carrier has answered STOP, START or HELP itself: two answers to one word would be one too many.
ANSWERED = "OptOutType"


@blueprint.post("/texts/heard")
@public
def text_heard() -> Response:
    """Do what a text asks for, and answer it."""
    said = _signed()
    words = said.get("Body", "")
    heard = texts.hear(said.get("From", ""), words, said.get("MessageSid", ""), now=clock.now())
    answer = "" if ANSWERED in said else _answer(heard, words)
    response = make_response(texts.answer(answer))
    response.headers["Content-Type"] = "text/xml; charset=utf-8"
    return response


@blueprint.post("/texts/receipt/<int:notice_id>")
@public
def text_receipt(notice_id: int) -> Response:
    """Keep what became of a text."""
    told = _signed()
    texts.note_receipt(
        notice_id,
        told.get("MessageSid", ""),
        told.get("MessageStatus", ""),
        told.get("ErrorCode", ""),
        now=clock.now(),
    )
    return make_response("", 204)


def _signed() -> dict[str, str]:
    """Return what the carrier says; NotFound where texts are off, NotAllowed where it was not the carrier."""
    carrier = texts.carrier()
    if carrier is None:
        raise NotFound
    said = request.form.to_dict()
    # As the carrier knows the address: a proxy may have changed the one that reached us.
    url = current_app.config["BASE_URL"] + request.full_path.rstrip("?")
    if not carrier.signed(url, said, request.headers.get(SIGNATURE, "")):
        raise NotAllowed(N_("That did not come from this site, so nothing was changed."))
    return said


def _answer(heard: Heard, words: str) -> str:
    lines = help_numbers(_)
    if heard.asked is Asked.STOP:
        return str(_("No more texts come from this number. Write START to have them again."))
    if heard.asked is Asked.START:
        return str(_("Texts come again. Write STOP to end them."))
    if heard.asked is Asked.HELP:
        return str(_("This number sends notes you asked for. STOP ends them. To talk to somebody now: %(l)s", l=lines))
    if heard.refused is not None:
        return str(_(heard.refused.sentence, **heard.refused.values))
    if heard.relayed:
        # A gentle word to the writer alone; nobody else is told.
        return str(_("It is in your thread. To talk to somebody now: %(l)s", l=lines)) if suggests_lines(words) else ""
    if heard.alone:
        gone = _("Your thread does not come by text just now, so this was not kept. You can write it on its page.")
        return f"{gone} {_('To talk to somebody now: %(l)s', l=lines)}"
    return str(_("Nobody reads texts to this number. To talk to somebody now: %(l)s. STOP ends these texts.", l=lines))
