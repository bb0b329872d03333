"""The front page, what is next for me, leaving in a hurry, and the sign of life for machines."""

import logging
from dataclasses import asdict

from flask import Response, current_app, jsonify, make_response, render_template, session
from markupsafe import escape

from portal import clock
from portal.services.notice.readiness import readiness
from portal.web import access
from portal.web.access import signed_in_actor
from portal.web.account.way import unfinished
from portal.web.doors import public
from portal.web.home.blueprint import blueprint
from portal.web.home.cards import next_cards
from portal.web.htmx import go
from portal.web.known_browser import forget

logger = logging.getLogger(__name__)


@blueprint.get("/")
@public
def start() -> str | Response:
    """Show the front page, or what is next for who is signed in."""
    actor = signed_in_actor()
    if actor is None:
        return render_template("home/page.html")
    open_page = unfinished(actor)
    if open_page is not None:
        return go(open_page)
    return render_template("home/next.html", actor=actor, cards=next_cards(actor, clock.now()))


@blueprint.post("/leave")
@public
def leave() -> Response:
    """End the session and go somewhere harmless; needs no token, for it must always work and can do no harm."""
    try:
        access.end()
    except Exception as error:  # whatever is broken here, the way out is open, and this browser forgets all the same
        access.ask_nobody()
        logger.error("left without ending the sign-in: %s", type(error).__name__)
    session.clear()
    away = current_app.config["LEAVE_TO"]
    # Not a redirect: "form-action 'self'" would stop it, and the private page would stay on the screen.
    response = make_response(f'<!doctype html><title>.</title><a href="{escape(away)}">{escape(away)}</a>')
    response.headers["Refresh"] = f"0; url={away}"
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    forget(response)
    return response


@blueprint.get("/healthz")
@public
def healthz() -> Response:
    """Say that this process answers."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
@public
def readyz() -> Response:
    """Say which of the parts that a site needs answer; 503 where one does not."""
    ready = readiness(now=clock.now())
    response = jsonify(asdict(ready))
    response.status_code = 200 if ready.all else 503
    return response
