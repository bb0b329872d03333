"""What is next for somebody, as cards: the first is the one thing to do next, the others stand below it, quiet."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.domain.account import Actor, PeerState, Role
from portal.domain.booking import BookingState
from portal.domain.experience import Format
from portal.domain.matching.filters import READY_FOR
from portal.domain.matching.walk import State
from portal.domain.words import N_
from portal.queries import care as care_queries
from portal.queries import experience as experience_queries
from portal.queries import home as home_queries
from portal.queries import matching as matching_queries
from portal.queries import notice as notice_queries
from portal.queries.home import Chat
from portal.queries.matching import WalkView
from portal.web.times import also_words, day_words, when_words

SOON = timedelta(hours=36)
CHAT_WITH: dict[Format, str] = {
    Format.COFFEE: N_("Coffee with %(name)s"),
    Format.WALK: N_("A walk with %(name)s"),
    Format.PHONE: N_("A call with %(name)s"),
    Format.VIDEO: N_("A video call with %(name)s"),
    Format.TEXT: N_("A chat by text with %(name)s"),
}
TOGETHER: dict[State, float] = {
    State.ASKED: 0.1,
    State.SHORTLISTED: 0.25,
    State.CHOSEN: 0.4,
    State.HELD: 0.4,
    State.INVITED: 0.55,
    State.BOTH_YES: 0.8,
    State.FIRST_COFFEE: 0.9,
    State.REFLECTION: 1.0,
    State.WALKING: 1.0,
}


class Turn(IntEnum):
    """What comes first: what is about to happen, then what waits for this person, then what waits for others."""

    ABOUT_TO_HAPPEN = 0
    ASKED = 1
    TO_DO = 2
    STAFF = 3
    COMING = 4
    WAITING = 5
    STANDING = 6


@dataclass(frozen=True)
class Link:
    """Something to do on a card; `post` where it acts at once."""

    words: str
    href: str
    post: bool = False


@dataclass(frozen=True)
class Card:
    """One thing that is next, or stands."""

    turn: Turn
    title: str
    words: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    together: float | None = None


def next_cards(actor: Actor, now: datetime) -> list[Card]:
    """Return everything there is for this person, the next thing first."""
    found = [_chat_card(chat, actor.zone, now) for chat in home_queries.coming_chats(actor.id, now)]
    if actor.has(Role.MEMBER):
        found += _member_cards(actor, now)
    if actor.has(Role.PEER):
        found += _peer_cards(actor, now)
    if actor.has(Role.COORDINATOR):
        found += _staff_cards(now)
    return sorted(found, key=lambda card: card.turn)


def chat_title(chat: Chat) -> str:
    """Return "Coffee with Maya"."""
    return str(_(CHAT_WITH[chat.format], name=chat.other_name))


def _chat_card(chat: Chat, zone: str, now: datetime) -> Card:
    also = also_words(chat.starts_at, zone, chat.other_zone, chat.other_name)
    return Card(
        Turn.ABOUT_TO_HAPPEN if chat.starts_at - now <= SOON else Turn.COMING,
        chat_title(chat),
        tuple(words for words in (when_words(chat.starts_at, zone), also) if words),
        (
            Link(_("Look at it"), url_for("booking.chat", booking_id=chat.id)),
            Link(_("About %(name)s", name=chat.other_name), url_for("matching.walk", walk_id=chat.walk_id)),
        ),
        together=0.9,
    )


def _member_cards(actor: Actor, now: datetime) -> Iterator[Card]:
    told = experience_queries.member_told(actor.id)
    walk_id = matching_queries.latest_walk_of(actor.id)
    walk = matching_queries.walk_for(actor.id, walk_id) if walk_id is not None else None
    if walk is not None and walk.open:
        yield from _walk_cards(walk, actor, now)
    elif told is None or told.finished_at is None:
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
    words = (_(walk.line or walk.words),)
    if walk.state is State.SHORTLISTED:
        yield Card(
            Turn.TO_DO, _("People you could walk with"), words, (Link(_("Meet them"), cards),), together=together
        )
    elif walk.state is State.HELD:
        yield Card(Turn.TO_DO, _("A few lines for you"), words, (Link(_("Read them"), cards),), together=together)
    elif walk.state in (State.ASKED, State.CHOSEN):
        title = _("We are looking") if walk.state is State.ASKED else _("You have chosen")
        yield Card(Turn.WAITING, title, words, (Link(_("See how it stands"), cards),), together=together)
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
        yield from _together_cards(walk, actor, now)


def _together_cards(walk: WalkView, actor: Actor, now: datetime) -> Iterator[Card]:
    """After both yeses the two see the same."""
    name, page = walk.other_name, url_for("matching.walk", walk_id=walk.id)
    together = TOGETHER[walk.state]
    booked = any(
        chat.state is BookingState.BOOKED and chat.ends_at > now
        for chat in home_queries.chats_of_walk(actor.id, walk.id)
    )
    if walk.state is State.REFLECTION and walk.answered is None:
        yield Card(
            Turn.TO_DO,
            _("How was it with %(name)s?", name=name),
            (_("One tap is enough. %(name)s does not see your answer.", name=name),),
            (Link(_("Say how it was"), url_for("matching.reflect", walk_id=walk.id)),),
            together=together,
        )
    elif walk.state is State.REFLECTION:
        yield Card(
            Turn.WAITING,
            _("You and %(name)s", name=name),
            (_("Thank you for saying how it was. We tell you when there is something to do."),),
            (Link(_("Open"), page),),
            together=together,
        )
    elif walk.role.value == Role.MEMBER.value and not booked and walk.state in (State.BOTH_YES, State.WALKING):
        yield Card(
            Turn.TO_DO,
            _("Find a time with %(name)s", name=name),
            (_(walk.words),),
            (
                Link(_("See times"), url_for("booking.times", walk_id=walk.id)),
                Link(_("About %(name)s", name=name), page),
            ),
            together=together,
        )
    elif not booked:  # a chat that is set has a card of its own
        yield Card(
            Turn.STANDING,
            _("You and %(name)s", name=name),
            (_(walk.words),),
            (Link(_("Open"), page),),
            together=together,
        )


def _peer_cards(actor: Actor, now: datetime) -> Iterator[Card]:
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
        by = (
            ()
            if asking.answer_by is None
            else (_("An answer by %(when)s would be kind.", when=when_words(asking.answer_by, actor.zone)),)
        )
        yield Card(
            Turn.ASKED,
            _("Somebody would like to walk with you"),
            (_("Yes and “not now” are both fine, and need no reason."), *by),
            (Link(_("Read about it"), url_for("matching.invitation", walk_id=asking.walk_id)),),
            together=0.55,
        )
    for walk in matching_queries.walks_of_peer(actor.id):
        yield from _together_cards(walk, actor, now)
    yield _readiness_card(told.resting_since, told.ready_at, now)


def _readiness_card(resting_since: datetime | None, ready_at: datetime | None, now: datetime) -> Card:
    if resting_since is not None:
        return Card(
            Turn.STANDING,
            _("You are resting"),
            (_("Nobody new is sent to you. Nobody is told why."),),
            (Link(_("I am back"), url_for("experience.back"), post=True),),
        )
    if ready_at is None or now - ready_at > READY_FOR:
        return Card(
            Turn.TO_DO,
            _("Are you still ready to be asked?"),
            (_("It is two weeks since you said so. Until you say it again, nobody new is sent to you."),),
            (
                Link(_("Yes, I am ready"), url_for("experience.ready"), post=True),
                Link(_("I would like to rest"), url_for("experience.rest"), post=True),
            ),
        )
    return Card(
        Turn.STANDING,
        _("You are ready to be asked"),
        (_("When somebody would like to walk with you, you get a letter."),),
        (
            Link(_("My times"), url_for("slots.week")),
            Link(_("I would like to rest"), url_for("experience.rest"), post=True),
        ),
    )


def _staff_cards(now: datetime) -> Iterator[Card]:
    failed, silent = notice_queries.failed_count(), notice_queries.worker_silent(now)
    if failed or silent:
        words = _("Letters are standing still: nothing has gone out for some minutes.") if silent else ""
        count = (
            ngettext("%(num)d letter could not be delivered.", "%(num)d letters could not be delivered.", failed)
            if failed
            else ""
        )
        yield Card(
            Turn.STAFF,
            _("Look at the letters"),
            tuple(part for part in (words, count) if part),
            (Link(_("Open letters"), url_for("notice.state")),),
        )
    waiting = care_queries.choices_waiting()
    yield Card(
        Turn.TO_DO if waiting else Turn.STANDING,
        ngettext("%(num)d person has chosen and waits for you", "%(num)d people have chosen and wait for you", waiting)
        if waiting
        else _("Nobody waits for you"),
        (_("Each comes with a suggestion and the reason for it.") if waiting else _("New choices appear here."),),
        (Link(_("See who waits"), url_for("care.board")),),
    )
    applied = len(experience_queries.applications())
    if applied:
        yield Card(
            Turn.STAFF,
            ngettext("%(num)d person offers to be a peer", "%(num)d people offer to be peers", applied),
            (_("They have told what they walked through, and wait for an answer."),),
            (Link(_("Read"), url_for("care.people")),),
        )
