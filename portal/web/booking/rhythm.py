"""A rhythm: every week at this time, looked at before it is booked; what does not fit is named, with times near."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField
from wtforms.validators import InputRequired, Length

from portal import clock
from portal.domain.booking import PLACE_LENGTH, Meeting, sentence_for
from portal.domain.booking.rhythm import (
    EVERY_WEEKS,
    FEWEST,
    MOST,
    NO_SUCH_TIME,
    NOT_YET,
    ONE_WENT,
    RHYTHM_STATES,
    Turn,
    other_clocks,
    turns,
)
from portal.domain.errors import BadInput, NoRoom, NotFound, Stale, TimeTaken
from portal.domain.experience import FORMAT_WORDS, IN_PERSON, Format
from portal.domain.slots import Closed, nearest
from portal.queries import booking as queries
from portal.queries.booking import Pair, series
from portal.queries.slots import FreeTime
from portal.services import booking as services
from portal.web.access import me
from portal.web.booking.asking import enough_waits, every_words, waiting_page
from portal.web.booking.blueprint import blueprint
from portal.web.booking.chat import chat_of, chat_page, eyes_of
from portal.web.booking.days import Eyes, Time, instant_of, shown_time, shown_times
from portal.web.doors import walker
from portal.web.errors import sentence_of
from portal.web.htmx import go
from portal.web.steps import request_key
from portal.web.times import clock_words, zone_words

USUAL_TIMES = 6


class RhythmForm(FlaskForm):  # type: ignore[misc]
    """How to meet, and where: the same for every chat of the rhythm."""

    way = RadioField(_l("How would you like to meet?"), validators=[InputRequired(_l("Please choose one."))])
    place = StringField(_l("Where?"), validators=[Length(max=PLACE_LENGTH, message=_l("That is a little long."))])


@dataclass(frozen=True)
class Row:
    """One time of the rhythm as the page shows it; `why` is said where it cannot be had, with `near` to choose from."""

    time: Time
    open: bool
    kept: bool
    chosen: bool
    why: str
    near: list[Time]
    nearby: str
    other_clock: str


@dataclass(frozen=True)
class Wish:
    """What the address or the form asks for."""

    first: datetime
    every: int
    times: int
    minutes: int | None


@blueprint.get("/book/<int:walk_id>/rhythm")
@walker
def rhythm(walk_id: int) -> Response:
    """Show what would be booked, time by time; nothing is booked by looking."""
    pair = _pair(walk_id)
    if pair.state not in RHYTHM_STATES:
        flash(_(NOT_YET), "look")
        return go(url_for("matching.walk", walk_id=walk_id))
    return enough_waits(pair) or _page(pair, _form(pair), _wish(pair))


@blueprint.post("/book/<int:walk_id>/rhythm")
@walker
def set_rhythm(walk_id: int) -> Response:
    """Book all that is chosen, or nothing where one of them went; the others stay chosen."""
    pair = _pair(walk_id)
    form, wish, starts = _form(pair), _wish(pair), _chosen()
    if not form.validate_on_submit():
        return _page(pair, form, wish, 422, chosen=starts)
    meeting = Meeting(Format(form.way.data), form.place.data or "", minutes=wish.minutes)
    try:
        chat_id = services.set_rhythm(walk_id, me().id, starts, wish.every, meeting, key=request_key(), now=clock.now())
    except TimeTaken:
        return _page(pair, form, wish, 409, said=_(ONE_WENT), chosen=starts)
    except NoRoom as refusal:
        return waiting_page(walk_id, refusal)
    except (BadInput, Stale) as refusal:
        return _page(pair, form, wish, refusal.status, said=sentence_of(refusal), chosen=starts)
    flash(_set_words(pair, len(starts)), "well")
    return go(url_for("booking.chat", booking_id=chat_id))


@blueprint.get("/chat/<int:booking_id>/end-rhythm")
@walker
def end_check(booking_id: int) -> Response:
    """Say which chats would be called off, with one button."""
    chat = chat_of(booking_id)
    found = series.rhythm_of(booking_id, clock.now())
    later = [] if found is None else [at for _id, at in found.ahead if at > chat.starts_at]
    if not later:
        return chat_page(chat, 409, str(_("There are no later chats of this rhythm.")))
    page = render_template(
        "booking/rhythm_end.html",
        chat=chat,
        time=shown_time(chat.starts_at, eyes_of(chat)),
        later=shown_times(later, eyes_of(chat)),
        zone=zone_words(me().zone),
    )
    return make_response(page)


@blueprint.post("/chat/<int:booking_id>/end-rhythm")
@walker
def end_rhythm(booking_id: int) -> Response:
    """Call off the later chats of a rhythm; this one stays."""
    chat_of(booking_id)
    ended = services.end_rhythm(booking_id, me().id, key=request_key(), now=clock.now())
    flash(
        ngettext(
            "The rhythm has ended: %(num)d later chat is cancelled. This one stays.",
            "The rhythm has ended: %(num)d later chats are cancelled. This one stays.",
            ended,
        ),
        "well",
    )
    return go(url_for("booking.chat", booking_id=booking_id))


def _pair(walk_id: int) -> Pair:
    pair = queries.pair_for(me().id, walk_id, clock.now())
    if pair is None:
        raise NotFound
    return pair


def _form(pair: Pair) -> RhythmForm:
    asked = request.values.get("way", "")
    ways = [way.value for way in pair.formats]
    form = RhythmForm(way=asked if asked in ways else ways[0])
    form.way.choices = [(way.value, _(FORMAT_WORDS[way])) for way in pair.formats]
    form.way.validate_choice = True
    return form


def _wish(pair: Pair) -> Wish:
    minutes = _number("minutes", pair.terms.lengths, pair.terms.minutes)
    every = _number("every", EVERY_WEEKS, EVERY_WEEKS[0])
    times = _number("times", range(FEWEST, MOST + 1), USUAL_TIMES)
    return Wish(instant_of(request.values.get("starts_at", "")), every, times, minutes)


def _number(name: str, allowed: Collection[int], usual: int) -> int:
    typed = request.values.get(name, "")
    asked = int(typed) if typed.isdecimal() and len(typed) <= 3 else usual
    return asked if asked in allowed else usual


def _chosen() -> list[datetime]:
    named = [*request.form.getlist("start"), *(value for name, value in request.form.items() if name[:5] == "near-")]
    return sorted({instant_of(value) for value in named if value})


def _page(
    pair: Pair,
    form: RhythmForm,
    wish: Wish,
    status: int = 200,
    *,
    said: str = "",
    chosen: Sequence[datetime] | None = None,
) -> Response:
    now, eyes = clock.now(), Eyes(me().zone, pair.other_zone, pair.other_name)
    asked = Format(form.way.data) if form.way.data in {way.value for way in pair.formats} else pair.formats[0]
    times = queries.times_of(pair.two, now, minutes=wish.minutes, way=asked)
    rows, beyond = _rows(pair, times, turns(wish.first, me().zone, wish.every, wish.times), eyes, chosen)
    page = render_template(
        "booking/rhythm.html",
        pair=pair,
        form=form,
        wish=wish,
        first=shown_time(wish.first, eyes),
        rows=rows,
        beyond=shown_times(beyond, eyes),
        every_choices=[(weeks, every_words(weeks)) for weeks in EVERY_WEEKS],
        times_choices=range(FEWEST, MOST + 1),
        in_person=not IN_PERSON.isdisjoint(pair.formats),
        zone=zone_words(me().zone),
        said=said,
    )
    return make_response(page, status)


def _rows(
    pair: Pair, times: FreeTime, wished: Sequence[Turn], eyes: Eyes, chosen: Sequence[datetime] | None
) -> tuple[list[Row], list[datetime]]:
    """Return the times of a rhythm one by one, and those that lie further ahead than can be booked for now."""
    starts = [turn.starts_at for turn in wished]
    kept, apart = series.booked_starts(pair.two.walk_id, starts), other_clocks(starts, eyes.other_zone)
    rows, beyond = [], []
    for turn, differs in zip(wished, apart, strict=True):
        closed = None if turn.starts_at in kept else times.why_closed(turn.starts_at)
        if closed is Closed.TOO_FAR:
            beyond.append(turn.starts_at)
            continue
        is_open = turn.exists and closed is None
        near = [] if is_open else [slot.starts_at for slot in nearest(times.slots, turn.starts_at)]
        picked = next((at for at in near if at in (chosen or ())), None)
        rows.append(
            Row(
                time=shown_time(turn.starts_at, eyes),
                open=is_open,
                kept=turn.starts_at in kept,
                chosen=is_open and (chosen is None or turn.starts_at in chosen),
                why="" if is_open else _why(turn, closed, pair),
                near=shown_times(near, eyes),
                nearby=shown_time(picked, eyes).value if picked is not None else "",
                other_clock=clock_words(turn.starts_at, eyes.other_zone) if differs else "",
            )
        )
    return rows, beyond


def _why(turn: Turn, closed: Closed | None, pair: Pair) -> str:
    return str(_(sentence_for(closed, pair.viewer)) if turn.exists and closed is not None else _(NO_SUCH_TIME))


def _set_words(pair: Pair, chats: int) -> str:
    if pair.asks_first:
        asked = _("Asked. %(name)s is told of it, and the times are kept for you both.", name=pair.other_name)
        return str(asked)
    return str(_("Your rhythm is set: %(chats)d chats. Each can be moved or cancelled by itself.", chats=chats))
