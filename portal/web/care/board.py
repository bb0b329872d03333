"""Who waits: everybody at a glance, sorted and filtered by links, approved in one tap."""

from collections.abc import Callable
from typing import Any

from flask import Response, current_app, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _

from portal import clock
from portal.domain.care import AT_RISK, Concern
from portal.domain.crisis import Line, review_due
from portal.domain.errors import BadInput, NoRoom, Stale
from portal.domain.matching.promises import LONGEST_DAYS
from portal.domain.matching.walk import State
from portal.queries import care as care_queries
from portal.queries import experience as experience_queries
from portal.queries import matching as matching_queries
from portal.queries import notice as notice_queries
from portal.queries.matching import Waiting
from portal.services import matching as matching_services
from portal.web.access import me
from portal.web.care.blueprint import blueprint
from portal.web.care.walk import as_it_stands
from portal.web.care.words import concern_words, concerns_of, waited_words, why_line, with_no_letter
from portal.web.doors import coordinator
from portal.web.errors import sentence_of
from portal.web.htmx import go
from portal.web.steps import request_key, seen_revision
from portal.web.times import day_words

Shown = dict[str, Any]
SHOWS: dict[str, Callable[[Shown], bool]] = {
    "mine": lambda row: row["approve"],
    "all": lambda row: True,
    "risk": lambda row: row["at_risk"],
    "note": lambda row: Concern.NOTE in row["concerns"],
}
SORTS: dict[str, Callable[[Shown], Any]] = {
    "first": lambda row: 0,
    "name": lambda row: row["name"].casefold(),
    "waiting": lambda row: -row["days"],
    "state": lambda row: row["state"],
}


@blueprint.get("/care")
@coordinator
def board() -> Response:
    """Show who waits, why, and what can be done about it."""
    return _page()


@blueprint.post("/care/walks/<int:walk_id>/approve")
@coordinator
def approve(walk_id: int) -> Response:
    """Ask the suggested peer; the member is told."""
    typed = request.form.get("peer_id", "")
    try:
        matching_services.approve(
            walk_id,
            me().id,
            int(typed) if typed.isdecimal() else None,
            revision=seen_revision(),
            key=request_key(),
            now=clock.now(),
        )
    except (Stale, NoRoom, BadInput) as error:
        return as_it_stands(walk_id, sentence_of(error), error.status)
    walk = matching_queries.state_of(walk_id)
    both = _("Approved. They had offered already, so both know each other’s names now.")
    approved = both if walk is State.BOTH_YES else _("Approved. The peer has two days to answer.")
    flash(with_no_letter(approved, care_queries.member_of(walk_id)), "well")
    return go(url_for("care.board"))


def _page() -> Response:
    now, zone = clock.now(), me().zone
    quiet = care_queries.gone_quiet(now)
    quiet_walks = {one.walk_id for one in quiet}
    everybody = [_shown(waiting, quiet_walks) for waiting in matching_queries.waiting_board(now)]
    show, sort = request.args.get("show", ""), request.args.get("sort", "")
    counts = {name: sum(1 for row in everybody if fits(row)) for name, fits in SHOWS.items()}
    show, sort = show if show in SHOWS else "mine" if counts["mine"] else "all", sort if sort in SORTS else "first"
    rows = sorted((row for row in everybody if SHOWS[show](row)), key=SORTS[sort])
    page = render_template(
        "care/board.html",
        rows=rows,
        show=show,
        sort=sort,
        counts=counts,
        most=LONGEST_DAYS,
        quiet=[(one, day_words(one.last_sign, zone)) for one in quiet],
        wrote=[(one, day_words(one.at, zone)) for one in matching_queries.unread_reflections()],
        silent=notice_queries.worker_silent(now),
        failed=notice_queries.failed_count(),
        lines=[line.name for line in _lines() if review_due(line, now.date())],
        applications=len(experience_queries.applications()),
        talks=care_queries.talk_wishes_open(),
    )
    return make_response(page)


def _lines() -> tuple[Line, ...]:
    lines: tuple[Line, ...] = current_app.config["CRISIS_COUNTRY"].lines
    return lines


def _shown(waiting: Waiting, quiet_walks: set[int]) -> Shown:
    found = concerns_of(waiting, quiet_walks, clock.now())
    return {
        "walk_id": waiting.walk_id,
        "revision": waiting.revision,
        "name": waiting.name,
        "days": waiting.waited.total_seconds() / 86400,
        "waited": waited_words(waiting.waited),
        "state": _(waiting.words),
        "concerns": found,
        "concern_words": concern_words(found[:1]),
        "at_risk": bool(AT_RISK & set(found)),
        "peer_id": waiting.suggestion.peer_id if waiting.suggestion else None,
        "peer": waiting.suggestion.name if waiting.suggestion else "",
        "why": why_line(waiting.suggestion) if waiting.suggestion else "",
        "approve": waiting.state is State.CHOSEN and waiting.suggestion is not None,
    }
