"""A time that is asked for: how it stands for whoever asked, the answer for the peer; opening the page does nothing."""

from datetime import datetime

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from portal import clock
from portal.domain.booking import BookingState
from portal.domain.booking.asking import MOST_WAITING, TOO_MANY, Became, became
from portal.domain.errors import NoRoom, NotFound, PortalError, Stale, TimeTaken
from portal.domain.experience import FORMAT_WORDS, IN_PERSON
from portal.domain.matching.walk import Actor
from portal.domain.slots import nearest
from portal.queries import booking as queries
from portal.queries import notice as notice_queries
from portal.queries.booking import Pair, asking
from portal.queries.booking.asking import Asked
from portal.services import booking as services
from portal.web.access import me
from portal.web.booking.blueprint import blueprint
from portal.web.booking.days import Eyes, Time, shown_time, shown_times
from portal.web.doors import member, peer, walker
from portal.web.errors import sentence_of
from portal.web.htmx import go, wants_fragment
from portal.web.steps import request_key
from portal.web.times import when_words, zone_words


@blueprint.get("/chat/<int:booking_id>/asked")
@walker
def asked(booking_id: int) -> Response:
    """Show a time that was asked for; one that became a chat leads on to it."""
    found = _asked_of(booking_id)
    if found.state is BookingState.OFFERED and found.viewer is Actor.MEMBER:
        return go(url_for("booking.offered", booking_id=booking_id))
    if _became(found) is Became.YES:
        return go(url_for("booking.chat", booking_id=booking_id))
    return _page(found)


@blueprint.post("/chat/<int:booking_id>/yes")
@peer
def say_yes(booking_id: int) -> Response:
    """Book what was asked for."""
    found = _asked_of(booking_id)
    try:
        chat_id = services.say_yes(booking_id, me().id, key=request_key(), now=clock.now())
    except (TimeTaken, Stale) as refusal:
        return _refused(booking_id, refusal)
    flash(_said_yes(found), "well")
    return go(url_for("booking.chat", booking_id=chat_id))


@blueprint.post("/chat/<int:booking_id>/not-this-time")
@peer
def not_this_time(booking_id: int) -> Response:
    """Let a question go, or every one of the walk; no reason is asked for."""
    _asked_of(booking_id)
    every = request.form.get("every") == "yes"
    try:
        services.not_this_time(booking_id, me().id, every=every, key=request_key(), now=clock.now())
    except Stale as refusal:
        return _refused(booking_id, refusal)
    flash(_("Not this time. They are shown other times, and no reason is given."), "well")
    return go(url_for("home.start"))


@blueprint.post("/chat/<int:booking_id>/take-back")
@member
def take_back(booking_id: int) -> Response:
    """Take a question back."""
    found = _asked_of(booking_id)
    try:
        services.take_back(booking_id, me().id, key=request_key(), now=clock.now())
    except Stale as refusal:
        return _refused(booking_id, refusal)
    flash(_taken_back(asking.questions_waiting(me().id, clock.now())), "well")
    return go(url_for("booking.times", walk_id=found.two.walk_id))


def enough_waits(pair: Pair) -> Response | None:
    """Return what waits, before a time is looked for that could not be asked for; None where one more may wait."""
    if not pair.asks_first or asking.questions_waiting(me().id, clock.now()) < MOST_WAITING:
        return None
    return waiting_page(pair.two.walk_id, NoRoom(TOO_MANY), 200)


def waiting_page(walk_id: int, refusal: PortalError, status: int | None = None) -> Response:
    """Return what waits, where one question more cannot wait beside it."""
    waiting = asking.waiting_for(me().id, clock.now())
    mine = [each for each in waiting if each.viewer is Actor.MEMBER]
    if wants_fragment() and mine:  # a whole page has no place inside another one
        flash(sentence_of(refusal), "look")
        return go(url_for("booking.asked", booking_id=mine[0].id))
    page = render_template(
        "booking/asked_enough.html",
        said=sentence_of(refusal),
        questions=[(each.id, shown_time(each.starts_at, _eyes(each))) for each in firsts(mine)],
        walk_id=walk_id,
    )
    return make_response(page, status or refusal.status)


def firsts(waiting: list[Asked]) -> list[Asked]:
    """Return one time of each question: of a rhythm its first."""
    seen: dict[tuple[str, int], Asked] = {}
    for each in waiting:
        seen.setdefault(("series", each.series_id) if each.series_id else ("chat", each.id), each)
    return list(seen.values())


def asked_words(asked: Asked) -> str:
    """Return "every week", where one question is a whole rhythm, or nothing."""
    return every_words(asked.every_weeks) if asked.every_weeks is not None else ""


def every_words(weeks: int) -> str:
    """Return "Every week"."""
    return str(_("Every week") if weeks == 1 else _("Every %(weeks)d weeks", weeks=weeks))


def _asked_of(booking_id: int) -> Asked:
    found = asking.asked_for(me().id, booking_id)
    if found is None:
        raise NotFound
    return found


def _refused(booking_id: int, refusal: PortalError) -> Response:
    found = _asked_of(booking_id)
    if _became(found) is Became.YES:  # somebody said yes meanwhile: the chat itself is what there is to see
        flash(sentence_of(refusal), "look")
        return go(url_for("booking.chat", booking_id=booking_id))
    return _page(found, refusal.status, sentence_of(refusal))


def _page(found: Asked, status: int = 200, said: str = "") -> Response:
    now = clock.now()
    waiting = asking.waiting_of_walk(me().id, found.two.walk_id, now)
    stands = _became(found)
    others = [each for each in firsts(waiting) if each.id != found.id and not _same(each, found)]
    page = render_template(
        "booking/asked.html",
        asked=found,
        became=stands.value,
        mine=found.viewer is Actor.MEMBER,
        question=_question(found),
        others=[_question(each) for each in others],
        chat_id=asking.yes_beside(found) if stands is Became.LET_GO else None,
        near=_near(found, now) if found.viewer is Actor.MEMBER and stands is not Became.WAITS else [],
        more=MOST_WAITING - asking.questions_waiting(found.two.member_id, now),
        said=said,
        hears=notice_queries.may_be_written_to(me().id),
        zone=zone_words(me().zone),
    )
    return make_response(page, status)


def _question(found: Asked) -> dict[str, object]:
    times = asking.asked_together(me().id, found)
    return {
        "id": found.id,
        "times": shown_times([each.starts_at for each in times], _eyes(found)),
        "facts": _facts(found),
        "until": when_words(found.answer_by, me().zone) if found.answer_by is not None else "",
    }


def _facts(found: Asked) -> list[dict[str, str]]:
    where = (found.place or _("A public place you both choose")) if found.format in IN_PERSON else ""
    facts = {
        _("How"): _(FORMAT_WORDS[found.format]),
        _("Where"): where,
        _("How long"): _("%(minutes)d minutes", minutes=found.minutes),
        _("How often"): asked_words(found),
        _("A few lines"): found.note,
    }
    return [{"label": label, "value": value} for label, value in facts.items() if value]


def _near(found: Asked, now: datetime) -> list[Time]:
    times = queries.times_of(found.two, now, way=found.format)
    return shown_times([slot.starts_at for slot in nearest(times.slots, found.starts_at)], _eyes(found))


def _became(found: Asked) -> Became:
    return became(found.state, found.answer_by, found.let_go_by, found.asked_by, clock.now())


def _same(one: Asked, other: Asked) -> bool:
    return one.series_id is not None and one.series_id == other.series_id


def _eyes(found: Asked) -> Eyes:
    return Eyes(me().zone, found.other_zone, found.other_name)


def _taken_back(others: int) -> str:
    said = str(_("Taken back. The time is free again, and nobody has to answer."))
    if not others:
        return said
    return f"{said} {ngettext('Your other question still waits.', 'Your other questions still wait.', others)}"


def _said_yes(found: Asked) -> str:
    said = str(_("You said yes. It is booked for you both."))
    if not notice_queries.may_be_written_to(me().id):
        return said
    return f"{said} {_('An invitation is on its way to you.')}"
