"""Cards about threads: what is new, one that was closed, a check-in that was set, a light thought where it is quiet."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from flask import url_for
from flask_babel import gettext as _

from portal.domain.account import Actor
from portal.domain.checkin import CheckInState, LineKind
from portal.domain.matching.walk import Actor as Side
from portal.queries import checkin as queries
from portal.queries.checkin import News
from portal.web.home.card import Card, Link, Turn

TOLD_FOR = timedelta(days=3)
CLOSED_TOLD_FOR = timedelta(days=7)


def thread_cards(actor: Actor, now: datetime) -> Iterator[Card]:
    """Tell of what is new in somebody's threads, of a check-in that was set, and lightly of silence."""
    news = queries.news_of(actor.id)
    for one in news:
        if one.ended_at is not None:
            if one.ended_by != actor.id and now - one.ended_at < CLOSED_TOLD_FOR:
                yield _closed(one)
        elif one.kind is not None:
            words = (_("No reply needed."),) if one.kind is LineKind.CHECK_IN else ()
            yield Card(Turn.COMING, _title(one), words, (_open(one),))
    theirs = [one for one in news if one.role is Side.PEER and one.check_in is not None and one.ended_at is None]
    going = [one for one in theirs if one.check_in is not CheckInState.OVER]
    silent = queries.silent_walks(actor.id, now) if going else []
    for one in going:
        if one.changed_at is not None and now - one.changed_at < TOLD_FOR:
            yield _set(one)
        elif one.walk_id in silent and one.kind is None:
            yield _silent(one)


def _title(one: News) -> str:
    if one.kind is LineKind.CHECK_IN:
        return str(_("%(name)s is thinking of you", name=one.other_name))
    if one.kind is LineKind.HEIGHT:
        return str(_("A sign from %(name)s", name=one.other_name))
    return str(_("A few lines from %(name)s", name=one.other_name))


def _open(one: News) -> Link:
    return Link(_("Open"), url_for("checkin.thread", walk_id=one.walk_id, _anchor="new"))


def _closed(one: News) -> Card:
    words = _("That needs no reason. Your walk goes on, and what stands in it can still be read.")
    return Card(Turn.STANDING, _("%(name)s has closed your thread", name=one.other_name), (words,), (_open(one),))


def _set(one: News) -> Card:
    return Card(
        Turn.STANDING,
        _("%(name)s has set a check-in", name=one.other_name)
        if one.changed_at == one.begun_at
        else _("%(name)s has changed the check-in", name=one.other_name),
        (_("A few words from you go out by themselves. There is nothing you have to do."),),
        (Link(_("See how"), url_for("checkin.check_in", walk_id=one.walk_id)),),
    )


def _silent(one: News) -> Card:
    return Card(
        Turn.STANDING,
        _("A thought for %(name)s", name=one.other_name),
        (_("You have not heard from them for as long as they said. Nothing is wrong by itself."),),
        (Link(_("Write a few lines"), url_for("checkin.thread", walk_id=one.walk_id, _anchor="new")),),
    )
