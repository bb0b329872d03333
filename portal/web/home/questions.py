"""Cards about times that wait for an answer: asked of a peer, asked by a member, held for a member."""

from collections.abc import Iterator
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from portal.domain.account import Actor
from portal.domain.matching.walk import Actor as Side
from portal.queries.booking import asking, earlier
from portal.queries.booking.asking import Asked
from portal.web.booking.asking import asked_words, firsts
from portal.web.home.card import Card, Link, Turn
from portal.web.times import also_words, when_words


def question_cards(actor: Actor, now: datetime) -> Iterator[Card]:
    """Return one card for each walk on which something waits: what to answer, or what was asked and until when."""
    if not asking.anything_waits(actor.id, now):
        return
    by_walk: dict[int, list[Asked]] = {}
    for asked in firsts(asking.waiting_for(actor.id, now)):
        by_walk.setdefault(asked.two.walk_id, []).append(asked)
    for questions in by_walk.values():
        yield _to_answer(questions, actor) if questions[0].viewer is Side.PEER else _asked(questions, actor)
    for booking_id in earlier.held_for(actor.id, now):
        held = asking.asked_for(actor.id, booking_id)
        if held is not None:
            yield _held(held, actor)


def _to_answer(questions: list[Asked], actor: Actor) -> Card:
    several = _("%(name)s asks for one of these times", name=questions[0].other_name)
    one = _("%(name)s asks for a time", name=questions[0].other_name)
    return Card(
        Turn.ASKED,
        several if len(questions) > 1 else one,
        (*(_line(each, actor) for each in questions), _("Yes and “not this time” are both fine, and need no reason.")),
        (Link(_("See and answer"), url_for("booking.asked", booking_id=questions[0].id)),),
        together=0.85,
    )


def _asked(questions: list[Asked], actor: Actor) -> Card:
    first = questions[0]
    until = min(each.answer_by for each in questions if each.answer_by is not None)
    return Card(
        Turn.WAITING,
        _("You have asked %(name)s for a time", name=first.other_name),
        (*(_line(each, actor) for each in questions), _("You hear by %(when)s.", when=when_words(until, actor.zone))),
        (
            Link(_("Look at it"), url_for("booking.asked", booking_id=first.id)),
            Link(_("About %(name)s", name=first.other_name), url_for("matching.walk", walk_id=first.two.walk_id)),
        ),
        together=0.85,
    )


def _held(held: Asked, actor: Actor) -> Card:
    until = when_words(held.answer_by, actor.zone) if held.answer_by is not None else ""
    return Card(
        Turn.ASKED,
        _("A time with %(name)s has come free", name=held.other_name),
        (_line(held, actor), _("It is held for you until %(when)s.", when=until)),
        (Link(_("See and answer"), url_for("booking.offered", booking_id=held.id)),),
        together=0.85,
    )


def _line(asked: Asked, actor: Actor) -> str:
    also = also_words(asked.starts_at, actor.zone, asked.other_zone, asked.other_name)
    return "; ".join(words for words in (when_words(asked.starts_at, actor.zone), also, asked_words(asked)) if words)
