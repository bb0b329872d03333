"""Somebody's own chats in their own calendar: an address that is a key, and what a calendar reads under it."""

from hashlib import sha256
from urllib.parse import urlsplit

from flask import Response, current_app, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _

from portal import clock
from portal.queries.booking import feeds as queries
from portal.services import booking as services
from portal.web.access import me
from portal.web.booking.blueprint import blueprint
from portal.web.doors import public, signed_in
from portal.web.htmx import go
from portal.web.limits import by_person, limiter
from portal.web.times import when_words


def by_key() -> str:
    """Return a key for the address that is read: many people's calendars ask from one network."""
    return sha256(f"feed {(request.view_args or {}).get('key', '')}".encode()).hexdigest()[:24]


def opened_nothing(response: Response) -> bool:
    """Say whether the key was none: guesses are counted by network."""
    return response.status_code == 404


@blueprint.get("/calendar/<key>.ics")
@public
@limiter.limit("120 per hour", key_func=by_key)
@limiter.limit("60 per 10 minutes", deduct_when=opened_nothing)
def feed(key: str) -> Response:
    """Give a calendar its person's chats; the same content is not sent twice (ETag, 304)."""
    content, tag = services.read_feed(key, now=clock.now())
    response = make_response(content)
    response.headers["Content-Type"] = "text/calendar; charset=utf-8; method=PUBLISH"
    response.headers["Cache-Control"] = "private, no-cache"
    response.set_etag(tag)
    response.make_conditional(request)
    return response


@blueprint.get("/account/calendar")
@signed_in
def own_calendar() -> str:
    """Show whether a calendar reads the chats by itself, and how to begin and end that."""
    return _page()


@blueprint.post("/account/calendar")
@signed_in
@limiter.limit("20 per hour", key_func=by_person)
def make_feed() -> str:
    """Make an address and show it, this once; an earlier one ends."""
    key = services.make_feed(me().id, now=clock.now())
    base_url = current_app.config["BASE_URL"]
    path = url_for("booking.feed", key=key)
    return _page(address=f"{base_url}{path}", webcal=f"webcal://{urlsplit(base_url).netloc}{path}")


@blueprint.post("/account/calendar/end")
@signed_in
def end_feed() -> Response:
    """Take the address back."""
    services.end_feed(me().id, now=clock.now())
    flash(_("The address has ended. What your calendar has read stays in it until you take it out there."), "well")
    return go(url_for("booking.own_calendar"))


def _page(address: str = "", webcal: str = "") -> str:
    actor = me()
    found = queries.feed_of(actor.id)
    return render_template(
        "booking/own_calendar.html",
        address=address,
        webcal=webcal,
        made=when_words(found.created_at, actor.zone) if found else "",
        last_read=when_words(found.read_at, actor.zone) if found and found.read_at else "",
    )
