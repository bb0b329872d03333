"""The coordinator's page of the letters: when they were last looked after, and what could not be delivered."""

from datetime import datetime

from flask import Response, flash, request, url_for
from flask_babel import gettext as _

from portal import clock
from portal.queries.notice import standing
from portal.services.notice import hold, staff
from portal.web.access import me
from portal.web.doors import coordinator
from portal.web.htmx import go, page_or_fragment
from portal.web.notice.blueprint import blueprint
from portal.web.notice.words import KIND_WORDS, WAY_WORDS, why
from portal.web.times import when_words


@blueprint.get("/letters")
@coordinator
def state() -> Response:
    """Show whether letters go out, and those that need a person."""
    now = clock.now()
    signs, held_up = standing.last_signs(), standing.held_up(now)
    return page_or_fragment(
        "notice/page.html",
        "notice/_state.html",
        held=standing.held_since() is not None,
        silent=standing.worker_silent(now),
        waiting=standing.waiting_count(now),
        held_up=sum(held_up.values()),
        held_up_kinds=[f"{_(KIND_WORDS[kind])} ({count})" for kind, count in held_up.items()],
        worker=_ago(signs.get(standing.WORKER)),
        clock=_ago(signs.get(standing.CLOCK)),
        troubles=[_shown(trouble) for trouble in standing.troubles()],
    )


@blueprint.post("/letters/<int:notice_id>/again")
@coordinator
def again(notice_id: int) -> Response:
    """Try a letter once more."""
    staff.try_again(notice_id, me().id, now=clock.now())
    flash(_("It is on its way again. If it no longer applies, it is left out."), "well")
    return go(url_for("notice.state"))


@blueprint.post("/letters/<int:notice_id>/let-go")
@coordinator
def let_go(notice_id: int) -> Response:
    """Take a letter off the list."""
    staff.let_go(notice_id, me().id, now=clock.now())
    flash(_("It is off the list."), "well")
    return go(url_for("notice.state"))


@blueprint.post("/letters/send-again")
@coordinator
def send_again() -> Response:
    """Send again after the post was held, with or without what should have gone out before."""
    hold.let_out(me().id, drop_older=request.form.get("older") == "drop", now=clock.now())
    flash(_("Letters go out again."), "well")
    return go(url_for("notice.state"))


def _ago(at: datetime | None) -> str:
    return when_words(at, me().zone) if at is not None else ""


def _shown(trouble: standing.Trouble) -> dict[str, object]:
    return {
        "id": trouble.id,
        "kind": _(KIND_WORDS[trouble.kind]),
        "way": _(WAY_WORDS[trouble.channel]),
        "name": trouble.name,
        "when": when_words(trouble.since, me().zone),
        "why": _(why(trouble.error, trouble.channel)),
    }
