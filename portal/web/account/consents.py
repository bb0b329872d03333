"""What somebody agreed to, since when, and taking it back."""

from flask import Response, flash, render_template, request, url_for
from flask_babel import gettext as _

from portal import clock
from portal.domain.account import Purpose
from portal.domain.errors import NotFound
from portal.domain.words import N_
from portal.queries import account as account_queries
from portal.services import account as account_services
from portal.web import access
from portal.web.access import me
from portal.web.account.blueprint import blueprint
from portal.web.account.sign_out import gone
from portal.web.account.way import local_path
from portal.web.doors import signed_in
from portal.web.htmx import go
from portal.web.times import day_words

PURPOSE_WORDS = {
    Purpose.TERMS: (
        N_("How we keep what you tell us"),
        N_("Without this we cannot show you anything more. You are signed out, and asked again if you come back."),
    ),
    Purpose.MATCHING: (
        N_("Using what you tell us to find somebody for you"),
        N_("Without this nobody new is suggested to you, and you are suggested to nobody."),
    ),
    Purpose.LETTERS: (
        N_("Letters about your chats"),
        N_("Without this you get no invitations and no reminders. Codes to sign in still come when you ask for one."),
    ),
}


@blueprint.get("/account/consents")
@signed_in
def consents() -> str:
    """Show each purpose, what it is for, and since when."""
    actor = me()
    given = account_queries.consents(actor.id)
    rows = [
        (purpose.value, _(title), _(without), day_words(given[purpose], actor.zone) if purpose in given else "")
        for purpose, (title, without) in PURPOSE_WORDS.items()
    ]
    return render_template("account/consents.html", rows=rows, back=local_path(request.args.get("back", "")))


@blueprint.post("/account/consents/<purpose>/give")
@signed_in
def give_consent(purpose: str) -> Response:
    """Agree to one thing."""
    account_services.give_consents(me().id, [_purpose(purpose)], now=clock.now())
    flash(_("Kept."), "well")
    return go(local_path(request.form.get("back", "")) or url_for("account.consents"))


@blueprint.post("/account/consents/<purpose>/withdraw")
@signed_in
def withdraw_consent(purpose: str) -> Response:
    """Take one thing back; without the terms the person is signed out as well."""
    meant = _purpose(purpose)
    account_services.withdraw_consent(me().id, meant, now=clock.now())
    if meant is Purpose.TERMS:
        access.end()
        return gone()
    flash(_("Taken back. You can change your mind at any time."), "well")
    return go(url_for("account.consents"))


def _purpose(value: str) -> Purpose:
    try:
        return Purpose(value)
    except ValueError:
        raise NotFound from None
