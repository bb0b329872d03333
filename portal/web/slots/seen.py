"""What members see of a peer's times, by any clock, way to meet and length; and why any other time is closed."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import Response, make_response, render_template, request, url_for
from flask_babel import gettext as _

from portal import clock
from portal.domain.account import Actor
from portal.domain.booking import sentence_for
from portal.domain.experience import Format
from portal.domain.matching.walk import Actor as Side
from portal.domain.slots import ChatWishes, Closed, local_date, runs_of_day
from portal.queries import own_hours as own_queries
from portal.queries import slots as slots_queries
from portal.queries.slots import FreeTime
from portal.web.access import me
from portal.web.account.zones import zone_choices
from portal.web.doors import peer
from portal.web.slots.blueprint import blueprint
from portal.web.slots.closed_words import run_words
from portal.web.slots.forms import SeenForm
from portal.web.slots.stays import stays_words
from portal.web.slots.words import date_words, minutes_words, times_by_day, way_choices
from portal.web.times import also_words, clock_words, when_words, zone_words

DAYS_SHOWN = 10
ASKED_AROUND = timedelta(days=400)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class _Look:
    """Whose clock, way and length the page is seen with, and everything that decides then."""

    zone: str
    way: Format | None
    minutes: int
    free: FreeTime | None


@blueprint.get("/times/seen")
@peer
def seen() -> Response:
    """Show the next open times and one day in full, and answer what is with one time."""
    actor, now = me(), clock.now()
    form = _form(actor)
    fine = form.validate()
    look = _look(actor, form, now)
    days = times_by_day(look.free.slots, look.zone) if look.free is not None else []
    day = _day(form, look, days, now) if fine else None
    answer = _answer(form, look, day, now) if day is not None and form.at.data is not None else None
    page = render_template(
        "slots/seen.html",
        form=form,
        answer=answer,
        days=[_with_link(each, form) for each in days[:DAYS_SHOWN]],
        more=len(days) > DAYS_SHOWN,
        zone=zone_words(look.zone),
        own_zone="" if look.zone == actor.zone else zone_words(actor.zone),
        stays=stays_words(actor, local_date(now, actor.zone)),
        day=_day_in_full(actor, look, day, form, now) if day is not None else None,
        opened=any(name in request.args for name in ("zone", "way", "minutes")),
    )
    return make_response(page, 422 if form.errors else 200)


def _form(actor: Actor) -> SeenForm:
    wishes = own_queries.wishes_of(actor.id) or ChatWishes()
    held = {"zone": actor.zone, "way": "", "minutes": wishes.length_minutes}
    form = SeenForm(formdata=request.args, data=held, meta={"csrf": False})
    form.zone.choices = zone_choices(actor.zone)
    form.way.choices = [("", _("Any way")), *way_choices(own_queries.own_ways(actor.id))]
    form.minutes.choices = [(minutes, minutes_words(minutes)) for minutes in wishes.lengths]
    return form


def _look(actor: Actor, form: SeenForm, now: datetime) -> _Look:
    """Return what to look at; what was not on a list is said beside its field, and the page shows their own view."""
    wishes = own_queries.wishes_of(actor.id)
    zone = actor.zone if form.zone.errors or not form.zone.data else form.zone.data
    way = Format(form.way.data) if form.way.data and not form.way.errors else None
    minutes = (wishes or ChatWishes()).length_minutes if form.minutes.errors else form.minutes.data
    free = None if wishes is None else slots_queries.free_time(actor.id, None, now, minutes=minutes, way=way)
    return _Look(zone, way, minutes, free)


def _day(form: SeenForm, look: _Look, days: list[dict[str, Any]], now: datetime) -> date | None:
    """Return the day to show in full: the one asked for, else the first with open times, else tomorrow."""
    today = local_date(now, look.zone)
    if form.day.data is None and "at" in request.args:
        form.day.errors = [_("Please choose a day.")]
        return None
    asked: date | None = form.day.data
    if asked is None:
        return days[0]["day"] if days else today + ONE_DAY
    if abs(asked - today) > ASKED_AROUND:
        form.day.errors = [_("Please choose a day within the next year.")]
        return None
    return asked


def _with_link(day: dict[str, Any], form: SeenForm) -> dict[str, Any]:
    return day | {"href": _address(form, day["day"])}


def _address(form: SeenForm, day: date) -> str:
    """Return the address of the same look at another day."""
    kept = {name: request.args[name] for name in ("zone", "way", "minutes") if request.args.get(name)}
    return f"{url_for('slots.seen')}?{urlencode(kept | {'day': day.isoformat()})}#day"


def _day_in_full(actor: Actor, look: _Look, day: date, form: SeenForm, now: datetime) -> dict[str, object]:
    free = look.free
    runs = () if free is None else runs_of_day(free.hours, free.policy, free.busy, day, look.zone, now, look.way)
    return {
        "title": date_words(day),
        "runs": [
            {
                "from": clock_words(run.starts_at, look.zone),
                "to": clock_words(run.ends_at, look.zone),
                "own": also_words(run.starts_at, look.zone, actor.zone, _("you")),
                "words": run_words(run.closed),
                "open": run.closed is None,
            }
            for run in runs
        ],
        "before": {"words": date_words(day - ONE_DAY), "href": _address(form, day - ONE_DAY)},
        "after": {"words": date_words(day + ONE_DAY), "href": _address(form, day + ONE_DAY)},
    }


def _answer(form: SeenForm, look: _Look, day: date, now: datetime) -> dict[str, object]:
    wall = datetime.combine(day, time(form.at.data // 60, form.at.data % 60))
    at = wall.replace(tzinfo=ZoneInfo(look.zone)).astimezone(UTC)
    if at.astimezone(ZoneInfo(look.zone)).replace(tzinfo=None) != wall:
        return {
            "title": date_words(day),
            "open": False,
            "you": _("The clocks skip that time on that day."),
            "member": "",
        }
    closed = look.free.why_closed(at) if look.free is not None else Closed.OUTSIDE_HOURS
    return {
        "title": when_words(at, look.zone),
        "open": closed is None,
        "you": _(sentence_for(closed, Side.PEER)) if closed is not None else _("This time is open."),
        "member": _(closed.sentence) if closed is not None else "",
    }
