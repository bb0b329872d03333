"""The first minutes: what stays between us, then what to call somebody, then what brings them here."""

from flask import Response, flash, make_response, render_template

from portal import clock
from portal.domain.account import Purpose, Role
from portal.domain.errors import BadInput
from portal.services import account as account_services
from portal.web.access import me
from portal.web.account.blueprint import blueprint
from portal.web.account.forms import AgreeForm, RoleForm, WelcomeNameForm, blame
from portal.web.account.way import first_place, next_place, role_kept
from portal.web.account.zones import clock_there, zone_choices
from portal.web.doors import before_consent, signed_in
from portal.web.htmx import go


@blueprint.route("/welcome", methods=["GET", "POST"])
@signed_in
@before_consent
def welcome() -> Response:
    """Say what stays between us and where that ends, and ask whether it is all right."""
    form = AgreeForm()
    if form.validate_on_submit():
        agreed = {Purpose.TERMS}
        agreed |= {Purpose.MATCHING} if form.matching.data else set()
        agreed |= {Purpose.LETTERS} if form.letters.data else set()
        account_services.give_consents(me().id, agreed, declined=set(Purpose) - agreed, now=clock.now())
        return go(next_place())
    return make_response(render_template("account/welcome.html", form=form), 422 if form.errors else 200)


@blueprint.route("/welcome/name", methods=["GET", "POST"])
@signed_in
def welcome_name() -> Response:
    """Ask what to call somebody, and which clock they live by."""
    actor = me()
    known = "" if actor.zone == account_services.ZONE_UNKNOWN else actor.zone
    form = WelcomeNameForm(name=actor.name, zone=known)
    form.zone.choices = zone_choices(known)
    if form.validate_on_submit():
        now = clock.now()
        try:
            account_services.set_name(actor.id, form.name.data or "", now=now)
            account_services.set_zone(actor.id, form.zone.data, now=now)
        except BadInput as error:
            blame(form, error)
        else:
            flash(clock_there(form.zone.data, now), "well")
            return go(next_place())
    return make_response(render_template("account/welcome_name.html", form=form), 422 if form.errors else 200)


@blueprint.route("/welcome/role", methods=["GET", "POST"])
@signed_in
def welcome_role() -> Response:
    """Ask what brings somebody here; the other role can be taken up later."""
    form = RoleForm(role=role_kept())
    if form.validate_on_submit():
        role = Role(form.role.data)
        account_services.take_role(me().id, role, now=clock.now())
        return go(first_place(role))
    return make_response(render_template("account/welcome_role.html", form=form), 422 if form.errors else 200)
