"""Leaving: on this browser or on all of them, with nothing kept behind."""

from flask import Response, make_response, redirect, render_template, session, url_for

from portal import clock
from portal.services import account as account_services
from portal.web import access
from portal.web.access import me
from portal.web.account.blueprint import blueprint
from portal.web.doors import before_consent, public, signed_in
from portal.web.known_browser import forget

NOTHING_KEPT = '"cache", "cookies", "storage"'


@blueprint.post("/sign-out")
@public
def sign_out() -> Response:
    """End this browser's sign-in; a full page, so that the browser lets go of what it holds."""
    access.end()
    return gone()


@blueprint.post("/account/sign-out-everywhere")
@signed_in
@before_consent
def sign_out_everywhere() -> Response:
    """End every sign-in of this person."""
    account_services.end_all_sign_ins(me().id, now=clock.now())
    access.end()
    return gone()


@blueprint.get("/signed-out")
@public
def signed_out() -> str:
    """Say that it is done."""
    return render_template("account/signed_out.html")


def gone() -> Response:
    """Empty the cookie and the browser's copies, and lead to a page that knows nobody."""
    session.clear()
    response = make_response(redirect(url_for("account.signed_out"), code=303))
    response.headers["Clear-Site-Data"] = NOTHING_KEPT
    forget(response)
    return response
