"""What the two calendars have answered to a chat, as its page shows it, and keeping the time all the same."""

from dataclasses import dataclass, field

from flask import Response, flash, url_for
from flask_babel import gettext as _

from portal import clock
from portal.domain.booking import changeable
from portal.domain.errors import Stale
from portal.domain.invitation import Partstat
from portal.domain.slots import nearest
from portal.domain.words import N_
from portal.queries import booking as booking_queries
from portal.queries.booking import Chat
from portal.queries.booking import replies as queries
from portal.services import booking as services
from portal.web.access import me
from portal.web.booking.blueprint import blueprint
from portal.web.booking.days import Eyes, Time, shown_times
from portal.web.doors import walker
from portal.web.errors import sentence_of
from portal.web.htmx import go
from portal.web.steps import request_key, seen_revision

OWN_WORDS = {
    Partstat.ACCEPTED: N_("Your calendar says yes."),
    Partstat.TENTATIVE: N_("Your calendar says maybe."),
}
OTHER_WORDS = {
    Partstat.ACCEPTED: N_("%(name)s’s calendar says yes."),
    Partstat.TENTATIVE: N_("%(name)s’s calendar says maybe."),
    Partstat.DECLINED: N_(
        "%(name)s’s calendar says that this time does not fit. The chat stands for now, and a new time may come."
    ),
}


@dataclass(frozen=True)
class Replies:
    """What the page says of the two calendars; `near` are the open times nearest to one that does not fit."""

    own: str = ""
    own_words: str = ""
    other_words: str = ""
    near: list[Time] = field(default_factory=list)


def replies_shown(chat: Chat, person_id: int, other_id: int, eyes: Eyes) -> Replies:
    """Return what the chat's page shows to one of the two; nothing of a chat that lies behind or is off."""
    now = clock.now()
    if not changeable(chat.state, chat.starts_at, now):
        return Replies()
    answers = queries.answers_to(chat.id)
    own, other = answers.get(person_id), answers.get(other_id)
    return Replies(
        own=own.value if own else "",
        own_words=_(OWN_WORDS[own]) if own in OWN_WORDS else "",
        other_words=_(OTHER_WORDS[other], name=chat.other_name) if other in OTHER_WORDS else "",
        near=_near(chat, eyes) if own is Partstat.DECLINED else [],
    )


@blueprint.post("/chat/<int:booking_id>/keep")
@walker
def keep_time(booking_id: int) -> Response:
    """Keep the time that one's calendar said no to."""
    try:
        services.keep_time(booking_id, me().id, seen_revision(), key=request_key(), now=clock.now())
    except Stale as refusal:
        flash(sentence_of(refusal), "look")
    else:
        flash(_("Kept. If your calendar has taken the chat out, you can add it again here."), "well")
    return go(url_for("booking.chat", booking_id=booking_id))


def _near(chat: Chat, eyes: Eyes) -> list[Time]:
    times = booking_queries.times_of(chat.two, clock.now(), without=chat.id, minutes=chat.minutes, way=chat.format)
    others = [slot for slot in times.slots if slot.starts_at != chat.starts_at]
    return shown_times([slot.starts_at for slot in nearest(others, chat.starts_at)], eyes)
