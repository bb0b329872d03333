"""The page of reminders: which ones come, when it is quiet, and what that comes to for the next chat."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _

from portal import clock
from portal.domain.account import Actor
from portal.domain.notice import Fate, Foreseen, QuietHours, at_wall, foreseen, plan_of
from portal.domain.slots import local_date
from portal.queries import account as account_queries
from portal.queries import notice as notice_queries
from portal.queries.notice import ways
from portal.services import account as account_services
from portal.services.account import Reminders
from portal.web.access import me
from portal.web.account.blueprint import blueprint
from portal.web.account.forms import ReminderForm
from portal.web.account.lead_words import first_in_line, lead_choices, lead_words
from portal.web.account.quiet import hour_choices
from portal.web.doors import signed_in
from portal.web.htmx import aims_at, go
from portal.web.times import when_words

EXAMPLE_DAYS, EXAMPLE_CLOCK = 8, time(16)


@dataclass(frozen=True)
class Ahead:
    """What a plan comes to, in words: for which chat (an invented one where none is booked), each lead's moment, and
    whether letters may come, or texts and signs."""

    when: str
    booked: bool
    lines: list[tuple[str, str]]
    written_to: bool
    other_ways: bool


@blueprint.route("/account/reminders", methods=["GET", "POST"])
@signed_in
def reminders() -> Response:
    """Change which reminders come and when it is quiet; "look" shows what that comes to and changes nothing."""
    actor = me()
    person = account_queries.own_choices(actor.id)
    plan = plan_of(person.reminder_leads)
    form = ReminderForm(
        leads=[lead.code for lead in plan], quiet_from=person.quiet_from, quiet_until=person.quiet_until
    )
    form.leads.choices = lead_choices(plan)
    form.quiet_from.choices = form.quiet_until.choices = hour_choices()
    if form.validate_on_submit() and "look" not in request.form:
        account_services.set_reminders(actor.id, _wanted(form), now=clock.now())
        flash(_("Kept."), "well")
        return go(url_for("account.overview"))
    ahead = None if form.errors else _ahead(actor, _wanted(form), clock.now())
    page = "account/_reminders_ahead.html" if aims_at("ahead") else "account/reminders.html"
    return make_response(render_template(page, form=form, ahead=ahead), 422 if form.errors else 200)


def _wanted(form: ReminderForm) -> Reminders:
    plan = plan_of(",".join(form.leads.data or ()))
    return Reminders(plan, form.quiet_from.data, form.quiet_until.data)


def _ahead(actor: Actor, wanted: Reminders, now: datetime) -> Ahead:
    chats = notice_queries.chats_ahead(actor.id, now)
    sent: set[str] = set()
    if chats:
        starts_at, sent = chats[0].starts_at, notice_queries.sent_leads(chats[0], actor.id)
    else:
        starts_at = at_wall(local_date(now, actor.zone) + timedelta(days=EXAMPLE_DAYS), EXAMPLE_CLOCK, actor.zone)
    quiet = QuietHours(wanted.quiet_from, wanted.quiet_until)
    lines = [
        (first_in_line(lead_words(each.lead)), _moment(each, actor.zone, came=each.lead.code in sent))
        for each in foreseen(starts_at, actor.zone, wanted.leads, quiet, now)
    ]
    reach = ways.reach_of(actor.id)
    return Ahead(
        when_words(starts_at, actor.zone),
        bool(chats),
        lines,
        written_to=notice_queries.may_be_written_to(actor.id),
        other_ways=reach.has_devices or (reach.has_phone and reach.may_text),
    )


def _moment(reminder: Foreseen, zone: str, *, came: bool) -> str:
    if came:
        return str(_("It has come already."))
    words = {
        Fate.COMES: when_words(reminder.due_at, zone),
        Fate.EARLIER: _("%(when)s, before your quiet hours", when=when_words(reminder.due_at, zone)),
        Fate.MEETS: _("At the same moment as another, so only that one comes."),
        Fate.PAST: _("That moment has passed, so none comes."),
    }
    return str(words[reminder.fate])
