"""A chat that could not take place: what the other one sees is said first, then one button, then what may come next."""

from flask import Response, make_response, render_template, url_for
from flask_babel import gettext as _

from portal import clock
from portal.domain.booking import NOT_THE_TIME, BookingState, may_say_not_made
from portal.domain.errors import Stale
from portal.queries import notice as notice_queries
from portal.services import booking as services
from portal.web.access import me
from portal.web.booking.blueprint import blueprint
from portal.web.booking.chat import chat_of, chat_page, eyes_of, other_of
from portal.web.booking.days import shown_time
from portal.web.doors import walker
from portal.web.errors import sentence_of
from portal.web.htmx import go
from portal.web.steps import request_key, seen_revision
from portal.web.times import zone_words


@blueprint.get("/chat/<int:booking_id>/not-made")
@walker
def not_made_check(booking_id: int) -> Response:
    """Say what the other one sees, with one button."""
    chat = chat_of(booking_id)
    if chat.state is BookingState.NOT_MADE:
        return go(url_for("booking.chat", booking_id=booking_id))
    if not may_say_not_made(chat.state, chat.starts_at, clock.now()):
        return chat_page(chat, 409, _(NOT_THE_TIME))
    page = render_template(
        "booking/not_made.html",
        chat=chat,
        time=shown_time(chat.starts_at, eyes_of(chat)),
        zone=zone_words(me().zone),
        hears=notice_queries.may_be_written_to(other_of(chat)),
    )
    return make_response(page)


@blueprint.post("/chat/<int:booking_id>/not-made")
@walker
def not_made(booking_id: int) -> Response:
    """Say that a chat could not take place; its page then offers another time."""
    chat_of(booking_id)
    try:
        services.say_not_made(booking_id, me().id, seen_revision(), key=request_key(), now=clock.now())
    except Stale as refusal:
        return chat_page(chat_of(booking_id), refusal.status, sentence_of(refusal))
    return go(url_for("booking.chat", booking_id=booking_id))
