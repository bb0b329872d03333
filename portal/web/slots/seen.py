"""What members see of a peer's times: the open ones, and for any other time why it is closed."""

from datetime import UTC, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from flask import Response, make_response, render_template, request
from flask_babel import gettext as _

from portal import clock
from portal.domain.booking import sentence_for
from portal.domain.matching.walk import Actor as Side
from portal.domain.slots import Closed, local_date
from portal.queries import own_hours as own_queries
from portal.queries import slots as slots_queries
from portal.queries.slots import FreeTime
from portal.web.access import me
from portal.web.doors import peer
from portal.web.slots.blueprint import blueprint
from portal.web.slots.forms import AskForm
from portal.web.slots.words import date_words
from portal.web.times import clock_words, when_words, zone_words

DAYS_SHOWN = 10
ASKED_AROUND = timedelta(days=400)


@blueprint.get("/times/seen")
@peer
def seen() -> Response:
    """Show the next open times, and answer what is with one time."""
    actor, now = me(), clock.now()
    free = slots_queries.free_time(actor.id, None, now) if own_queries.wishes_of(actor.id) is not None else None
    asked = "day" in request.args
    form = AskForm(formdata=request.args if asked else None, meta={"csrf": False})
    answer = _answer(form, free, actor.zone, now) if asked and form.validate() else None
    days = _days(free, actor.zone) if free is not None else []
    page = render_template(
        "slots/seen.html",
        form=form,
        answer=answer,
        days=days[:DAYS_SHOWN],
        more=len(days) > DAYS_SHOWN,
        zone=zone_words(actor.zone),
    )
    return make_response(page, 422 if form.errors else 200)


def _days(free: FreeTime, zone: str) -> list[dict[str, str]]:
    return [
        {"label": date_words(day), "value": ", ".join(_whole(clock_words(slot.starts_at, zone)) for slot in slots)}
        for day, slots in groupby(free.slots, key=lambda slot: local_date(slot.starts_at, zone))
    ]


def _whole(words: str) -> str:
    """Keep "1:30 pm" on one line."""
    return words.replace(" ", "\N{NO-BREAK SPACE}")


def _answer(form: AskForm, free: FreeTime | None, zone: str, now: datetime) -> dict[str, object] | None:
    day, minutes = form.day.data, form.at.data
    if abs(day - local_date(now, zone)) > ASKED_AROUND:
        form.day.errors = [_("Please choose a day within the next year.")]
        return None
    wall = datetime.combine(day, time(minutes // 60, minutes % 60))
    at = wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    if at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != wall:
        return {
            "title": date_words(day),
            "open": False,
            "you": _("The clocks skip that time on that day."),
            "member": "",
        }
    closed = free.why_closed(at) if free is not None else Closed.OUTSIDE_HOURS
    return {
        "title": when_words(at, zone),
        "open": closed is None,
        "you": _(sentence_for(closed, Side.PEER)) if closed is not None else _("This time is open."),
        "member": _(closed.sentence) if closed is not None else "",
    }
