"""Moving a chat and calling it off, each in two taps: the page, then the time or the button."""

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _

from portal import clock
from portal.domain.booking import BEGUN, changeable
from portal.domain.errors import Stale, TimeTaken
from portal.queries import slots as slots_queries
from portal.queries.booking import Chat
from portal.services import booking as services
from portal.web.access import me
from portal.web.booking.blueprint import blueprint
from portal.web.booking.chat import chat_of, chat_page, eyes_of
from portal.web.booking.days import instant_of, page_of, shown_time, shown_times
from portal.web.doors import walker
from portal.web.errors import sentence_of
from portal.web.htmx import go, page_or_fragment, wants_fragment
from portal.web.steps import request_key, seen_revision
from portal.web.times import zone_words


@blueprint.get("/chat/<int:booking_id>/move")
@walker
def move_times(booking_id: int) -> Response:
    """Show the times a chat could move to."""
    chat = chat_of(booking_id)
    if not changeable(chat.state, chat.starts_at, clock.now()):
        return chat_page(chat, 409, _(BEGUN))
    return _move_page(chat)


@blueprint.post("/chat/<int:booking_id>/move")
@walker
def move(booking_id: int) -> Response:
    """Move a chat; a time that went in the meantime is said in words, with what is free near it."""
    chat = chat_of(booking_id)
    starts_at = instant_of(request.form.get("starts_at", ""))
    try:
        services.move(booking_id, me().id, seen_revision(), starts_at, key=request_key(), now=clock.now())
    except TimeTaken as refusal:
        return _move_page(chat, 409, refusal)
    except Stale as refusal:
        return chat_page(chat_of(booking_id), refusal.status, sentence_of(refusal))
    flash(_("Moved. The new time is on its way to you both."), "well")
    return go(url_for("booking.chat", booking_id=booking_id))


@blueprint.get("/chat/<int:booking_id>/cancel")
@walker
def cancel_check(booking_id: int) -> Response:
    """Say what happens next, with one button."""
    chat = chat_of(booking_id)
    if not changeable(chat.state, chat.starts_at, clock.now()):
        return chat_page(chat, 409, _(BEGUN))
    time = shown_time(chat.starts_at, eyes_of(chat))
    return make_response(render_template("booking/cancel.html", chat=chat, time=time, zone=zone_words(me().zone)))


@blueprint.post("/chat/<int:booking_id>/cancel")
@walker
def cancel(booking_id: int) -> Response:
    """Call a chat off."""
    try:
        services.cancel(booking_id, me().id, seen_revision(), key=request_key(), now=clock.now())
    except Stale as refusal:
        return chat_page(chat_of(booking_id), refusal.status, sentence_of(refusal))
    flash(
        _("The chat is cancelled, and the other person is told. Another time can be booked whenever you like."), "well"
    )
    return go(url_for("booking.chat", booking_id=booking_id))


def _move_page(chat: Chat, status: int = 200, refusal: TimeTaken | None = None) -> Response:
    slots = slots_queries.open_times(chat.two.peer_id, chat.two.member_id, clock.now(), without=chat.id)
    others = [slot for slot in slots if slot.starts_at != chat.starts_at]
    return page_or_fragment(
        "booking/move.html",
        "booking/_move.html",
        status,
        chat=chat,
        time=shown_time(chat.starts_at, eyes_of(chat)),
        listing=page_of(others, eyes_of(chat), request.args.get("from", "")),
        zone=zone_words(me().zone),
        closed=sentence_of(refusal) if refusal else "",
        near=shown_times(refusal.nearest, eyes_of(chat)) if refusal else [],
        swapped=wants_fragment(),
    )
