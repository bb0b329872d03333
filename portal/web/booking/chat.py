"""One coffee chat: when, with whom, how, and the entry for one's own calendar."""

from collections.abc import Sequence
from datetime import datetime

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _

from portal import clock
from portal.domain.booking import HAS_BEEN, BookingState, changeable, may_say_not_made, undone_until
from portal.domain.errors import NotFound
from portal.domain.experience import FORMAT_WORDS, FROM_AFAR, IN_PERSON, Format
from portal.domain.matching.walk import Actor
from portal.queries import account as account_queries
from portal.queries import booking as queries
from portal.queries import experience as experience_queries
from portal.queries import notice as notice_queries
from portal.queries.booking import Chat
from portal.services import booking as services
from portal.web.access import me
from portal.web.booking.beside import earlier_beside, move_beside, rhythm_beside
from portal.web.booking.blueprint import blueprint
from portal.web.booking.days import Eyes, Time, instant_of, page_of, shown_time
from portal.web.booking.replies import replies_shown
from portal.web.booking.safe import offered
from portal.web.doors import walker
from portal.web.experience.wellbeing import felt_choices
from portal.web.htmx import go, wants_fragment
from portal.web.times import zone_words

NO_CHAT = frozenset({BookingState.ASKED, BookingState.OFFERED, BookingState.LAPSED, BookingState.RELEASED})


@blueprint.get("/chat/<int:booking_id>")
@walker
def chat(booking_id: int) -> Response:
    """Show a chat to one of its two people; what is only asked for or offered has a page of its own."""
    found = chat_of(booking_id)
    if found.state in NO_CHAT:
        return go(url_for("booking.asked", booking_id=booking_id))
    return chat_page(found)


@blueprint.get("/chat/<int:booking_id>/invite.ics")
@walker
def invite(booking_id: int) -> Response:
    """Give the chat for the reader's own calendar."""
    response = make_response(services.calendar_entry(booking_id, me().id))
    response.headers["Content-Type"] = "text/calendar; charset=utf-8; method=PUBLISH"
    response.headers["Content-Disposition"] = 'attachment; filename="invite.ics"'
    return response


def chat_of(booking_id: int) -> Chat:
    """Return a chat for who is signed in; NotFound for a stranger."""
    found = queries.chat_for(me().id, booking_id)
    if found is None:
        raise NotFound
    return found


def eyes_of(chat: Chat) -> Eyes:
    """Return whose clocks stand on this chat's pages."""
    return Eyes(me().zone, chat.other_zone, chat.other_name)


def other_of(chat: Chat) -> int:
    """Return who the reader meets."""
    return chat.two.peer_id if chat.viewer is Actor.MEMBER else chat.two.member_id


def chat_page(chat: Chat, status: int = 200, said: str = "", near: Sequence[Time] = ()) -> Response:
    """Return the chat's page, with a sentence above it where something could not be done, and times near it."""
    if chat.state in NO_CHAT:
        return go(url_for("booking.asked", booking_id=chat.id))
    if wants_fragment():  # a whole page has no place inside another one
        flash(said, "look")
        return go(url_for("booking.chat", booking_id=chat.id))
    now = clock.now()
    moving = move_beside(chat, now)
    page = render_template(
        "booking/chat.html",
        chat=chat,
        time=shown_time(chat.starts_at, eyes_of(chat)),
        zone=zone_words(me().zone),
        facts=_facts(chat),
        said=said,
        near=near or _next_times(chat, now),
        unreached=chat.format in FROM_AFAR and not account_queries.own_choices(me().id).reach,
        undo=_may_undo(chat, now),
        hears=notice_queries.may_be_written_to(other_of(chat)),
        moving=moving,
        back=None if moving.why_not else _time_before(chat, now),
        changeable=changeable(chat.state, chat.starts_at, now),
        over=chat.ends_at <= now,
        may_say=may_say_not_made(chat.state, chat.starts_at, now),
        asks_how=chat.viewer is Actor.PEER and chat.ends_at <= now and chat.state in HAS_BEEN,
        felt=str(experience_queries.felt_of(me().id, chat.id) or ""),
        felt_choices=felt_choices(),
        reply=replies_shown(chat, me().id, other_of(chat), eyes_of(chat)),
        rhythm=rhythm_beside(chat, eyes_of(chat), clock.now()),
        earlier=earlier_beside(chat, clock.now()),
        safe=offered(chat, me().id, other_of(chat), me().zone),
    )
    return make_response(page, status)


def _may_undo(chat: Chat, now: datetime) -> bool:
    until = undone_until(chat.state, chat.cancelled_at, chat.starts_at)
    return chat.cancelled_by == me().id and until is not None and now < until


def _time_before(chat: Chat, now: datetime) -> Time | None:
    """Return the time a chat was just moved from, as its address names it, while it can be moved back there."""
    if not request.args.get("was") or not changeable(chat.state, chat.starts_at, now):
        return None
    was = instant_of(request.args["was"])
    times = queries.times_of(chat.two, now, without=chat.id, minutes=chat.minutes, way=chat.format)
    return shown_time(was, eyes_of(chat)) if was != chat.starts_at and times.why_closed(was) is None else None


def _next_times(chat: Chat, now: datetime) -> Sequence[Time]:
    """Return the soonest times for a chat that could not take place."""
    if chat.state is not BookingState.NOT_MADE:
        return ()
    pair = queries.pair_for(me().id, chat.two.walk_id, now)
    if pair is None or pair.room == 0:
        return ()
    way = chat.format if chat.format in pair.formats else None
    return page_of(queries.times_of(chat.two, now, way=way).slots, eyes_of(chat), "").soonest


def _way_in(chat: Chat) -> str:
    """Return how a call by video comes about; we send no link, so the two have to agree."""
    if chat.format is not Format.VIDEO:
        return ""
    if chat.other_reach:
        return str(_("You two agree how to call: write to %(name)s before.", name=chat.other_name))
    return str(_("You two agree how to call. %(name)s has not said yet how to be reached.", name=chat.other_name))


def _facts(chat: Chat) -> list[dict[str, str]]:
    in_person = chat.format in IN_PERSON
    where = chat.place or _("A public place you both choose") if in_person else ""
    facts = {
        _("With"): chat.other_name,
        _("How"): _(FORMAT_WORDS[chat.format]),
        _("The way in"): _way_in(chat),
        _("Where"): where,
        _("How long"): _("%(minutes)d minutes", minutes=chat.minutes),
        _("To reach %(name)s", name=chat.other_name): chat.other_reach,
        _("Note"): chat.note,
    }
    return [{"label": label, "value": value} for label, value in facts.items() if value]
