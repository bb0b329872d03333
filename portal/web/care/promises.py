"""The promises about time: which were kept lately, where one runs out soon, and what happens then."""

from flask import Response, flash, make_response, render_template, url_for
from flask_babel import gettext as _

from portal import clock
from portal.domain.matching.kept import MEDIAN_DAYS, MEDIAN_THEN, MEDIAN_WORDS, TERMS, AtRisk
from portal.domain.matching.measures import SPAN
from portal.queries import measures as measures_queries
from portal.services import matching as matching_services
from portal.web.access import me
from portal.web.care.blueprint import blueprint
from portal.web.care.measure_words import count_words, days_words, share_words
from portal.web.care.words import zone_line
from portal.web.doors import coordinator
from portal.web.htmx import go
from portal.web.steps import request_key
from portal.web.times import when_words


@blueprint.get("/care/promises")
@coordinator
def promises() -> Response:
    """Show each promise, how it was kept in the last 90 days, and the walks where it is at risk."""
    now, zone = clock.now(), me().zone
    found = measures_queries.measures(now)
    middle = found.to_first
    page = render_template(
        "care/promises.html",
        promises=[
            {
                "words": _(TERMS[one.promise].words),
                "then": _(TERMS[one.promise].then),
                "kept": share_words(one.kept),
                "risks": [_risk(risk, zone) for risk in one.at_risk],
            }
            for one in found.promises
        ],
        median={
            "words": _(MEDIAN_WORDS),
            "then": _(MEDIAN_THEN),
            "value": days_words(middle),
            "over_a_week": count_words(found.over_a_week),
            "kept": None if middle.value is None else middle.value <= MEDIAN_DAYS,
        },
        days=SPAN.days,
        zone=zone_line(zone),
        at_risk=len({risk.walk_id for one in found.promises for risk in one.at_risk}),
    )
    return make_response(page)


@blueprint.post("/care/walks/<int:walk_id>/note")
@coordinator
def note_written(walk_id: int) -> Response:
    """Write down that a coordinator wrote to the member."""
    matching_services.note_written(walk_id, me().id, key=request_key(), now=clock.now())
    flash(_("Written down. Thank you for writing."), "well")
    return go(url_for("care.walk", walk_id=walk_id))


def _risk(risk: AtRisk, zone: str) -> dict[str, object]:
    return {"walk_id": risk.walk_id, "name": risk.name, "when": when_words(risk.at, zone), "run_out": risk.run_out}
