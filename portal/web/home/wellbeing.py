"""A peer's cards about themselves: how the last chat was, a talk they wait for, a rest where much is carried."""

from collections.abc import Iterator
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from portal.domain.account import Actor
from portal.domain.booking import FELT_WORDS
from portal.domain.matching.wellbeing import OFFER_WORDS
from portal.queries import experience as experience_queries
from portal.queries.experience import Wellbeing
from portal.web.experience.wellbeing import felt_choices
from portal.web.experience.words import strain_words
from portal.web.home.card import Card, Link, Turn
from portal.web.times import day_words


def wellbeing_cards(wellbeing: Wellbeing | None, actor: Actor, now: datetime) -> Iterator[Card]:
    """Ask lightly how the last chat was, and offer a rest or a talk where there is a reason."""
    chat = experience_queries.chat_to_feel(actor.id, now)
    if chat is not None:
        yield Card(
            Turn.COMING,
            _("How was the chat on %(day)s for you?", day=day_words(chat.starts_at, actor.zone)),
            (_("If you like. Only you and the coordinator who looks after you see it."),),
            tuple(
                Link(
                    words,
                    url_for("experience.felt", booking_id=chat.booking_id),
                    post=True,
                    fields={"felt": felt, "seen": ""},
                )
                for felt, words in felt_choices()
            ),
            even=True,
        )
    said = experience_queries.chat_just_felt(actor.id, now)
    if said is not None and said.felt is not None:
        yield Card(
            Turn.STANDING,
            _("You have said how the chat on %(day)s was for you", day=day_words(said.starts_at, actor.zone)),
            (_("%(felt)s, as you said.", felt=_(FELT_WORDS[said.felt])),),
            (Link(_("Change it"), url_for("experience.peer", felt=said.booking_id, _anchor="felt")),),
        )
    if wellbeing is None:
        return
    if wellbeing.talk_at is not None:
        yield Card(
            Turn.WAITING,
            _("You would like a talk"),
            (_("A coordinator gets in touch with you."),),
            (Link(_("Take it back"), url_for("experience.no_talk"), post=True),),
        )
    elif wellbeing.offers_rest:
        fewer = (Link(_("One place fewer"), url_for("experience.fewer"), post=True),) if wellbeing.capacity else ()
        yield Card(
            Turn.COMING,
            _(OFFER_WORDS),
            (strain_words(wellbeing.strains), _("Nobody is told why, and the walks you are on go on.")),
            (
                Link(_("I would like to rest"), url_for("experience.rest"), post=True),
                *fewer,
                Link(_("I would like a talk"), url_for("experience.talk"), post=True),
                Link(_("I am fine"), url_for("experience.fine"), post=True),
            ),
            even=True,
        )
