"""The page of letters: how much one may say on its outside, with what exactly would arrive shown beside it."""

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _

from portal import clock
from portal.domain.account import Discretion
from portal.domain.words import N_
from portal.queries import account as account_queries
from portal.queries import notice as notice_queries
from portal.services import account as account_services
from portal.services.notice.outside import shown_to
from portal.web.access import me
from portal.web.account.blueprint import blueprint
from portal.web.account.forms import DiscretionForm
from portal.web.doors import signed_in
from portal.web.htmx import aims_at, go

DEGREES = {
    Discretion.OPEN: N_("Say who it is with"),
    Discretion.DISCREET: N_("Keep it quiet"),
    Discretion.DOT: N_("Just a sign"),
}


@blueprint.route("/account/discretion", methods=["GET", "POST"])
@signed_in
def discretion() -> Response:
    """Change how much a letter says on its outside; "look" shows what would arrive and changes nothing."""
    actor = me()
    kept = account_queries.safe_contact(actor.id)
    form = DiscretionForm(
        discretion=account_queries.own_choices(actor.id).discretion.value,
        subject_words=kept.subject_words if kept else "",
    )
    words = form.subject_words.data or ""
    if form.validate_on_submit() and "look" not in request.form:
        account_services.set_discretion(actor.id, Discretion(form.discretion.data), words, now=clock.now())
        flash(_("Kept."), "well")
        return go(url_for("account.overview"))
    shown = shown_to(actor.id, words, now=clock.now())
    alone = aims_at("outside")
    page = render_template(
        "account/_outside.html" if alone else "account/discretion.html",
        form=form,
        alone=alone,
        degrees=[(_(DEGREES[degree]), outside) for degree, outside in shown.items()],
        written_to=notice_queries.may_be_written_to(actor.id),
    )
    return make_response(page, 422 if form.errors else 200)
