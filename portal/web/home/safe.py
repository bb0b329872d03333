"""The card of whoever has gone out and may be waited for: one tap says that they are home."""

from collections.abc import Iterator
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from portal.domain.account import Actor
from portal.queries.booking import safe_coffee as queries
from portal.web.home.card import Card, Link, Turn


def home_cards(actor: Actor, now: datetime) -> Iterator[Card]:
    """A card for each chat somebody has not said they are home from; it stays whatever became of the chat."""
    for booking_id in queries.not_home_yet(actor.id, now):
        yield Card(
            Turn.ABOUT_TO_HAPPEN,
            _("Are you home?"),
            (_("Somebody you trust waits to hear that you are."),),
            (Link(_("I am home"), url_for("booking.home", booking_id=booking_id), post=True),),
        )
