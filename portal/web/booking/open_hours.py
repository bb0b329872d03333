"""A willing ear: a peer offers an hour and calls one after the other; whoever walks with them comes without booking."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, StringField
from wtforms.validators import InputRequired, Length

from portal import clock
from portal.domain.booking import PLACE_LENGTH, OpenHourState
from portal.domain.booking.open_hours import TOO_FAR, TURN_WORDS, WAYS, Turn, before, turn_of, whose_turn
from portal.domain.errors import BadInput, NotFound, Stale
from portal.domain.experience import FORMAT_WORDS, Format
from portal.domain.notice import one_line
from portal.domain.slots import local_date
from portal.queries.booking import open_hours as queries
from portal.queries.booking.open_hours import Hour
from portal.services import booking as services
from portal.web.access import me
from portal.web.account.forms import blame
from portal.web.booking.blueprint import blueprint
from portal.web.doors import member, peer
from portal.web.errors import sentence_of
from portal.web.htmx import go, page_or_fragment
from portal.web.slots.fields import ClockField, DayField
from portal.web.steps import request_key
from portal.web.times import clock_words, when_words, zone_words

SIX, SEVEN = 18 * 60, 19 * 60


class HourForm(FlaskForm):  # type: ignore[misc]
    """A day, from when until when, and how to come."""

    request_key = HiddenField()
    day = DayField(_l("Day"), validators=[InputRequired(_l("Please choose a day."))])
    starts = ClockField(_l("From"), validators=[InputRequired(_l("Please choose when it begins."))])
    ends = ClockField(_l("Until"), validators=[InputRequired(_l("Please choose when it ends."))])
    way = RadioField(_l("How do they come?"), validators=[InputRequired(_l("Please choose one."))])
    place = StringField(
        _l("What should they know?"), validators=[Length(max=PLACE_LENGTH, message=_l("That is a little long."))]
    )


@blueprint.route("/open-hours", methods=["GET", "POST"])
@peer
def open_hours() -> Response:
    """Show a peer's open hours, and offer one."""
    actor, now = me(), clock.now()
    form = HourForm(day=local_date(now, actor.zone) + timedelta(days=1), starts=SIX, ends=SEVEN, way=WAYS[0].value)
    form.way.choices = [(way.value, _(FORMAT_WORDS[way])) for way in WAYS]
    if form.validate_on_submit():
        place = one_line(form.place.data or "")
        try:
            starts_at, ends_at = _span(form.day.data, form.starts.data, form.ends.data, actor.zone)
            services.offer_hour(actor.id, starts_at, ends_at, Format(form.way.data), place, key=request_key(), now=now)
        except BadInput as refusal:
            blame(form, refusal)
        else:
            flash(_("Offered. Whoever walks with you sees it on their page and may come."), "well")
            return go(url_for("booking.open_hours"))
    hours = [{"id": hour.id, "words": span_words(hour, actor.zone), "on": hour.is_on(now)} for hour in _own(now)]
    page = render_template("booking/open_hours.html", form=form, hours=hours, zone=zone_words(actor.zone))
    return make_response(page, 422 if form.errors else 200)


@blueprint.get("/open-hours/<int:open_hour_id>")
@peer
def open_hour(open_hour_id: int) -> Response:
    """Show a peer who has come to their open hour."""
    hour, now = _of_peer(open_hour_id), clock.now()
    guests = queries.guests_of(open_hour_id)
    talking = whose_turn([guest.visit for guest in guests])
    return page_or_fragment(
        "booking/open_hour.html",
        "booking/_open_hour.html",
        hour=hour,
        span=span_words(hour, me().zone),
        on=hour.is_on(now),
        over=hour.state is not OpenHourState.PLANNED or now >= hour.ends_at,
        talking=next((guest for guest in guests if guest.member_id == talking), None),
        waiting=[guest for guest in guests if guest.visit.turn is Turn.WAITING],
        seen="" if talking is None else talking,
    )


@blueprint.post("/open-hours/<int:open_hour_id>/next")
@peer
def next_guest(open_hour_id: int) -> Response:
    """Let the one who talked go, and call the next."""
    seen = request.form.get("seen", "")
    try:
        services.call_next(open_hour_id, me().id, int(seen) if seen.isdecimal() else None, now=clock.now())
    except Stale as refusal:
        flash(sentence_of(refusal), "look")
    return go(url_for("booking.open_hour", open_hour_id=open_hour_id))


@blueprint.post("/open-hours/<int:open_hour_id>/end")
@peer
def end_hour(open_hour_id: int) -> Response:
    """End an open hour before its time."""
    services.end_hour(open_hour_id, me().id, key=request_key(), now=clock.now())
    flash(_("The hour is closed. Whoever still waited reads that it is over, and can find a time."), "well")
    return go(url_for("booking.open_hours"))


@blueprint.post("/open-hours/<int:open_hour_id>/call-off")
@peer
def call_off_hour(open_hour_id: int) -> Response:
    """Take an open hour back."""
    services.call_off_hour(open_hour_id, me().id, key=request_key(), now=clock.now())
    flash(_("Taken back. The time is free again. Whoever we had written to about it is told."), "well")
    return go(url_for("booking.open_hours"))


@blueprint.get("/open-hours/<int:open_hour_id>/come")
@member
def turn(open_hour_id: int) -> Response:
    """Show a member where they stand."""
    hour, now = _of_member(open_hour_id), clock.now()
    where, over = turn_of(me().id, hour.visits), hour.state is not OpenHourState.PLANNED or now >= hour.ends_at
    return page_or_fragment(
        "booking/turn.html",
        "booking/_turn.html",
        hour=hour,
        span=span_words(hour, me().zone),
        way=_(FORMAT_WORDS[hour.way]),
        turn=where.value,
        words=_(TURN_WORDS[where]),
        ahead=before(me().id, hour.visits),
        on=hour.is_on(now),
        over=over,
        off=hour.state is OpenHourState.CANCELLED,
    )


@blueprint.post("/open-hours/<int:open_hour_id>/come")
@member
def come(open_hour_id: int) -> Response:
    """Come to an open hour."""
    try:
        services.come(open_hour_id, me().id, key=request_key(), now=clock.now())
    except Stale as refusal:
        flash(sentence_of(refusal), "look")
    return go(url_for("booking.turn", open_hour_id=open_hour_id))


@blueprint.post("/open-hours/<int:open_hour_id>/go")
@member
def go_again(open_hour_id: int) -> Response:
    """Leave an open hour."""
    services.go_again(open_hour_id, me().id, now=clock.now())
    flash(_("You have left."), "well")
    return go(url_for("booking.turn", open_hour_id=open_hour_id))


def span_words(hour: Hour, zone: str) -> str:
    """Return "Tuesday 4 March, 6:00 pm to 7:00 pm"."""
    ends = clock_words(hour.ends_at, zone)
    return str(_("%(start)s to %(end)s", start=when_words(hour.starts_at, zone), end=ends))


def _own(now: datetime) -> list[Hour]:
    return queries.own_hours(me().id, now)


def _of_peer(open_hour_id: int) -> Hour:
    hour = queries.own_hour(me().id, open_hour_id)
    if hour is None:
        raise NotFound
    return hour


def _of_member(open_hour_id: int) -> Hour:
    hour = queries.hour_for(me().id, open_hour_id)
    if hour is None:
        raise NotFound
    return hour


def _span(day: date, starts: int, ends: int, zone: str) -> tuple[datetime, datetime]:
    """Return an hour's two ends, the second one on the next day where it is not later by the clock."""
    try:
        return _instant(day, starts, zone), _instant(day + timedelta(days=ends <= starts), ends, zone)
    except OverflowError:  # the first or last day of the calendar
        raise BadInput("day", TOO_FAR) from None


def _instant(day: date, minutes: int, zone: str) -> datetime:
    return datetime.combine(day, time(minutes // 60, minutes % 60), ZoneInfo(zone)).astimezone(UTC)
