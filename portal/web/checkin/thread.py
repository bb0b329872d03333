"""The thread of two: what they wrote, what went out by itself, one tap on the hill, a few lines more."""

from dataclasses import dataclass

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from portal import clock
from portal.domain.checkin import HEIGHT_WORDS, LineKind, suggests_lines
from portal.domain.errors import BadInput, NotFound, Stale
from portal.domain.matching.walk import Actor, State
from portal.queries import checkin as queries
from portal.queries.checkin import Line, Thread
from portal.services import checkin as services
from portal.web.access import me
from portal.web.account.forms import blame
from portal.web.checkin.blueprint import blueprint
from portal.web.checkin.forms import LineForm
from portal.web.checkin.texts import texts_shown
from portal.web.checkin.whose import thread_of
from portal.web.doors import member, walker
from portal.web.errors import sentence_of
from portal.web.htmx import go, wants_fragment
from portal.web.steps import request_key
from portal.web.times import clock_words, day_words, when_words

LONGEST_NUMBER = 9


@dataclass(frozen=True)
class Shown:
    """One line as the page shows it; `day` where another begins, `first_new` where what is not seen yet does."""

    line: Line
    mine: bool
    day: str
    when: str
    height_words: str
    first_new: bool
    asks: bool
    chosen: int | None


@blueprint.get("/walk/<int:walk_id>/thread")
@walker
def thread(walk_id: int) -> Response:
    """Show the newest lines, or those before one; looking marks nothing."""
    return thread_page(thread_of(walk_id), LineForm(formdata=None))


@blueprint.post("/walk/<int:walk_id>/thread")
@walker
def write(walk_id: int) -> Response:
    """Write a line. Words that cannot be taken come back with the page; "look" keeps them there and sends nothing."""
    found, form = thread_of(walk_id), LineForm()
    if "look" in request.form:
        return thread_page(found, form)
    if not form.validate_on_submit():
        return thread_page(found, form, 422)
    words = form.words.data or ""
    try:
        services.write(walk_id, me().id, words, key=request_key(), now=clock.now())
    except BadInput as refusal:
        blame(form, refusal)
        return thread_page(found, form, refusal.status)
    except Stale as refusal:
        form.words.errors = [sentence_of(refusal)]
        return thread_page(thread_of(walk_id), form, refusal.status)
    if suggests_lines(words):
        # Shown at once and to nobody else: there is no address, no cookie and no row in which it could be kept.
        return thread_page(found, LineForm(formdata=None), near=True)
    return go(url_for("checkin.thread", walk_id=walk_id, _anchor="newest"))


@blueprint.post("/walk/<int:walk_id>/thread/height")
@member
def answer(walk_id: int) -> Response:
    """Answer a check-in with one tap on the hill; words that were begun beside it come back with the page."""
    thread_of(walk_id)
    line_id, height, form = _number("line"), _number("height"), LineForm()
    try:
        services.answer(walk_id, me().id, line_id, height, now=clock.now())
    except (Stale, NotFound) as refusal:
        flash(sentence_of(refusal), "look")
        if form.words.data:
            return thread_page(thread_of(walk_id), form, refusal.status)
        return go(url_for("checkin.thread", walk_id=walk_id))
    if form.words.data:
        flash(_("Your place on the hill stands in the thread. The words you began are still below."), "well")
        return thread_page(thread_of(walk_id), form)
    return go(url_for("checkin.thread", walk_id=walk_id, _anchor="newest"))


@blueprint.post("/walk/<int:walk_id>/thread/seen")
@walker
def seen(walk_id: int) -> Response:
    """Keep how far somebody has read, for their own eyes only."""
    thread_of(walk_id)
    try:
        services.mark_seen(walk_id, me().id, _number("line"), now=clock.now())
    except NotFound:
        return go(url_for("checkin.thread", walk_id=walk_id))
    return Response(status=204) if wants_fragment() else go(url_for("checkin.thread", walk_id=walk_id, _anchor="new"))


def thread_page(found: Thread, form: LineForm, status: int = 200, *, near: bool = False) -> Response:
    """Return the page of a thread; `near` puts the help lines beside it."""
    actor = me()
    before = _number("before", request.args)
    lines, earlier = queries.lines_of(found.walk_id, before or None)
    form.words.label.text = _("A few lines for %(name)s", name=found.other_name)
    shown = _shown(lines, found, actor.id, actor.zone, newest=not before)
    page = render_template(
        "checkin/thread.html",
        thread=found,
        form=form,
        lines=shown,
        earlier=lines[0].id if earlier and lines else None,
        is_newest=not before,
        last_unseen=max((one.line.id for one in shown if _is_new(one.line, found, actor.id)), default=None),
        heights=HEIGHT_WORDS,
        near=near,
        is_member=found.role is Actor.MEMBER,
        rests=found.state is State.RESTING,
        over=found.state is State.ENDED,
        ended_by_me=found.ended_by == actor.id,
        heavy=when_words(found.heavy_at, actor.zone)
        if found.heavy_at is not None and found.heavy_by == actor.id
        else "",
        texts=texts_shown(found),
    )
    return make_response(page, status)


def _shown(lines: list[Line], found: Thread, reader_id: int, zone: str, *, newest: bool) -> list[Shown]:
    new = [line.id for line in lines if _is_new(line, found, reader_id)]
    asked = [line.id for line in lines if line.kind is LineKind.CHECK_IN]
    answers = {line.answers_id: line.height for line in lines if line.kind is LineKind.HEIGHT}
    days = [day_words(line.written_at, zone) for line in lines]
    may_answer = newest and found.open and found.role is Actor.MEMBER
    return [
        Shown(
            line=line,
            mine=line.writer_id == reader_id,
            day=day if day != before else "",
            when=clock_words(line.written_at, zone),
            height_words=_(HEIGHT_WORDS[line.height]) if line.height is not None else "",
            first_new=new[:1] == [line.id],
            asks=may_answer and asked[-1:] == [line.id],
            chosen=answers.get(line.id),
        )
        for line, day, before in zip(lines, days, ["", *days], strict=False)
    ]


def _is_new(line: Line, found: Thread, reader_id: int) -> bool:
    return line.writer_id != reader_id and line.id > found.seen_line_id


def _number(name: str, sent: MultiDict[str, str] | None = None) -> int:
    typed = (request.form if sent is None else sent).get(name, "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= LONGEST_NUMBER else 0
