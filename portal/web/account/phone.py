"""Somebody's phone for text messages: what would come, the number, the code, and taking it away again."""

from typing import Any

from flask import Response, flash, make_response, render_template, url_for
from flask_babel import gettext as _

from portal import clock
from portal.domain.account import CODE_LIFE, CodeAnswer
from portal.domain.errors import BadInput
from portal.domain.notice import Channel
from portal.queries.checkin import texted_threads
from portal.queries.notice import ways as queries
from portal.services import account as account_services
from portal.services.account import phone as phones
from portal.services.account.ways import ways_here
from portal.web.access import me
from portal.web.account.blueprint import blueprint
from portal.web.account.country_words import country_choices
from portal.web.account.forms import PhoneCodeForm, PhoneForm, blame
from portal.web.doors import signed_in
from portal.web.htmx import go
from portal.web.limits import by_network, by_person, limiter
from portal.web.times import day_words


@blueprint.get("/account/phone")
@signed_in
def phone() -> Response:
    """Show the phone there is, the code that is waited for, or what texts would be."""
    return _page(_number_form(), PhoneCodeForm())


@blueprint.post("/account/phone")
@signed_in
@limiter.limit("20 per hour", key_func=by_person)
@limiter.limit("30 per hour", key_func=by_network)
def ask_phone_code() -> Response:
    """Send a code to a number."""
    form = _number_form()
    if form.validate_on_submit():
        try:
            account_services.ask_phone_code(
                me().id, form.number.data or "", str(form.country.data or ""), now=clock.now()
            )
        except BadInput as error:
            blame(form, error)
        else:
            return go(url_for("account.phone"))
    return _page(form, PhoneCodeForm(formdata=None))


@blueprint.post("/account/phone/code")
@signed_in
@limiter.limit("30 per hour", key_func=by_person)
def check_phone_code() -> Response:
    """Try the code that came by text."""
    form = PhoneCodeForm()
    if form.validate_on_submit():
        answer = account_services.enter_phone_code(me().id, form.code.data or "", now=clock.now())
        if answer is CodeAnswer.RIGHT:
            flash(_("Your phone takes texts now. Choose below what comes by text."), "well")
            return go(url_for("account.ways"))
        if answer is CodeAnswer.SPENT:
            flash(_("That code is of no more use. You can have a new one."), "look")
            return go(url_for("account.phone"))
        form.code.errors = [_("That is not the code. Please look again; it has six digits.")]
    return _page(_number_form(formdata=None), form)


@blueprint.post("/account/phone/remove")
@signed_in
def remove_phone() -> Response:
    """Take the phone away."""
    account_services.remove_phone(me().id, now=clock.now())
    flash(_("Your number is gone from here. What came by text comes by e-mail."), "well")
    return go(url_for("account.phone"))


def _number_form(**more: Any) -> PhoneForm:
    countries = country_choices(phones.countries())
    form = PhoneForm(country=countries[0][0], **more)
    form.country.choices = countries
    return form


def _page(form: PhoneForm, code_form: PhoneCodeForm) -> Response:
    actor, now = me(), clock.now()
    found = queries.phone(actor.id)
    waits = queries.phone_waits(actor.id, now)
    reach = queries.reach_of(actor.id)
    page = render_template(
        "account/phone.html",
        form=form,
        code_form=code_form,
        offered=phones.offered(),
        signs=Channel.PUSH in ways_here(),
        threads=bool(texted_threads(actor.id)),
        unsafe=not reach.may_text,
        seen=reach.phone_is_seen,
        waits=waits,
        undelivered=waits and phones.code_came_to_nothing(actor.id),
        number=phones.shown(found.number) if found is not None else "",
        since=day_words(found.confirmed_at, actor.zone) if found is not None and found.confirmed_at else "",
        stopped=found is not None and found.stopped_at is not None,
        minutes=int(CODE_LIFE.total_seconds() // 60),
    )
    return make_response(page, 422 if form.errors or code_form.errors else 200)
