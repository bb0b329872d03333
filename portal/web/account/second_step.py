"""The second step of coordinators by an app: set up once, asked at each sign-in."""

import pyotp
import segno
from flask import Response, make_response, render_template, url_for
from markupsafe import Markup

from portal import clock
from portal.domain.errors import BadInput
from portal.queries import account as account_queries
from portal.services import account as account_services
from portal.web.account.blueprint import blueprint
from portal.web.account.forms import CodeForm, blame
from portal.web.account.passkeys import SITE_NAME, passkeys_work
from portal.web.account.way import come_in, staff
from portal.web.doors import before_consent, signed_in
from portal.web.htmx import go
from portal.web.limits import by_person, limiter

TRIES = "5 per 10 minutes; 30 per day"


@blueprint.get("/second-step")
@signed_in
@before_consent
def second_step() -> Response:
    """Offer what was set up, or what can be."""
    return _page(CodeForm())


@blueprint.post("/second-step")
@signed_in
@before_consent
@limiter.limit(TRIES, key_func=by_person)
def check_app() -> Response:
    """Take a code from the app."""
    actor, form = staff(), CodeForm()
    if form.validate_on_submit():
        try:
            return come_in(
                account_services.check_totp(actor.id, actor.sign_in_id, form.code.data or "", now=clock.now())
            )
        except BadInput as error:
            blame(form, error)
    return _page(form, 422)


@blueprint.post("/second-step/app")
@signed_in
@before_consent
def begin_app() -> Response:
    """Make a key for an app."""
    actor = staff()
    account_services.begin_totp(actor.id, second_step_done=actor.second_factor, now=clock.now())
    return go(url_for("account.new_app"))


@blueprint.get("/second-step/app")
@signed_in
@before_consent
def new_app() -> Response:
    """Show the key, as a picture and as text, until a code from the app has confirmed it."""
    return _app_page(CodeForm())


@blueprint.post("/second-step/app/confirm")
@signed_in
@before_consent
@limiter.limit(TRIES, key_func=by_person)
def confirm_app() -> Response:
    """Take the first code from the app."""
    actor, form = staff(), CodeForm()
    if form.validate_on_submit():
        try:
            return come_in(
                account_services.confirm_totp(actor.id, actor.sign_in_id, form.code.data or "", now=clock.now())
            )
        except BadInput as error:
            blame(form, error)
    return _app_page(form, 422)


def _page(form: CodeForm, status: int = 200) -> Response:
    actor = staff()
    page = render_template(
        "account/second_step.html",
        form=form,
        factors=account_queries.factors(actor.id),
        done=actor.second_factor,
        passkeys_work=passkeys_work(),
    )
    return make_response(page, status)


def _app_page(form: CodeForm, status: int = 200) -> Response:
    actor = staff()
    factors = account_queries.factors(actor.id)
    if factors.app_key is None or (factors.any and not actor.second_factor):
        return go(url_for("account.second_step"))
    address = pyotp.TOTP(factors.app_key).provisioning_uri(name=actor.name or SITE_NAME, issuer_name=SITE_NAME)
    # Drawn with attributes only: the page's policy allows no inline style.
    picture = segno.make(address, error="m").svg_inline(scale=5, border=4, dark="#000", light="#fff")
    key = " ".join(factors.app_key[at : at + 4] for at in range(0, len(factors.app_key), 4))
    page = render_template("account/new_app.html", form=form, picture=Markup(picture), key=key)
    return make_response(page, status)
