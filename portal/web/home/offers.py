"""A peer's cards about askings without a name: who asks who offers, and the offers that stand."""

from collections.abc import Iterator
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from portal.domain.account import Actor
from portal.queries import matching as matching_queries
from portal.web.home.card import Card, Link, Turn


def offer_cards(actor: Actor, now: datetime) -> Iterator[Card]:
    for line in matching_queries.offers_open_to(actor.id, now):
        yield Card(
            Turn.ASKED,
            _("Somebody asks who would walk with them"),
            (_("You can read a few lines and offer, or leave it. Either is fine, and asks for no reason."),),
            (Link(_("Read about it"), url_for("matching.offer", walk_id=line.walk_id)),),
            together=0.3,
        )
    for line in matching_queries.offers_made_by(actor.id, now):
        yield Card(
            Turn.WAITING,
            _("You have offered to walk with somebody"),
            (_("They choose in their own time. There is nothing for you to do."),),
            (Link(_("Look at it"), url_for("matching.offer", walk_id=line.walk_id)),),
            together=0.4,
        )
