"""One page with everything a person decides for themselves here, and who has looked at what they told."""

from flask import Response, render_template
from flask_babel import gettext as _

from portal import clock
from portal.domain.account import DISCRETION_WORDS, Discretion, Role
from portal.domain.errors import NotAllowed
from portal.domain.notice import Channel, own_words, plan_of
from portal.domain.words import N_
from portal.queries import account as account_queries
from portal.queries.booking import feeds as feed_queries
from portal.queries.notice import ways as ways_queries
from portal.services import account as account_services
from portal.services.account.ways import ways_here
from portal.web.access import me
from portal.web.account.blueprint import blueprint
from portal.web.account.forms import OPEN_ROLE_WORDS, RoleForm
from portal.web.account.lead_words import plan_words
from portal.web.account.quiet import quiet_words
from portal.web.account.way import first_place
from portal.web.account.ways import ways_words
from portal.web.doors import signed_in
from portal.web.htmx import go
from portal.web.times import when_words, zone_words

SUBJECT_WORDS = {
    "person": N_("your account"),
    "safe_contact": N_("how you may be reached"),
    "member_profile": N_("what you told of yourself"),
    "peer_profile": N_("what you told of yourself"),
    "reflection": N_("what you told after a chat"),
    "walk": N_("how you and another person were brought together"),
}


@blueprint.get("/account")
@signed_in
def overview() -> str:
    """Show everything, each with a way to change it."""
    actor = me()
    person = account_queries.own_choices(actor.id)
    return render_template(
        "account/page.html",
        person=person,
        zone=zone_words(person.zone),
        discretion=_on_the_outside(actor.id, person.discretion),
        reminders=plan_words(plan_of(person.reminder_leads)),
        quiet=quiet_words(person.quiet_from, person.quiet_until),
        browsers=account_queries.live_sign_ins(actor.id, staff=actor.staff, now=clock.now()),
        open_roles=[(role.value, words) for role, words in OPEN_ROLE_WORDS.items() if role not in actor.roles],
        # Also where they are off again: what was given here can be taken out here.
        texts=Channel.TEXT in ways_here() or ways_queries.phone(actor.id) is not None,
        signs=Channel.PUSH in ways_here() or bool(ways_queries.devices(actor.id)),
        ways=ways_words(actor.id),
        calendar_reads=feed_queries.feed_of(actor.id) is not None,
        factors=account_queries.factors(actor.id) if actor.staff else None,
    )


def _on_the_outside(person_id: int, discretion: Discretion) -> str:
    safe = account_queries.safe_contact(person_id)
    own = own_words(safe.subject_words if safe else "", discretion)
    return str(_("Keep it quiet: “%(words)s”", words=own) if own else _(DISCRETION_WORDS[discretion]))


@blueprint.get("/account/seen")
@signed_in
def seen() -> str:
    """Show who of the staff has looked at what, and when."""
    actor = me()
    looks = [
        (look.name or _("A coordinator"), _(SUBJECT_WORDS[look.subject]), when_words(look.at, actor.zone))
        for look in account_queries.looked_at(actor.id)
    ]
    return render_template("account/seen.html", looks=looks)


@blueprint.post("/account/roles")
@signed_in
def take_role() -> Response:
    """Take up the other role as well."""
    form = RoleForm()
    if not form.validate_on_submit():
        raise NotAllowed(N_("Nothing is wrong."))
    role = Role(form.role.data)
    account_services.take_role(me().id, role, now=clock.now())
    return go(first_place(role))
