"""A coordinator's cards: who waits, letters in trouble, offers."""

from collections.abc import Iterator
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.domain.account import Actor
from portal.domain.matching.wellbeing import Load
from portal.domain.words import N_
from portal.queries import care as care_queries
from portal.queries import experience as experience_queries
from portal.queries.notice import standing
from portal.web.care.words import load_words
from portal.web.home.card import Card, Link, Turn

HAND_ON = N_("Another coordinator may have room for one of them.")


def staff_cards(actor: Actor, now: datetime) -> Iterator[Card]:
    failed, silent = standing.failed_count(), standing.worker_silent(now)
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
    talks = care_queries.talk_wishes_open()
    if talks:
        yield Card(
            Turn.STAFF,
            ngettext("%(num)d peer would like a talk", "%(num)d peers would like a talk", talks),
            (_("They tell you themselves what it is about."),),
            (Link(_("See who"), url_for("care.people")),),
        )
    applied = len(experience_queries.applications())
    if applied:
        yield Card(
            Turn.STAFF,
            ngettext("%(num)d person offers to be a peer", "%(num)d people offer to be peers", applied),
            (_("They have told what they walked through, and wait for an answer."),),
            (Link(_("Read"), url_for("care.people")),),
        )
    mine = next((carer for carer in care_queries.carers() if carer.person_id == actor.id and carer.peers), None)
    if mine is not None:
        yield Card(
            Turn.STANDING,
            _("You look after peers"),
            (load_words(mine) + ".", *([_(HAND_ON)] if mine.load is not Load.WELL else [])),
            (Link(_("See how they are"), url_for("care.people")),),
        )
