"""The page two people keep: lines from each, while a walk ends and some weeks after; and the walks one has walked."""

from datetime import datetime

from flask import Response, flash, make_response, render_template, url_for
from flask_babel import gettext as _

from portal import clock
from portal.domain.errors import NotFound, Stale
from portal.domain.matching.walk import Actor
from portal.queries import checkin as checkin_queries
from portal.queries import matching as matching_queries
from portal.queries.matching import Kept
from portal.services import matching as matching_services
from portal.web.access import me
from portal.web.doors import walker
from portal.web.errors import sentence_of
from portal.web.htmx import go
from portal.web.matching.blueprint import blueprint
from portal.web.matching.pace import two_of
from portal.web.matching.pace_forms import KeepsakeForm
from portal.web.steps import request_key
from portal.web.times import date_words, day_words, month_words


@blueprint.route("/walk/<int:walk_id>/keepsake", methods=["GET", "POST"])
@walker
def keepsake(walk_id: int) -> Response:
    """Show what the two wrote for one another, and take one's own lines."""
    kept = matching_queries.keepsake_of(me().id, walk_id)
    if kept is None:  # the walk goes on, or it is nobody's of theirs
        two_of(walk_id)
        return go(url_for("matching.walk", walk_id=walk_id))
    form = KeepsakeForm(words=kept.own_words, seen=_stamp(kept.own_at))
    if form.validate_on_submit():
        try:
            matching_services.write_keepsake(
                walk_id, me().id, form.words.data or "", seen=_read(form.seen.data), key=request_key(), now=clock.now()
            )
        except Stale as error:
            form.words.errors = [sentence_of(error)]
            form.seen.data = _stamp(kept.own_at)
            return _page(kept, form, error.status)
        flash(_("Kept. Both of you find it here."), "well")
        return go(url_for("matching.keepsake", walk_id=walk_id))
    return _page(kept, form, 422 if form.errors else 200)


@blueprint.get("/walk/<int:walk_id>/keepsake.txt")
@walker
def keepsake_text(walk_id: int) -> Response:
    """Give the lines of both as plain text, to keep elsewhere."""
    kept = matching_queries.keepsake_of(me().id, walk_id)
    if kept is None:
        two_of(walk_id)
        return go(url_for("matching.walk", walk_id=walk_id))
    lines = [(kept.other_name, kept.other_words), (me().name, kept.own_words)]
    response = make_response("\n\n".join(f"{name}\n\n{words}" for name, words in lines if words) + "\n")
    response.headers["Content-Type"] = "text/plain; charset=utf-8"
    response.headers["Content-Disposition"] = 'attachment; filename="lines.txt"'
    return response


@blueprint.get("/walks")
@walker
def walked() -> Response:
    """Show the walks somebody has walked to their end."""
    zone = me().zone
    walks = [
        (walk, month_words(walk.began_at, zone), month_words(walk.ended_at, zone))
        for walk in matching_queries.walked_by(me().id)
    ]
    return make_response(render_template("matching/walked.html", walks=walks))


def _page(kept: Kept, form: KeepsakeForm, status: int) -> Response:
    is_member = kept.role is Actor.MEMBER
    page = render_template(
        "matching/keepsake.html",
        kept=kept,
        form=form,
        own_name=me().name,
        is_member=is_member,
        has_thread=kept.over and checkin_queries.has_lines(kept.walk_id),
        may_ask=kept.over and is_member and matching_queries.open_walk_of(me().id) is None,
        may_write=kept.open_until is None or clock.now() < kept.open_until,
        open_until=day_words(kept.open_until, me().zone) if kept.open_until is not None else "",
        last_day=date_words(kept.ends_on) if kept.ends_on is not None and not kept.over else "",
    )
    return make_response(page, status)


def _stamp(at: datetime | None) -> str:
    return at.isoformat() if at is not None else ""


def _read(stamp: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(stamp) if stamp else None
    except ValueError:
        raise NotFound from None
