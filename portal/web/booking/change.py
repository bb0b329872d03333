"""Moving a chat, by a time and one button; a moment later it can be moved back by one more."""

from flask import Response, flash, request, url_for
from flask_babel import gettext as _

from portal import clock
from portal.domain.booking import changeable, sentence_for, why_unchangeable
from portal.domain.errors import Stale, TimeTaken
from portal.domain.slots import nearest
from portal.queries import booking as queries
from portal.queries import notice as notice_queries
from portal.queries.booking import Chat
from portal.services import booking as services
from portal.web.access import me
from portal.web.booking.beside import move_beside
from portal.web.booking.blueprint import blueprint
from portal.web.booking.chat import chat_of, chat_page, eyes_of, other_of
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
    why_not = _why_not(chat)
    return chat_page(chat, 409, why_not) if why_not else _move_page(chat)


@blueprint.get("/chat/<int:booking_id>/move/check")
@walker
def move_check(booking_id: int) -> Response:
    """Show from when to when the chat would move, with one button; a time that is closed says why."""
    chat, now = chat_of(booking_id), clock.now()
    why_not = _why_not(chat)
    if why_not:
        return chat_page(chat, 409, why_not)
    if not request.args.get("starts_at"):
        return go(url_for("booking.move_times", booking_id=booking_id))
    starts_at = instant_of(request.args["starts_at"])
    times = queries.times_of(chat.two, now, without=chat.id, minutes=chat.minutes, way=chat.format)
    closed = times.why_closed(starts_at)
    if closed is not None:
        near = [slot.starts_at for slot in nearest(times.slots, starts_at)]
        return _move_page(chat, 409, TimeTaken(sentence_for(closed, chat.viewer), closed.value, near))
    return page_or_fragment(
        "booking/move_check.html",
        "booking/_move_check.html",
        chat=chat,
        time=shown_time(chat.starts_at, eyes_of(chat)),
        to=shown_time(starts_at, eyes_of(chat)),
        zone=zone_words(me().zone),
        hears=notice_queries.may_be_written_to(other_of(chat)),
        swapped=wants_fragment(),
    )


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
    flash(_("Moved. You can see the new time here whenever you like."), "well")
    # The time it came from goes along in the address: the page offers it while it is free, and nothing has to be kept.
    # It is the form that names it: of two taps the second one finds the chat where it was moved to.
    was = instant_of(request.form["was"]) if request.form.get("was") else chat.starts_at
    before = None if was == starts_at else f"{was:%Y-%m-%dT%H:%MZ}"
    return go(url_for("booking.chat", booking_id=booking_id, was=before))


def _why_not(chat: Chat) -> str:
    now = clock.now()
    if not changeable(chat.state, chat.starts_at, now):
        return str(_(why_unchangeable(chat.state)))
    return move_beside(chat, now).why_not


def _move_page(chat: Chat, status: int = 200, refusal: TimeTaken | None = None) -> Response:
    times = queries.times_of(chat.two, clock.now(), without=chat.id, minutes=chat.minutes, way=chat.format)
    others = [slot for slot in times.slots if slot.starts_at != chat.starts_at]
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
