"""Ending reminders or a check-in from a mail program (RFC 8058): POST acts without signing in, GET shows a form."""

from flask import Response, flash, render_template, url_for
from flask_babel import gettext as _

from portal import clock
from portal.domain.errors import NotFound
from portal.domain.notice import Group
from portal.queries import notice as queries
from portal.services.notice import unsubscribe as services
from portal.web.access import me, signed_in_actor
from portal.web.doors import public, signed_in
from portal.web.htmx import go
from portal.web.notice.blueprint import blueprint


@blueprint.get("/unsubscribe/<token>")
@public
def unsubscribe_form(token: str) -> str:
    """Ask whether it should end; mail scanners open links, so that opening does nothing."""
    return _page(token, ended=False)


@blueprint.post("/unsubscribe/<token>")
@public
def unsubscribe(token: str) -> str:
    """End it; says the same each time."""
    services.end_by_key(token, now=clock.now())
    return _page(token, ended=True)


@blueprint.post("/unsubscribe/<token>/back")
@signed_in
def take_back(token: str) -> Response:
    """Take back what a key has ended."""
    services.take_back(token, me().id, now=clock.now())
    flash(_("It is as it was before."), "well")
    return go(url_for("account.overview"))


def _page(token: str, *, ended: bool) -> str:
    key, actor = queries.key_of(token), signed_in_actor()
    if key is None:
        raise NotFound
    return render_template(
        "notice/unsubscribe.html",
        token=token,
        ended=ended,
        check_in=key.ends is Group.CHECK_INS,
        theirs=ended and bool(key.was) and actor is not None and actor.id == key.person_id,
    )
