"""Ending reminders from a mail program (RFC 8058): POST acts without signing in, GET only shows a form."""

from flask import render_template

from portal import clock
from portal.domain.errors import NotFound
from portal.queries import notice as queries
from portal.services.notice.unsubscribe import end_reminders
from portal.web.doors import public
from portal.web.notice.blueprint import blueprint


@blueprint.get("/unsubscribe/<token>")
@public
def unsubscribe_form(token: str) -> str:
    """Ask whether reminders should end; mail scanners open links, so that opening does nothing."""
    if queries.person_by_key(token) is None:
        raise NotFound
    return render_template("notice/unsubscribe.html", token=token, ended=False)


@blueprint.post("/unsubscribe/<token>")
@public
def unsubscribe(token: str) -> str:
    """End reminders; says the same each time."""
    end_reminders(token, now=clock.now())
    return render_template("notice/unsubscribe.html", token=token, ended=True)
