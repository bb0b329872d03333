"""Who waits: everybody at a glance, sorted and filtered by links, approved in one tap."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar

from flask import Response, current_app, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _

from portal import clock
from portal.domain.care import AT_RISK
from portal.domain.crisis import Line, review_due
from portal.domain.errors import BadInput, NoRoom, Stale
from portal.domain.matching.promises import LONGEST_DAYS
from portal.domain.matching.walk import State
from portal.domain.matching.walk_words import COORDINATOR_WORDS
from portal.queries import care as care_queries
from portal.queries import checkin as checkin_queries
from portal.queries import experience as experience_queries
from portal.queries import matching as matching_queries
from portal.queries.care import Quiet
from portal.queries.checkin import Silent
from portal.queries.matching import BoardRow, Show, Sort
from portal.queries.notice import standing
from portal.services import matching as matching_services
from portal.web.access import me
from portal.web.care.blueprint import blueprint
from portal.web.care.walk import as_it_stands
from portal.web.care.words import DAY, Say, concern_words, waited_words, why_line, with_no_letter
from portal.web.doors import coordinator
from portal.web.errors import sentence_of
from portal.web.htmx import go
from portal.web.pages import Pages
from portal.web.steps import request_key, seen_revision
from portal.web.times import day_words, when_words

Kind = TypeVar("Kind", bound=StrEnum)
QUIET_SHOWN = 10
# A count is kept while nothing is done, so that only time could change it, and then for this long.
COUNTED_FOR = timedelta(minutes=1)


@dataclass(frozen=True)
class Counted:
    """How many stand on each board and who has been quiet longest, at one instant and after one last deed."""

    at: datetime
    deed: tuple[int, int]
    counts: dict[Show, int]
    quiet: list[Quiet]
    silent: list[Silent]


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
    counted = _counted(now)
    counts = counted.counts
    show = _asked("show", Show, Show.MINE if counts[Show.MINE] else Show.ALL)
    sort = _asked("sort", Sort, Sort.FIRST)
    pages = Pages(counts[show], matching_queries.ROWS, request.args.get("page", ""))
    say: Say = cache(_)
    states = sorted(State, key=lambda state: say(COORDINATOR_WORDS[state])) if sort is Sort.STATE else ()
    page = render_template(
        "care/board.html",
        rows=[_shown(row, say) for row in matching_queries.board_page(now, show, sort, page=pages.page, states=states)],
        pages=pages,
        show=show.value,
        sort=sort.value,
        counts=counts,
        most=LONGEST_DAYS,
        quiet=[(one, day_words(one.last_sign, zone)) for one in counted.quiet],
        unanswered=[(one, day_words(one.last_sign, zone)) for one in counted.silent],
        asked=[(one, when_words(one.at, zone)) for one in checkin_queries.asked_for()],
        wrote=[(one, day_words(one.at, zone)) for one in matching_queries.unread_reflections()],
        silent=standing.worker_silent(now),
        failed=standing.failed_count(),
        lines=[line.name for line in _lines() if review_due(line, now.date())],
        applications=experience_queries.applications_open(),
        talks=care_queries.talk_wishes_open(),
    )
    return make_response(page)


def _asked(name: str, kind: type[Kind], otherwise: Kind) -> Kind:
    try:
        return kind(request.args.get(name, ""))
    except ValueError:
        return otherwise


def _counted(now: datetime) -> Counted:
    """Count anew when something was done, or a minute has passed: with thousands who wait it takes a while."""
    deed = matching_queries.last_deed()
    kept: Counted | None = current_app.extensions.get("board_counted")
    if kept is None or kept.deed != deed or not timedelta(0) <= now - kept.at < COUNTED_FOR:
        counts = matching_queries.board_counts(now)
        quiet = care_queries.gone_quiet(now, at_most=QUIET_SHOWN)
        kept = Counted(now, deed, counts, quiet, checkin_queries.silent_on_the_board(now))
        current_app.extensions["board_counted"] = kept
    return kept


def _lines() -> tuple[Line, ...]:
    lines: tuple[Line, ...] = current_app.config["CRISIS_COUNTRY"].lines
    return lines


def _shown(row: BoardRow, say: Say) -> dict[str, Any]:
    return {
        "walk_id": row.walk_id,
        "revision": row.revision,
        "name": row.name,
        "days": row.waited / DAY,
        "waited": waited_words(row.waited),
        "state": say(row.words),
        "concern_words": concern_words(row.concerns[:1], say),
        "at_risk": bool(AT_RISK & set(row.concerns)),
        "peer_id": row.peer_id,
        "peer": row.peer,
        "why": why_line(row.parts, say),
        "approve": row.approvable,
    }
