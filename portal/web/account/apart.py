"""Whom somebody would rather not meet: a list of their own, which nobody else is told of."""

from flask import Response, flash, make_response, render_template, url_for
from flask_babel import gettext as _

from portal import clock
from portal.domain.errors import BadInput, NotFound
from portal.queries import account as account_queries
from portal.services import account as account_services
from portal.web.access import me
from portal.web.account.blueprint import blueprint
from portal.web.account.forms import ApartForm, blame
from portal.web.doors import signed_in
from portal.web.htmx import go


@blueprint.get("/account/apart")
@signed_in
def apart() -> Response:
    """Show whom somebody would rather not meet."""
    return _apart_page(ApartForm(), 200)


@blueprint.post("/account/apart")
@signed_in
def keep_apart() -> Response:
    """Add somebody; the answer is the same whether or not they are here."""
    form = ApartForm()
    if form.validate_on_submit():
        try:
            account_services.keep_apart(me().id, form.email.data or "", now=clock.now())
        except BadInput as error:
            blame(form, error)
        else:
            flash(_("Kept. You two will not be suggested to one another. They are not told."), "well")
            return go(url_for("account.apart"))
    return _apart_page(form, 422)


@blueprint.post("/account/apart/<int:apart_id>/remove")
@signed_in
def bring_together(apart_id: int) -> Response:
    """Take somebody off one's own list."""
    if not account_services.bring_together(me().id, apart_id, now=clock.now()):
        raise NotFound
    flash(_("Taken off your list."), "well")
    return go(url_for("account.apart"))


def _apart_page(form: ApartForm, status: int) -> Response:
    page = render_template("account/apart.html", form=form, kept=account_queries.apart_emails(me().id))
    return make_response(page, status)
