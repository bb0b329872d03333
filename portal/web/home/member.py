"""A member's cards: telling, asking, choosing, how it stands."""

from collections.abc import Iterator
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from portal.domain.account import Actor
from portal.domain.matching.offers import stands
from portal.domain.matching.walk import State
from portal.queries import experience as experience_queries
from portal.queries import matching as matching_queries
from portal.queries.matching import WalkView
from portal.web.home.card import Card, Link, Turn
from portal.web.home.together import TOGETHER, together_cards
from portal.web.matching.words import member_words
from portal.web.times import day_words

CHOOSING = frozenset({State.SHORTLISTED, State.OFFERING})


def member_cards(actor: Actor, now: datetime) -> Iterator[Card]:
    walk_id = matching_queries.latest_walk_of(actor.id)
    walk = matching_queries.walk_for(actor.id, walk_id) if walk_id is not None else None
    if walk is not None and walk.open:
        yield from _walk_cards(walk, actor, now)
        return
    told = experience_queries.member_told(actor.id)
    if told is None or told.finished_at is None:
        begun = told is not None and bool(told.topics)
        yield Card(
            Turn.TO_DO,
            _("Tell us where you are"),
            (_("One question a page. Everything but the topics may stay open, and you can stop anywhere."),),
            (Link(_("Go on where you stopped") if begun else _("Begin"), url_for("experience.start")),),
            together=0.0,
        )
    else:
        yield Card(
            Turn.TO_DO,
            _("Shall we look for somebody?"),
            (_("We show you up to three people who have been there. Nobody is asked before you choose."),),
            (
                Link(_("Yes, look for somebody"), url_for("matching.ask"), post=True),
                Link(_("Read what I told first"), url_for("experience.start")),
            ),
            together=0.0,
        )


def _walk_cards(walk: WalkView, actor: Actor, now: datetime) -> Iterator[Card]:
    together, cards = TOGETHER[walk.state], url_for("matching.cards")
    on_offer = matching_queries.cards_of(walk.id, actor.id) if walk.state in CHOOSING else []
    offered = any(stands(row.offered_at, now) for row in on_offer)
    words = (member_words(walk, now, to_choose=len(on_offer), offered=offered),)
    if on_offer:
        several = _("People you could walk with") if len(on_offer) > 1 else _("Somebody you could walk with")
        title = _("Somebody has offered to walk with you") if offered else several
        yield Card(Turn.TO_DO, title, words, (Link(_("Meet them"), cards),), together=together)
    elif walk.state is State.HELD:
        yield Card(Turn.TO_DO, _("A few lines for you"), words, (Link(_("Read them"), cards),), together=together)
    elif walk.state in (State.ASKED, State.SHORTLISTED, State.OFFERING, State.CHOSEN):
        yield Card(Turn.WAITING, _waiting_title(walk), words, (Link(_("See how it stands"), cards),), together=together)
    elif walk.state is State.INVITED:
        by = (
            ()
            if walk.answer_by is None
            else (_("You hear from us by %(day)s.", day=day_words(walk.answer_by, actor.zone)),)
        )
        yield Card(
            Turn.WAITING,
            _("Somebody has been asked"),
            (*words, *by),
            (Link(_("See how it stands"), cards),),
            together=together,
        )
    else:
        yield from together_cards(walk, actor, now)


def _waiting_title(walk: WalkView) -> str:
    if walk.state is State.OFFERING:
        return str(_("We have asked who offers"))
    if walk.state is State.CHOSEN:
        return str(_("A coordinator chooses with you") if walk.choose_with_me else _("You have chosen"))
    return str(_("We are looking"))
