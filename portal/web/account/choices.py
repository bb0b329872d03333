"""One small page for each thing a person decides: name, clock, how to be reached."""

from collections.abc import Callable
from typing import Any

from flask import Response, flash, make_response, render_template, url_for
from flask_babel import gettext as _

from portal import clock
from portal.domain.errors import BadInput
from portal.queries import account as account_queries
from portal.services import account as account_services
from portal.services.account import SafeAnswers
from portal.web.access import me
from portal.web.account.blueprint import blueprint
from portal.web.account.forms import (
    NO,
    NOT_SAID,
    YES,
    NameForm,
    ReachForm,
    SafeContactForm,
    ZoneForm,
    blame,
)
from portal.web.account.zones import clock_there, zone_choices
from portal.web.doors import signed_in
from portal.web.htmx import go

SAID = {True: YES, False: NO, None: NOT_SAID}
MEANT = {YES: True, NO: False}


@blueprint.route("/account/name", methods=["GET", "POST"])
@signed_in
def name() -> Response:
    """Change the name others here see."""
    actor = me()
    form = NameForm(name=actor.name)
    return _one_question(
        "name", form, lambda: account_services.set_name(actor.id, form.name.data or "", now=clock.now())
    )


@blueprint.route("/account/zone", methods=["GET", "POST"])
@signed_in
def zone() -> Response:
    """Change the clock that every time is shown by."""
    actor = me()
    form = ZoneForm(zone=actor.zone)
    form.zone.choices = zone_choices(actor.zone)
    return _one_question(
        "zone",
        form,
        lambda: account_services.set_zone(actor.id, form.zone.data, now=clock.now()),
        lambda: _("Kept. %(there)s", there=clock_there(form.zone.data, clock.now())),
    )


@blueprint.route("/account/reach", methods=["GET", "POST"])
@signed_in
def reach() -> Response:
    """Change how the other person may reach somebody after both have said yes."""
    actor = me()
    form = ReachForm(reach=account_queries.own_choices(actor.id).reach)
    return _one_question(
        "reach", form, lambda: account_services.set_reach(actor.id, form.reach.data or "", now=clock.now())
    )


@blueprint.route("/account/safe-contact", methods=["GET", "POST"])
@signed_in
def safe_contact() -> Response:
    """Change how somebody may be reached without being put at risk."""
    actor = me()
    kept = account_queries.safe_contact(actor.id)
    form = SafeContactForm(
        may_email=SAID[kept.may_email if kept else None],
        may_text=SAID[kept.may_text if kept else None],
        may_voicemail=SAID[kept.may_voicemail if kept else None],
        phone_is_seen=SAID[kept.phone_is_seen if kept else None],
        hours=kept.hours if kept else "",
        name_to_use=kept.name_to_use if kept else "",
    )

    def keep() -> None:
        answers = SafeAnswers(
            may_email=MEANT.get(form.may_email.data),
            may_text=MEANT.get(form.may_text.data),
            may_voicemail=MEANT.get(form.may_voicemail.data),
            phone_is_seen=MEANT.get(form.phone_is_seen.data),
            hours=form.hours.data or "",
            name_to_use=form.name_to_use.data or "",
        )
        account_services.set_safe_contact(actor.id, answers, now=clock.now())

    def said() -> str:
        if form.may_email.data != NO:
            return str(_("Kept."))
        return str(_("We will not write to you, except the code you ask for. News stands on your page."))

    return _one_question("safe_contact", form, keep, said)


def _one_question(
    page: str, form: Any, keep: Callable[[], None], said: Callable[[], str] = lambda: str(_("Kept."))
) -> Response:
    if form.validate_on_submit():
        try:
            keep()
        except BadInput as error:
            blame(form, error)
        else:
            flash(said(), "well")
            return go(url_for("account.overview"))
    return make_response(render_template(f"account/{page}.html", form=form), 422 if form.errors else 200)
