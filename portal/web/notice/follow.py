"""The one link of a letter: its address tells nothing; behind the sign-in it leads to the page the letter is about."""

from typing import Any

from flask import Response, flash, url_for
from flask_babel import gettext as _

from portal import clock
from portal.domain.errors import NotFound
from portal.domain.notice import Kind
from portal.queries import booking as booking_queries
from portal.queries import checkin as checkin_queries
from portal.queries import matching as matching_queries
from portal.queries import notice as queries
from portal.queries.booking import open_hours
from portal.queries.notice import Reason
from portal.web.access import me
from portal.web.doors import signed_in
from portal.web.htmx import go
from portal.web.notice.blueprint import blueprint

TO_THE_WALK = frozenset({Kind.BOTH_YES, Kind.FIND_A_TIME, Kind.WALK_RESTS, Kind.WALK_GOES_ON, Kind.WALK_ENDING})
TO_THE_THREAD = frozenset({Kind.CHECK_IN, Kind.THREAD_LINE})
BEFORE_THE_WALK = frozenset(
    {Kind.SHORTLIST_READY, Kind.CHOICE_APPROVED, Kind.WALK_HELD, Kind.SWAPPED, Kind.NEXT_ASKED, Kind.OFFER_MADE}
)
ABOUT_A_QUESTION = frozenset({Kind.TIME_ASKED, Kind.TIME_RELEASED, Kind.TIME_OFFERED})
ABOUT_AN_HOUR = frozenset({Kind.OPEN_HOUR, Kind.HOUR_OFF})
PAGES_OF_A_THREAD = frozenset({"checkin.thread", "checkin.check_in"})
PAGES_OF_A_WALK = frozenset({"matching.walk", "matching.reflect", "matching.invitation", "matching.keepsake"})


@blueprint.get("/n/<int:notice_id>")
@signed_in
def follow(notice_id: int) -> Response:
    """Go on to what the letter is about."""
    reason = queries.reason_for(me().id, notice_id)
    if reason is None:
        raise NotFound
    endpoint, values = destination(reason)
    if not _still_theirs(endpoint, reason):
        flash(_("What that letter was about is over. There is nothing you need to do."), "look")
        return go(url_for("home.start"))
    return go(url_for(endpoint, **values))


def destination(reason: Reason) -> tuple[str, dict[str, Any]]:
    """Return the page a letter leads to."""
    walk = {"walk_id": reason.walk_id} if reason.walk_id is not None else {}
    if reason.kind is Kind.PEER_APPROVED:
        return "slots.week", {}
    if reason.kind is Kind.CALENDAR_LOOK:
        return "slots.calendars", {}
    if reason.kind is Kind.READY_AGAIN:
        return "experience.readiness", {}
    if reason.kind is Kind.REFLECT:
        return "matching.reflect", walk
    if reason.kind is Kind.KEEPSAKE:
        return "matching.keepsake", walk
    if reason.kind in TO_THE_THREAD:
        return "checkin.thread", walk | {"_anchor": "new"}
    if reason.kind is Kind.CHECK_IN_SET:
        return "checkin.check_in", walk
    if reason.kind in TO_THE_WALK:
        return "matching.walk", walk
    if reason.kind is Kind.ASKED_PEER:
        return "matching.invitation", walk
    if reason.kind is Kind.OFFER_ASKED:
        return "matching.offer", walk
    if reason.kind in BEFORE_THE_WALK:
        return "matching.cards", {}
    if reason.kind in ABOUT_AN_HOUR:
        return "booking.turn", {"open_hour_id": open_hours.hour_of_letter(reason.about)}
    if reason.kind in ABOUT_A_QUESTION and reason.booking_id is not None:
        return "booking.asked", {"booking_id": reason.booking_id}
    if reason.booking_id is not None:
        return "booking.chat", {"booking_id": reason.booking_id}
    return "home.start", {}


def _still_theirs(endpoint: str, reason: Reason) -> bool:
    """Say whether the page is open to the reader: a walk may have ended, or gone on with somebody else."""
    if endpoint in ("booking.chat", "booking.asked") and reason.booking_id is not None:
        return booking_queries.chat_for(me().id, reason.booking_id) is not None
    if endpoint == "booking.turn":
        return open_hours.hour_for(me().id, open_hours.hour_of_letter(reason.about)) is not None
    if endpoint == "matching.offer" and reason.walk_id is not None:
        return matching_queries.offer_view(reason.walk_id, me().id, clock.now()) is not None
    if endpoint in PAGES_OF_A_THREAD and reason.walk_id is not None:
        return checkin_queries.thread_for(me().id, reason.walk_id) is not None
    if endpoint not in PAGES_OF_A_WALK or reason.walk_id is None:
        return True
    walk = matching_queries.walk_for(me().id, reason.walk_id)
    return walk is not None and (endpoint != "matching.reflect" or walk.other_id is not None)
