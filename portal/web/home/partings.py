"""Cards of walks that are over, for whoever has not said so themselves: one calm line, and no reason."""

from collections.abc import Iterator
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from portal.domain.account import Actor
from portal.domain.matching.walk import Actor as Side
from portal.domain.matching.walk import State
from portal.queries import matching as matching_queries
from portal.queries.matching import Parting
from portal.web.home.card import Card, Link, Turn


def parting_cards(actor: Actor, now: datetime) -> Iterator[Card]:
    """Tell of walks that came to their end lately."""
    for parting in matching_queries.partings_of(actor.id, now):
        keeps = parting.state is State.ENDED
        keepsake = Link(_("Something to keep"), url_for("matching.keepsake", walk_id=parting.walk_id))
        yield Card(Turn.COMING, _title(parting), (_line(parting),), (keepsake,) if keeps else ())


def parting_sentence(parting: Parting) -> str:
    """Return the same in one breath, for who comes by an old link."""
    return f"{_title(parting)}. {_line(parting)}"


def _title(parting: Parting) -> str:
    if not parting.other_name:
        return str(_("A walk of yours has come to its end"))
    return str(_("Your walk with %(name)s has come to its end", name=parting.other_name))


def _line(parting: Parting) -> str:
    if parting.state is State.ENDED:
        return str(_("The page where each of you can leave a few lines stays, for you both."))
    if parting.state is State.SOMEONE_ELSE and parting.role is Side.MEMBER:
        return str(_("Nobody asks why. We look for somebody else with you."))
    return str(_("Nobody asks why, and there is nothing for you to do."))
