"""A peer's cards: what they offer, who asks, whether they are ready."""

from collections.abc import Iterator
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.domain.account import Actor, PeerState
from portal.domain.matching.capacity import has_room
from portal.domain.matching.filters import READY_FOR
from portal.domain.telling import readiness_is_old
from portal.queries import busy_calendars as calendar_queries
from portal.queries import experience as experience_queries
from portal.queries import matching as matching_queries
from portal.queries.experience import PeerTold
from portal.web.experience.peer import WAY
from portal.web.home.card import Card, Link, Turn
from portal.web.home.offers import offer_cards
from portal.web.home.together import together_cards
from portal.web.home.wellbeing import wellbeing_cards
from portal.web.matching.words import open_until_words


def peer_cards(actor: Actor, now: datetime) -> Iterator[Card]:
    told = experience_queries.peer_told(actor.id)
    if told is None or told.applied_at is None:
        yield Card(
            Turn.TO_DO,
            _("Tell us what you have walked through"),
            (_("A few lines are plenty. A coordinator reads them before anybody is shown your name."),),
            (Link(_("Begin") if told is None else _("Go on where you stopped"), url_for("experience.peer")),),
            together=0.0,
        )
        return
    if told.state is PeerState.APPLIED:
        yield Card(
            Turn.WAITING,
            _("Thank you for offering to walk beside somebody"),
            (_("A coordinator reads what you wrote and writes to you. There is nothing for you to do."),),
            (Link(_("Read what I told"), url_for("experience.peer")),),
            together=0.1,
        )
        return
    for asking in matching_queries.asked_of(actor.id, now):
        until = open_until_words(asking.answer_by, actor.zone)
        yield Card(
            Turn.ASKED,
            _("Somebody would like to walk with you"),
            (_("Yes and “not now” are both fine, and need no reason."), *([until] if until else ())),
            (Link(_("Read about it"), url_for("matching.invitation", walk_id=asking.walk_id)),),
            together=0.55,
        )
    yield from offer_cards(actor, now)
    yield from _calendar_cards(actor)
    for walk in matching_queries.walks_of_peer(actor.id):
        yield from together_cards(walk, actor, now)
    wellbeing = experience_queries.wellbeing_of(actor.id, now)
    yield from wellbeing_cards(wellbeing, actor, now)
    offered = wellbeing is not None and wellbeing.offers_rest
    taken = matching_queries.units_used([actor.id]).get(actor.id, 0)
    yield _readiness_card(told, now, less=not offered, room=has_room(told.capacity_halves, taken))


def _calendar_cards(actor: Actor) -> Iterator[Card]:
    """Say that an own calendar cannot be read: its times might be taken to be free."""
    _held, troubled = calendar_queries.calendars_and_troubles(actor.id)
    if troubled:
        yield Card(
            Turn.TO_DO,
            ngettext("One of your own calendars needs a look", "%(num)s of your own calendars need a look", troubled),
            (_("What was busy before stays closed. What is new in it may not be known here yet."),),
            (Link(_("See what is in the way"), url_for("slots.calendars")),),
        )


def _readiness_card(told: PeerTold, now: datetime, *, less: bool, room: bool) -> Card:
    """Say whether they are ready and have room; `less` where a card of its own does not offer rest and less room."""
    ready_at = told.ready_at
    rest = (Link(_("I would like to rest"), url_for("experience.rest"), post=True),) if less else ()
    fewer = (
        (Link(_("One place fewer"), url_for("experience.fewer"), post=True),) if less and told.capacity_halves else ()
    )
    if told.resting_since is not None:
        return Card(
            Turn.STANDING,
            _("You are resting"),
            (_("Nobody new is sent to you. Nobody is told why."),),
            (Link(_("I am back"), url_for("experience.back"), post=True),),
        )
    if readiness_is_old(ready_at, now):
        over = ready_at is None or now - ready_at > READY_FOR
        words = (
            _("It is two weeks since you said so. Until you say it again, nobody new is sent to you.")
            if over
            else _(
                "It is nearly two weeks since you said so. After two weeks without a word nobody new is sent to you."
            )
        )
        return Card(
            Turn.TO_DO,
            _("Are you still ready to be asked?"),
            (words,),
            (
                Link(_("All as it is"), url_for("experience.ready"), post=True),
                Link(_("Look at my topics"), url_for("experience.readiness")),
                *rest,
            ),
        )
    if not room:
        return Card(
            Turn.STANDING,
            _("You have no room for somebody new just now"),
            (_("Nobody new is sent to you. What you have begun goes on."),),
            (
                Link(_("Choose how much room I have"), WAY.addresses()["capacity"]),
                Link(_("My times"), url_for("slots.week")),
                *rest,
            ),
        )
    return Card(
        Turn.STANDING,
        _("You are ready to be asked"),
        (_("When somebody would like to walk with you, it appears here."),),
        (
            Link(_("My times"), url_for("slots.week")),
            Link(_("Offer an open hour"), url_for("booking.open_hours")),
            *rest,
            *fewer,
        ),
    )
