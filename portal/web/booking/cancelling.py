"""Calling a chat off, by one look and one button, and having it back for ten minutes."""

from flask import Response, flash, make_response, render_template, url_for
from flask_babel import gettext as _

from portal import clock
from portal.domain.booking import changeable, why_unchangeable
from portal.domain.errors import Stale, TimeTaken
from portal.queries import notice as notice_queries
from portal.services import booking as services
from portal.web.access import me
from portal.web.booking.beside import move_beside
from portal.web.booking.blueprint import blueprint
from portal.web.booking.chat import chat_of, chat_page, eyes_of, other_of
from portal.web.booking.days import shown_time, shown_times
from portal.web.doors import walker
from portal.web.errors import sentence_of
from portal.web.htmx import go
from portal.web.steps import request_key, seen_revision
from portal.web.times import zone_words


@blueprint.get("/chat/<int:booking_id>/cancel")
@walker
def cancel_check(booking_id: int) -> Response:
    """Say what happens next, with one button."""
    chat, now = chat_of(booking_id), clock.now()
    if not changeable(chat.state, chat.starts_at, now):
        return chat_page(chat, 409, _(why_unchangeable(chat.state)))
    time = shown_time(chat.starts_at, eyes_of(chat))
    hears = notice_queries.may_be_written_to(other_of(chat))
    page = render_template(
        "booking/cancel.html",
        chat=chat,
        time=time,
        zone=zone_words(me().zone),
        hears=hears,
        may_move=not move_beside(chat, now).why_not,
    )
    return make_response(page)


@blueprint.post("/chat/<int:booking_id>/cancel")
@walker
def cancel(booking_id: int) -> Response:
    """Call a chat off; the page after it offers to undo."""
    chat_of(booking_id)
    try:
        services.cancel(booking_id, me().id, seen_revision(), key=request_key(), now=clock.now())
    except Stale as refusal:
        return chat_page(chat_of(booking_id), refusal.status, sentence_of(refusal))
    return go(url_for("booking.chat", booking_id=booking_id))


@blueprint.post("/chat/<int:booking_id>/undo")
@walker
def undo(booking_id: int) -> Response:
    """Have a chat back that was cancelled a moment ago, or say kindly that its time has gone."""
    chat = chat_of(booking_id)
    try:
        services.undo(booking_id, me().id, seen_revision(), key=request_key(), now=clock.now())
    except TimeTaken as refusal:
        near = shown_times(refusal.nearest, eyes_of(chat))
        return chat_page(chat_of(booking_id), refusal.status, sentence_of(refusal), near=near)
    except Stale as refusal:
        return chat_page(chat_of(booking_id), refusal.status, sentence_of(refusal))
    flash(_("The chat stands again, as if nothing had been."), "well")
    return go(url_for("booking.chat", booking_id=booking_id))
