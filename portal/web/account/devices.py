"""Signs on devices: asked for by a tap on the device itself, as quiet as wished, taken away with one tap."""

from flask import (
    Response,
    current_app,
    flash,
    jsonify,
    make_response,
    render_template,
    request,
    send_from_directory,
    url_for,
)
from flask_babel import gettext as _

from portal import clock
from portal.domain.account import DISCRETION_WORDS, Discretion
from portal.domain.errors import BadInput, NotFound
from portal.domain.notice import Channel
from portal.queries.notice import ways as queries
from portal.services import account as account_services
from portal.services.account import Subscription
from portal.services.account.ways import push_key, ways_here
from portal.web.access import me
from portal.web.account.blueprint import blueprint
from portal.web.doors import public, signed_in
from portal.web.htmx import go
from portal.web.limits import by_person, limiter
from portal.web.times import day_words


@blueprint.get("/account/devices")
@signed_in
def devices() -> str:
    """Show what signs are, the devices that have them, and how much each may say."""
    actor = me()
    rows = [
        {
            "id": device.id,
            "since": day_words(device.created_at, actor.zone),
            "discretion": device.discretion.value,
        }
        for device in queries.devices(actor.id)
    ]
    return render_template(
        "account/devices.html",
        offered=Channel.PUSH in ways_here(),
        texts=Channel.TEXT in ways_here(),
        key=push_key() if Channel.PUSH in ways_here() else "",
        rows=rows,
        levels=[(level.value, _(words)) for level, words in DISCRETION_WORDS.items()],
        seen=queries.reach_of(actor.id).phone_is_seen,
    )


@blueprint.post("/account/devices")
@signed_in
@limiter.limit("20 per hour", key_func=by_person)
def add_device() -> Response:
    """Keep this device; its browser sends what it was given, and gets the page to go on to."""
    given = request.get_json(silent=True)
    keys = given.get("keys") if isinstance(given, dict) else None
    if not isinstance(given, dict) or not isinstance(keys, dict):
        return make_response(jsonify(), 422)
    asked = Subscription(*(str(value or "") for value in (given.get("endpoint"), keys.get("p256dh"), keys.get("auth"))))
    try:
        account_services.add_device(me().id, asked, now=clock.now())
    except BadInput as error:
        return make_response(jsonify(said=_(error.sentence, **error.values)), 422)
    flash(_("This device shows signs now. Choose below what comes as a sign."), "well")
    return jsonify(to=url_for("account.ways"))


@blueprint.post("/account/devices/<int:device_id>")
@signed_in
def change_device(device_id: int) -> Response:
    """Set how much a sign says on one device."""
    level = request.form.get("discretion", "")
    if level not in set(Discretion):
        raise NotFound
    account_services.set_device_discretion(me().id, device_id, Discretion(level), now=clock.now())
    flash(_("Kept."), "well")
    return go(url_for("account.devices"))


@blueprint.post("/account/devices/<int:device_id>/remove")
@signed_in
def remove_device(device_id: int) -> Response:
    """Send no more signs to one device."""
    account_services.remove_device(me().id, device_id, now=clock.now())
    flash(_("No more signs on that device. What came as a sign comes by e-mail."), "well")
    return go(url_for("account.devices"))


@blueprint.get("/signs.js")
@public
def signs() -> Response:
    """Give the browser what shows a sign when no page is open; from the top, since a worker reaches no higher."""
    answer = send_from_directory(f"{current_app.static_folder}/js", "signs-worker.js", mimetype="text/javascript")
    answer.cache_control.no_cache = True
    return answer
