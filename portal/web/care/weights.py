"""The weights: how much each part of a fit counts, what a change would do today, and what stood before."""

from collections.abc import Mapping
from decimal import Decimal

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _

from portal import clock
from portal.domain.errors import BadInput, Stale
from portal.domain.matching.explain import PART_WORDS
from portal.domain.matching.score import Part
from portal.domain.matching.weighing import PART_HINTS, Changed, Order, Turn
from portal.queries import matching as matching_queries
from portal.queries import measures as measures_queries
from portal.queries.matching import Version
from portal.services import matching as matching_services
from portal.services.matching import Weighed
from portal.web.access import me
from portal.web.care.blueprint import blueprint
from portal.web.care.weights_form import WeightsForm
from portal.web.doors import coordinator
from portal.web.errors import sentence_of
from portal.web.htmx import go
from portal.web.steps import request_key
from portal.web.times import when_words

MOST_NAMED = 50


@blueprint.get("/care/weights")
@coordinator
def weights() -> Response:
    """Show the points in force and the versions before; how much hangs on each part once that is asked for."""
    form = WeightsForm(formdata=None)
    form.put(matching_queries.weights_versions()[0].points)
    return _page(form, None, hangs="parts" in request.args)


@blueprint.post("/care/weights/preview")
@coordinator
def preview_weights() -> Response:
    """Show what these points would change for all who wait; nothing is kept."""
    form = WeightsForm()
    if not form.validate_on_submit():
        return _page(form, None, status=422)
    return _page(form, form.points())


@blueprint.post("/care/weights/save")
@coordinator
def save_weights() -> Response:
    """Put points into force whose effect was looked at."""
    form = WeightsForm()
    if not form.validate_on_submit():
        return _page(form, None, status=422)
    if not form.was_looked_at():
        return _page(form, form.points(), _("Here is what these points would change. Save them if it is right."), 422)
    try:
        version = matching_services.set_weights(
            me().id,
            form.points(),
            form.note.data or "",
            version_seen=form.version_seen(),
            key=request_key(),
            now=clock.now(),
        )
    except (BadInput, Stale) as error:
        return _page(form, form.points(), sentence_of(error), error.status)
    flash(
        _("Version %(number)s is in force for new suggestions. Those made before keep theirs.", number=version), "well"
    )
    return go(url_for("care.weights"))


def _page(
    form: WeightsForm,
    points: Mapping[Part, float] | None,
    sentence: str = "",
    status: int = 200,
    *,
    hangs: bool = False,
) -> Response:
    """Everybody who waits is read only where somebody wants to see what would change, or what hangs on each part."""
    now, zone = clock.now(), me().zone
    versions = matching_queries.weights_versions()
    in_force = versions[0]
    found = matching_services.weigh(points, now=now) if hangs or points is not None else None
    version = in_force.number if found is None else found.version
    if points is not None and form.version_seen() != version and not sentence:
        sentence, status = _(matching_services.CHANGED_MEANWHILE), 409
    form.look(version, points)
    page = render_template(
        "care/weights.html",
        form=form,
        parts=[(form[part], _hint(part, in_force)) for part in Part],
        in_force=in_force.number,
        effect=None if found is None or found.difference is None else _effect(found),
        found=found,
        stays=[] if found is None else _stays(found),
        versions=[_shown(version, zone) for version in versions],
        sentence=sentence,
    )
    return make_response(page, status)


def _hint(part: Part, in_force: Version) -> str:
    points = number_words(in_force.points[part])
    return str(_("%(hint)s In force: %(points)s.", hint=_(PART_HINTS[part]), points=points))


def number_words(points: float) -> str:
    """Return "40" or "12.5"."""
    return f"{Decimal(str(points)).normalize():f}"


def _effect(found: Weighed) -> dict[str, object]:
    assert found.difference is not None
    first, order = found.difference.first, found.difference.order
    named = [*first[:MOST_NAMED], *order[:MOST_NAMED]]
    names = measures_queries.names_of({each for one in named for each in (one.member_id, *one.before, *one.after)})
    return {
        "first": [_changed(one, names, found) for one in first[:MOST_NAMED]],
        "first_count": len(first),
        "order": [_changed(one, names, found) for one in order[:MOST_NAMED]],
        "order_count": len(order),
        "same": found.difference.same,
    }


def _changed(one: Changed, names: Mapping[int, str], found: Weighed) -> dict[str, object]:
    return {
        "walk_id": found.walk_of[one.member_id],
        "name": names[one.member_id],
        "before": _listed(one.before, names),
        "after": _listed(one.after, names),
    }


def _listed(order: Order, names: Mapping[int, str]) -> str:
    return ", ".join(names[peer_id] for peer_id in order)


def _stays(found: Weighed) -> list[dict[str, object]]:
    by_part = {(one.part, one.turn): one for one in found.stays}
    return [
        {"part": _(PART_WORDS[part]), "less": by_part[part, Turn.LESS], "more": by_part[part, Turn.MORE]}
        for part in Part
    ]


def _shown(version: Version, zone: str) -> dict[str, object]:
    return {
        "number": version.number,
        "by": version.by,
        "since": when_words(version.since, zone),
        "note": version.note,
        "points": [number_words(version.points[part]) for part in Part],
        "fields": {str(part): number_words(version.points[part]) for part in Part},
    }
