"""Cards of two who have both said yes: their chats, a time to find, how it was."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.domain.account import Actor, Role
from portal.domain.booking import BookingState
from portal.domain.experience import Format
from portal.domain.matching.walk import State
from portal.domain.words import N_
from portal.queries import home as home_queries
from portal.queries import matching as matching_queries
from portal.queries.home import Chat
from portal.queries.matching import WalkView
from portal.web.home.card import Card, Link, Turn
from portal.web.times import also_words, date_words, when_words

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
    State.OFFERING: 0.3,
    State.CHOSEN: 0.4,
    State.HELD: 0.4,
    State.INVITED: 0.55,
    State.BOTH_YES: 0.8,
    State.FIRST_COFFEE: 0.9,
    State.REFLECTION: 1.0,
    State.WALKING: 1.0,
    State.RESTING: 1.0,
    State.ENDING: 1.0,
}


def chat_title(chat: Chat) -> str:
    """Return "Coffee with Maya"."""
    return str(_(CHAT_WITH[chat.format], name=chat.other_name))


def chat_cards(chats: Sequence[Chat], zone: str, now: datetime) -> list[Card]:
    """Return a card for the next chat of each walk; it says how many are set after that one."""
    of_walk = Counter(chat.walk_id for chat in chats)
    next_ones = {chat.walk_id: chat for chat in reversed(chats)}
    return [_chat_card(chat, of_walk[chat.walk_id] - 1, zone, now) for chat in next_ones.values()]


def _chat_card(chat: Chat, after: int, zone: str, now: datetime) -> Card:
    also = also_words(chat.starts_at, zone, chat.other_zone, chat.other_name)
    return Card(
        Turn.ABOUT_TO_HAPPEN if chat.starts_at - now <= SOON else Turn.COMING,
        chat_title(chat),
        tuple(words for words in (when_words(chat.starts_at, zone), also, _after_words(after)) if words),
        (
            Link(_("Look at it"), url_for("booking.chat", booking_id=chat.id)),
            Link(_("About %(name)s", name=chat.other_name), url_for("matching.walk", walk_id=chat.walk_id)),
        ),
        together=0.9,
    )


def _after_words(after: int) -> str:
    if after == 0:
        return ""
    return str(ngettext("%(num)d more chat is set after it.", "%(num)d more chats are set after it.", after))


def not_made_card(chat: Chat, zone: str) -> Card:
    """A chat that could not take place, with the way to another one; quiet, and gone after a week."""
    return Card(
        Turn.STANDING,
        _("Your chat with %(name)s couldn’t take place", name=chat.other_name),
        (when_words(chat.starts_at, zone), _("It is nobody’s fault. Another time can be found whenever you like.")),
        (
            Link(_("See times"), url_for("booking.times", walk_id=chat.walk_id)),
            Link(_("Look at it"), url_for("booking.chat", booking_id=chat.id)),
        ),
        together=0.8,
    )


def together_cards(walk: WalkView, actor: Actor, now: datetime) -> Iterator[Card]:
    """After both yeses the two see the same."""
    name, page = walk.other_name, url_for("matching.walk", walk_id=walk.id)
    together = TOGETHER[walk.state]
    # What is asked for has a card of its own too, and nobody is told to find a time beside it.
    booked = any(
        chat.state in (BookingState.BOOKED, BookingState.ASKED) and chat.ends_at > now
        for chat in home_queries.chats_of_walk(actor.id, walk.id)
    )
    if walk.asks_how_it_was:
        yield Card(
            Turn.TO_DO,
            _("How was it with %(name)s?", name=name),
            (_("One tap is enough. %(name)s does not see your answer.", name=name),),
            (Link(_("Say how it was"), url_for("matching.reflect", walk_id=walk.id)),),
            together=together,
        )
    elif walk.state is State.REFLECTION and not booked:
        yield Card(
            Turn.WAITING,
            _("You and %(name)s", name=name),
            (_("Thank you for saying how it was. You can meet again whenever you like; nothing has to be decided."),),
            (Link(_("Open"), page), Link(_("See times"), url_for("booking.times", walk_id=walk.id))),
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
    elif walk.state is State.RESTING:
        yield Card(
            Turn.STANDING,
            _("You and %(name)s", name=name),
            (_(walk.words),),
            (
                Link(
                    _("Walk on"),
                    url_for("matching.walk_on", walk_id=walk.id),
                    post=True,
                    fields={"revision": str(walk.revision)},
                ),
                Link(_("Open"), page),
            ),
            together=together,
        )
    elif walk.state is State.ENDING:
        until = (_("Its last day is %(day)s.", day=date_words(walk.ends_on)),) if walk.ends_on is not None else ()
        yield Card(
            Turn.COMING,
            _("You and %(name)s", name=name),
            (_(walk.words), *until),
            (Link(_("Open"), page), Link(_("Something to keep"), url_for("matching.keepsake", walk_id=walk.id))),
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


def walked_cards(actor: Actor) -> Iterator[Card]:
    """The walks somebody has walked to their end, where there are any."""
    if not matching_queries.has_walked(actor.id):
        return
    yield Card(
        Turn.STANDING,
        _("Walks you have walked"),
        (_("What you and others left for one another is kept here."),),
        (Link(_("Open"), url_for("matching.walked")),),
    )
