"""Public holidays of a country as a suggestion: the days of the next six months with ticks, taken off by one button."""

from datetime import date, datetime

from babel import Locale
from babel.core import get_global
from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import get_locale, ngettext

from portal import clock
from portal.domain.account import Actor
from portal.domain.errors import BadInput
from portal.domain.slots import Hours, days_of_span, local_date
from portal.queries import own_hours as own_queries
from portal.queries import slots as slots_queries
from portal.services import slots as slots_services
from portal.services.slots import HolidaysAhead
from portal.web.access import me
from portal.web.account.forms import blame
from portal.web.doors import peer
from portal.web.htmx import go
from portal.web.slots.blueprint import blueprint
from portal.web.slots.fields import read_day
from portal.web.slots.forms import HolidaysForm
from portal.web.slots.words import date_words, windows_words

PLACE_LETTERS = 8


@blueprint.get("/times/holidays")
@peer
def holidays() -> Response:
    """Show the holidays ahead in the country chosen, or the one remembered, or the one of their clock."""
    actor, now = me(), clock.now()
    return _page(actor, _ahead(actor, now), HolidaysForm(), now)


@blueprint.post("/times/holidays")
@peer
def take_holidays() -> Response:
    """Take the ticked days off."""
    actor, now, form = me(), clock.now(), HolidaysForm()
    ahead = _ahead(actor, now)
    form.days.choices = [(each.day.isoformat(), each.name) for each in ahead.days]
    if not form.validate_on_submit():
        return _page(actor, ahead, form, now)
    days = [day for sent in form.days.data or () if (day := read_day(sent)) is not None]
    try:
        slots_services.take_days_off(actor.id, days, ahead.place, key=form.request_key.data or "", now=now)
    except BadInput as error:
        blame(form, error)
        return _page(actor, ahead, form, now)
    flash(ngettext("%(num)s day is taken off.", "%(num)s days are taken off.", len(days)), "well")
    return go(url_for("slots.away"))


def _ahead(actor: Actor, now: datetime) -> HolidaysAhead:
    country, region = own_queries.holiday_place_of(actor.id)
    country = country or get_global("zone_territories").get(actor.zone, "")
    sent = request.values
    chosen = sent.get("country", country)[:PLACE_LETTERS]
    # A region belongs to one country: with another country chosen, the old one's region means nothing.
    part = sent.get("region", region if chosen == country else "")[:PLACE_LETTERS]
    return slots_services.holidays_ahead(chosen, part, local_date(now, actor.zone))


def _page(actor: Actor, ahead: HolidaysAhead, form: HolidaysForm, now: datetime) -> Response:
    territories = (get_locale() or Locale("en")).territories
    names = sorted(((code, territories.get(code, code)) for code in ahead.countries), key=lambda each: str(each[1]))
    kept = form.days.data if form.is_submitted() else None
    page = render_template(
        "slots/holidays.html",
        form=form,
        ahead=ahead,
        countries=names,
        country_name=territories.get(ahead.country, ahead.country),
        days=_days(actor, ahead, kept, now),
    )
    return make_response(page, 422 if form.errors else 200)


def _days(actor: Actor, ahead: HolidaysAhead, kept: list[str] | None, now: datetime) -> list[dict[str, object]]:
    """Return each holiday with the hours it would close; those with hours are ticked, unless something was sent."""
    told = own_queries.wishes_of(actor.id) is not None
    hours = slots_queries.hours_and_policy(actor.id)[0] if told else None
    off = [days_of_span((row.starts_at, row.ends_at), actor.zone) for row in own_queries.time_off_ahead(actor.id, now)]
    return [
        {
            "value": each.day.isoformat(),
            "label": date_words(each.day),
            "name": each.name,
            "hours": words,
            "off": any(first <= each.day <= last for first, last in off),
            "ticked": bool(words) if kept is None else each.day.isoformat() in kept,
        }
        for each in ahead.days
        for words in [_hours_of(hours, each.day)]
    ]


def _hours_of(hours: Hours | None, day: date) -> str:
    return windows_words(hours.windows_on(day)) if hours is not None else ""
