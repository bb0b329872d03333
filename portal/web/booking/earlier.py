"""Something earlier: the wish for it, and the time that is held for somebody; opening the page does nothing."""

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _

from portal import clock
from portal.domain.booking import BookingState, changeable
from portal.domain.booking.asking import waits
from portal.domain.booking.earlier import GONE
from portal.domain.errors import BadInput, NotFound, PortalError, Stale
from portal.domain.experience import FORMAT_WORDS, Format
from portal.queries import booking as queries
from portal.queries.booking import asking
from portal.queries.booking import earlier as earlier_queries
from portal.queries.booking.asking import Asked
from portal.services import booking as services
from portal.web.access import me
from portal.web.booking.blueprint import blueprint
from portal.web.booking.days import Eyes, shown_time
from portal.web.doors import member
from portal.web.errors import sentence_of
from portal.web.htmx import go
from portal.web.steps import request_key
from portal.web.times import when_words, zone_words


@blueprint.post("/book/<int:walk_id>/earlier")
@member
def wish_earlier(walk_id: int) -> Response:
    """Note the wish for something earlier than a chat, or for anything where none is set."""
    typed = request.form.get("chat", "")
    chat_id = int(typed) if typed.isdecimal() and len(typed) <= 9 else None
    if chat_id is not None and queries.chat_for(me().id, chat_id) is None:
        raise NotFound
    try:
        services.wish_earlier(walk_id, me().id, chat_id=chat_id, now=clock.now())
    except Stale as refusal:
        flash(sentence_of(refusal), "look")
    else:
        flash(_("You hear from us when something comes free. Nothing changes until you say yes."), "well")
    return go(_back(walk_id, chat_id))


@blueprint.post("/book/<int:walk_id>/no-earlier")
@member
def stop_wishing(walk_id: int) -> Response:
    """End the wish."""
    wish = earlier_queries.wish_of_walk(walk_id)
    services.stop_wishing(walk_id, me().id, now=clock.now())
    flash(_("We do not look for other times any more. Everything stays as it is."), "well")
    return go(_back(walk_id, wish.chat_id if wish is not None else None))


@blueprint.get("/chat/<int:booking_id>/offered")
@member
def offered(booking_id: int) -> Response:
    """Show the time that is held, and what taking it would change; one that became a chat leads on to it, and one that
    is not held any more is told so."""
    return _as_it_stands(_held_of(booking_id))


@blueprint.post("/chat/<int:booking_id>/take")
@member
def take(booking_id: int) -> Response:
    """Take the time that is held."""
    _held_of(booking_id)
    typed = request.form.get("way", "")
    way = Format(typed) if typed in set(Format) else None
    place = request.form.get("place", "")
    try:
        chat_id = services.take(booking_id, me().id, way=way, place=place, key=request_key(), now=clock.now())
    except (Stale, BadInput) as refusal:
        return _refused(booking_id, refusal)
    flash(_("It is yours. The other person hears of the new time."), "well")
    return go(url_for("booking.chat", booking_id=chat_id))


@blueprint.post("/chat/<int:booking_id>/no-thanks")
@member
def no_thanks(booking_id: int) -> Response:
    """Leave the time that is held; the wish stays."""
    held = _held_of(booking_id)
    try:
        services.no_thanks(booking_id, me().id, key=request_key(), now=clock.now())
    except Stale as refusal:
        return _refused(booking_id, refusal)
    flash(_("Left. Everything stays as it is, and you hear from us when another time comes free."), "well")
    wish = earlier_queries.wish_of_walk(held.two.walk_id)
    return go(_back(held.two.walk_id, wish.chat_id if wish is not None else None))


def _held_of(booking_id: int) -> Asked:
    found = asking.asked_for(me().id, booking_id)
    if found is None or found.two.member_id != me().id:
        raise NotFound
    return found


def _refused(booking_id: int, refusal: PortalError) -> Response:
    return _as_it_stands(_held_of(booking_id), refusal.status, sentence_of(refusal))


def _as_it_stands(held: Asked, status: int = 200, said: str = "") -> Response:
    chat_id = earlier_queries.chat_at(held.two.walk_id, held.starts_at)
    return _page(held, status, said) if chat_id is None else go(url_for("booking.chat", booking_id=chat_id))


def _page(held: Asked, status: int = 200, said: str = "") -> Response:
    eyes, now = Eyes(me().zone, held.other_zone, held.other_name), clock.now()
    still = held.state is BookingState.OFFERED and waits(held.state, held.answer_by, now)
    wish = earlier_queries.wish_of_walk(held.two.walk_id)
    chat = queries.chat_for(me().id, wish.chat_id) if wish is not None and wish.chat_id is not None else None
    pair = queries.pair_for(me().id, held.two.walk_id, now)
    page = render_template(
        "booking/earlier_offered.html",
        held=held,
        still=still,
        time=shown_time(held.starts_at, eyes),
        later=shown_time(chat.starts_at, eyes) if chat is not None else None,
        ways=[] if chat is not None else [(way.value, _(FORMAT_WORDS[way])) for way in queries.formats_of(held.two)],
        until=when_words(held.answer_by, me().zone) if held.answer_by is not None else "",
        said=said or ("" if still else _(GONE)),
        ahead=pair.next_chat if pair is not None else None,
        # A wish for something earlier than a chat ends with that chat, whether or not the clock has looked.
        wished=wish is not None and (chat is None or changeable(chat.state, chat.starts_at, now)),
        zone=zone_words(me().zone),
    )
    return make_response(page, status)


def _back(walk_id: int, chat_id: int | None) -> str:
    if chat_id is not None:
        return url_for("booking.chat", booking_id=chat_id)
    return url_for("booking.times", walk_id=walk_id)
