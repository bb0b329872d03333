"""Choosing a time and booking it: days and times for one way to meet and one length, one look, one button."""

from dataclasses import dataclass
from datetime import datetime

from flask import Response, flash, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from portal import clock
from portal.domain.booking import sentence_for
from portal.domain.errors import BadInput, NoRoom, NotFound, Stale, TimeTaken
from portal.domain.experience import FORMAT_WORDS, IN_PERSON, Format
from portal.domain.matching.walk import State
from portal.domain.slots import nearest, ways_at
from portal.domain.words import N_
from portal.queries import account as account_queries
from portal.queries import booking as queries
from portal.queries import matching as matching_queries
from portal.queries.booking import Pair
from portal.queries.slots import FreeTime
from portal.services import booking as services
from portal.web.access import me
from portal.web.booking.asking import enough_waits, waiting_page
from portal.web.booking.beside import wish_beside
from portal.web.booking.blueprint import blueprint
from portal.web.booking.days import Eyes, instant_of, page_of, shown_time, shown_times
from portal.web.booking.forms import BookForm, book_form, length_in, way_in
from portal.web.doors import walker
from portal.web.errors import sentence_of
from portal.web.htmx import aims_at, go, page_or_fragment, wants_fragment
from portal.web.steps import request_key
from portal.web.times import zone_words

ANY_PLACE = N_("a public place you both choose")


@dataclass(frozen=True)
class Wish:
    """The way to meet and the length that times are shown for, and those times."""

    way: Format
    minutes: int
    times: FreeTime


@blueprint.get("/book/<int:walk_id>")
@walker
def times(walk_id: int) -> Response:
    """Show the open times for a way to meet and a length; where no more chats can be booked, show what is ahead."""
    now = clock.now()
    pair = _pair(walk_id, now)
    if (elsewhere := _elsewhere(pair)) is not None:
        return elsewhere
    wish = _wish(pair, now)
    listing = page_of(wish.times.slots, _eyes(pair), request.args.get("from", ""))
    return page_or_fragment(
        "booking/times.html",
        "booking/_days.html" if aims_at("times") else "booking/_times.html",
        pair=pair,
        wish=wish,
        ways=[(way.value, _(FORMAT_WORDS[way])) for way in pair.formats],
        lengths=[(each, _("%(minutes)d min", minutes=each)) for each in pair.terms.lengths],
        zone=zone_words(me().zone),
        listing=listing,
        wishes=wish_beside(pair),
        swapped=wants_fragment(),
        announced=_how_many(len(wish.times.slots)) if aims_at("times") else "",
    )


@blueprint.get("/book/<int:walk_id>/check")
@walker
def check(walk_id: int) -> Response:
    """Show what would be booked, with one button; a time that is closed says why and what is free near it."""
    now = clock.now()
    pair = _pair(walk_id, now)
    if (elsewhere := _elsewhere(pair)) is not None:
        return elsewhere
    starts_at = instant_of(request.args.get("starts_at", ""))
    asked = way_in(request.args, pair.formats)
    times = queries.times_of(pair.two, now, minutes=_minutes(pair), way=asked)
    form = _form(pair, times, starts_at, asked)
    closed = times.why_closed(starts_at)
    if closed is not None:
        near = [slot.starts_at for slot in nearest(times.slots, starts_at)]
        refusal = TimeTaken(sentence_for(closed, pair.viewer), closed.value, near)
        return _check_page(pair, form, starts_at, 409, refusal)
    return _check_page(pair, form, starts_at)


@blueprint.post("/book/<int:walk_id>")
@walker
def book(walk_id: int) -> Response:
    """Book; a time that went in the meantime is said in words, and what was filled in stays."""
    now = clock.now()
    pair = _pair(walk_id, now)
    starts_at = instant_of(request.form.get("starts_at", ""))
    form = book_form(pair, pair.formats, pair.formats[0], pair.terms.minutes)
    if not form.validate_on_submit():
        return _check_page(pair, form, starts_at, 422)
    wish = form.meeting(pair)
    try:
        verb = services.ask if pair.asks_first else services.book
        booking_id = verb(
            walk_id,
            me().id,
            starts_at,
            wish.way,
            wish.place,
            note=wish.note,
            minutes=wish.minutes,
            key=request_key(),
            now=now,
        )
    except TimeTaken as refusal:
        return _check_page(pair, form, starts_at, 409, refusal)
    except Stale as refusal:
        as_it_stands = _pair(walk_id, now)
        if as_it_stands.is_full and as_it_stands.next_chat is not None:
            return _already_page(as_it_stands.next_chat, refusal)
        if as_it_stands.state is State.RESTING:
            return _to_the_resting_walk(walk_id)
        raise
    except NoRoom as refusal:
        return waiting_page(walk_id, refusal)
    except BadInput as refusal:
        form.blame(refusal)
        return _check_page(pair, form, starts_at, 422)
    flash(_asked_words(pair) if pair.asks_first else _booked_words(pair), "well")
    return go(url_for("booking.chat", booking_id=booking_id))


def _wish(pair: Pair, now: datetime) -> Wish:
    """Return what the address asks for, or what is usual: the peer's length, the first way that has a time open."""
    minutes, asked = _minutes(pair), way_in(request.args, pair.formats)
    first: Wish | None = None
    for way in [asked] if asked is not None else pair.formats:
        wish = Wish(way, minutes, queries.times_of(pair.two, now, minutes=minutes, way=way))
        if wish.times.slots:
            return wish
        first = first or wish
    assert first is not None  # two who walk together always have a way to talk
    return first


def _minutes(pair: Pair) -> int:
    asked = length_in(request.values)
    return asked if asked in pair.terms.lengths else pair.terms.minutes


def _form(pair: Pair, times: FreeTime, starts_at: datetime, asked: Format | None) -> BookForm:
    allowed = ways_at(times.hours, times.slot(starts_at))
    ways = [way for way in pair.formats if not allowed or way in allowed] or list(pair.formats)
    way = asked if asked in ways else ways[0]
    return book_form(pair, ways, way, times.policy.length_minutes)


def _usual(pair: Pair, form: BookForm) -> str:
    """Return what is chosen beforehand, in a line."""
    way = way_in({"way": form.way.data or ""}, form.ways) or form.ways[0]
    if way not in IN_PERSON:
        return str(_(FORMAT_WORDS[way]))
    places = pair.terms.places
    return str(_("%(way)s: %(place)s", way=_(FORMAT_WORDS[way]), place=places[0].line if places else _(ANY_PLACE)))


def _how_many(open_times: int) -> str:
    return str(ngettext("%(num)d time is open.", "%(num)d times are open.", open_times)) if open_times else ""


def _booked_words(pair: Pair) -> str:
    booked = str(_("Booked. You can see it here at any time."))
    if not pair.may_be_written_to:
        return booked
    return f"{booked} {_('An invitation is on its way to you.')}"


def _asked_words(pair: Pair) -> str:
    return str(_("Asked. %(name)s is told of it, and the time is kept for you both.", name=pair.other_name))


def _elsewhere(pair: Pair) -> Response | None:
    """Lead on where there is no time to find: to the chat that is ahead, to a walk that rests, to what waits."""
    if pair.is_full:
        return go(url_for("booking.chat", booking_id=pair.next_chat))
    if pair.state is State.RESTING:
        return _to_the_resting_walk(pair.two.walk_id)
    return enough_waits(pair)


def _to_the_resting_walk(walk_id: int) -> Response:
    flash(_("You two are resting. “Walk on” takes it up again, and then you can find a time."), "look")
    return go(url_for("matching.walk", walk_id=walk_id))


def _already_page(chat_id: int, refusal: Stale) -> Response:
    return page_or_fragment(
        "booking/already.html", "booking/_already.html", refusal.status, chat_id=chat_id, said=sentence_of(refusal)
    )


def _pair(walk_id: int, now: datetime) -> Pair:
    pair = queries.pair_for(me().id, walk_id, now)
    if pair is None:
        raise NotFound
    return pair


def _eyes(pair: Pair) -> Eyes:
    return Eyes(me().zone, pair.other_zone, pair.other_name)


def _check_page(
    pair: Pair, form: BookForm, starts_at: datetime, status: int = 200, refusal: TimeTaken | None = None
) -> Response:
    revealed = matching_queries.revealed(pair.two.walk_id, me().id)
    reach = account_queries.own_choices(me().id).reach or (revealed.reach if revealed is not None else "")
    return page_or_fragment(
        "booking/check.html",
        "booking/_check.html",
        status,
        pair=pair,
        form=form,
        time=shown_time(starts_at, _eyes(pair)),
        minutes=_minutes(pair),
        in_person=not IN_PERSON.isdisjoint(form.ways),
        usual=_usual(pair, form),
        addresses={str(at): place.address for at, place in enumerate(pair.terms.places)},
        reachable=bool(reach),
        hears=pair.may_be_written_to,
        zone=zone_words(me().zone),
        closed=sentence_of(refusal) if refusal else "",
        near=shown_times(refusal.nearest, _eyes(pair)) if refusal else [],
        swapped=wants_fragment(),
    )
