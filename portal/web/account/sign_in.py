"""One door for signing up and signing in: an address, a letter with six digits, and the page that asked for them."""

from flask import Response, flash, make_response, render_template, request, session, url_for
from flask_babel import gettext as _

from portal import clock
from portal.domain.account import CODE_LIFE, CodeAnswer
from portal.domain.errors import BadInput, NotAllowed
from portal.domain.words import N_
from portal.queries import account as account_queries
from portal.services import account as account_services
from portal.web import access
from portal.web.account.blueprint import blueprint
from portal.web.account.forms import AddressForm, CodeForm, blame
from portal.web.account.way import BACK, come_in, keep_role, local_path, next_place
from portal.web.doors import public
from portal.web.htmx import go
from portal.web.known_browser import known_as, remember
from portal.web.limits import by_address_and_network, limiter

ASKED = "asked"
MINUTES = int(CODE_LIFE.total_seconds() // 60)


@blueprint.get("/sign-in")
@public
def sign_in() -> Response:
    """Ask for an address; who is signed in already goes on."""
    if access.signed_in_actor() is not None:
        return go(next_place())
    keep_role(request.args.get("as", ""))
    form = AddressForm(back=local_path(request.args.get("back", "")))
    return make_response(render_template("account/sign_in.html", form=form))


@blueprint.post("/sign-in")
@public
@limiter.limit("60 per 10 minutes")
@limiter.limit("10 per hour", key_func=by_address_and_network)
def send_code() -> Response:
    """Send a code; the answer is the same for every address, known here or not."""
    form = AddressForm()
    if form.validate_on_submit():
        try:
            address, earlier = form.email.data or "", session.get(ASKED, "")
            known = known_as(address) is not None
            token = account_services.ask_code(address, now=clock.now(), earlier=earlier, known=known)
        except BadInput as error:
            blame(form, error)
        else:
            session[ASKED] = token
            session[BACK] = local_path(form.back.data or "") or session.get(BACK, "")
            return go(url_for("account.code"))
    return make_response(render_template("account/sign_in.html", form=form), 422)


@blueprint.get("/sign-in/code")
@public
def code() -> Response:
    """Ask for the code in the browser that asked for the letter; opening this page does nothing else."""
    address = account_queries.code_waits_for(session.get(ASKED, ""), clock.now())
    if address is None:
        flash(_("Please ask for a new code."), "look")
        return go(url_for("account.sign_in"))
    return _code_page(CodeForm(), address)


@blueprint.post("/sign-in/code")
@public
@limiter.limit("100 per 10 minutes")
def check_code() -> Response:
    """Sign in with the right code; a wrong one may be tried again a few times."""
    form = CodeForm()
    asked, now = session.get(ASKED, ""), clock.now()
    if form.validate_on_submit():
        entered = account_services.enter_code(asked, form.code.data or "", now=now, zone=request.form.get("zone", ""))
        if entered.answer is CodeAnswer.RIGHT:
            return remember(come_in(entered.token), entered.address)
        if entered.answer is CodeAnswer.SUSPENDED:
            raise NotAllowed(N_("This account is resting. Please write to the people who run this place."))
        if entered.answer is CodeAnswer.WRONG:
            form.code.errors = [_("These are not the six digits we sent last. Please look at the newest letter.")]
    return _code_page(form, account_queries.code_waits_for(asked, now), 422)


def _code_page(form: CodeForm, address: str | None, status: int = 200) -> Response:
    if address is None:
        spent = account_queries.code_by_browser(session.get(ASKED, ""))
        page = render_template("account/code_spent.html", address=spent.email if spent is not None else None)
        return make_response(page, status)
    page = render_template("account/code.html", form=form, address=address, minutes=MINUTES)
    return make_response(page, status)
