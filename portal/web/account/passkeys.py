"""The second step by passkey: options out, the device's answer in, both as JSON for static/js/passkey.js."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Response, current_app, jsonify, request

from portal import clock
from portal.services import account as account_services
from portal.services.account import Site
from portal.web.account.blueprint import blueprint
from portal.web.account.way import rise, staff
from portal.web.doors import before_consent, signed_in
from portal.web.limits import by_person, limiter

SITE_NAME = "Hillside"
TRIES = "20 per 10 minutes"


def site() -> Site:
    """Return this site as passkeys know it."""
    parts = urlsplit(current_app.config["BASE_URL"])
    return Site(host=parts.hostname or "", origin=f"{parts.scheme}://{parts.netloc}", name=SITE_NAME)


def passkeys_work() -> bool:
    """Say whether this site has a name that passkeys can be bound to; a bare number cannot have any."""
    try:
        ip_address(site().host)
    except ValueError:
        return True
    return False


@blueprint.post("/second-step/passkey/new/options")
@signed_in
@before_consent
@limiter.limit(TRIES, key_func=by_person)
def new_passkey_options() -> Response:
    """Say what a new passkey has to be."""
    actor = staff()
    return _json(
        account_services.begin_passkey(
            actor.id, actor.sign_in_id, site(), second_step_done=actor.second_factor, now=clock.now()
        )
    )


@blueprint.post("/second-step/passkey/new")
@signed_in
@before_consent
@limiter.limit(TRIES, key_func=by_person)
def add_passkey() -> Response:
    """Keep a new passkey."""
    actor = staff()
    token = account_services.add_passkey(
        actor.id,
        actor.sign_in_id,
        site(),
        request.get_data(as_text=True),
        second_step_done=actor.second_factor,
        now=clock.now(),
    )
    return jsonify(to=rise(token))


@blueprint.post("/second-step/passkey/options")
@signed_in
@before_consent
@limiter.limit(TRIES, key_func=by_person)
def passkey_options() -> Response:
    """Say which passkeys would do."""
    actor = staff()
    return _json(account_services.begin_passkey_check(actor.id, actor.sign_in_id, site(), now=clock.now()))


@blueprint.post("/second-step/passkey")
@signed_in
@before_consent
@limiter.limit(TRIES, key_func=by_person)
def check_passkey() -> Response:
    """Take a device's answer."""
    actor = staff()
    token = account_services.check_passkey(
        actor.id, actor.sign_in_id, site(), request.get_data(as_text=True), now=clock.now()
    )
    return jsonify(to=rise(token))


def _json(text: str) -> Response:
    return Response(text, mimetype="application/json")
