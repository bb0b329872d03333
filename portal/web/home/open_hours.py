"""Cards of open hours: a peer's own, and those a member may come to."""

from collections.abc import Iterator
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from portal.domain.account import Actor
from portal.queries.booking import open_hours as queries
from portal.web.booking.open_hours import span_words
from portal.web.home.card import Card, Link, Turn
from portal.web.times import clock_words


def hours_to_come_to(actor: Actor, now: datetime) -> Iterator[Card]:
    """The open hours of the peer somebody walks with."""
    for hour in queries.hours_for(actor.id, now):
        until = _("You can come without booking, until %(time)s.", time=clock_words(hour.ends_at, actor.zone))
        yield Card(
            Turn.ABOUT_TO_HAPPEN if hour.is_on(now) else Turn.COMING,
            _("%(name)s has a willing ear", name=hour.peer_name),
            (until,) if hour.is_on(now) else (span_words(hour, actor.zone), _("You can come without booking.")),
            (Link(_("Look at it"), url_for("booking.turn", open_hour_id=hour.id)),),
            together=0.9,
        )


def own_open_hours(actor: Actor, now: datetime) -> Iterator[Card]:
    """A peer's next open hour."""
    for hour in queries.own_hours(actor.id, now)[:1]:
        yield Card(
            Turn.ABOUT_TO_HAPPEN if hour.is_on(now) else Turn.COMING,
            _("Your open hour"),
            (span_words(hour, actor.zone),),
            (Link(_("Look at it"), url_for("booking.open_hour", open_hour_id=hour.id)),),
        )
