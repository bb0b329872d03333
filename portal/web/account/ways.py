"""How news reaches somebody: e-mail, text or a sign on their devices, for each group of news."""

from flask import Response, flash, make_response, render_template, url_for
from flask_babel import gettext as _

from portal import clock
from portal.domain.notice import Channel, Group
from portal.domain.words import N_
from portal.queries.notice import ways as queries
from portal.queries.notice.ways import Reach
from portal.services import account as account_services
from portal.services.account.ways import ways_here
from portal.web.access import me
from portal.web.account.blueprint import blueprint
from portal.web.account.forms import WaysForm
from portal.web.doors import signed_in
from portal.web.htmx import go

WAY_WORDS = {
    Channel.EMAIL: N_("E-mail"),
    Channel.TEXT: N_("Text message"),
    Channel.PUSH: N_("A sign on my devices"),
}


@blueprint.route("/account/ways", methods=["GET", "POST"])
@signed_in
def ways() -> Response:
    """Choose the ways for each group; ways that are not set up are not shown."""
    actor = me()
    reach, chosen = queries.reach_of(actor.id), queries.chosen_ways([actor.id]).get(actor.id, {})
    form = WaysForm(data={group.value: [each.value for each in chosen.get(group, {Channel.EMAIL})] for group in Group})
    open_ways = _open(reach)
    for group in Group:
        form[group.value].choices = [(channel.value, _(WAY_WORDS[channel])) for channel in open_ways]
    if form.validate_on_submit():
        wanted = {group: frozenset(Channel(value) for value in form[group.value].data or ()) for group in Group}
        account_services.set_ways(actor.id, wanted, now=clock.now())
        flash(_("Kept. What waits already comes that way too."), "well")
        return go(url_for("account.overview"))
    page = render_template(
        "account/ways.html",
        form=form,
        groups=[form[group.value] for group in Group],
        several=len(open_ways) > 1,
        texts=Channel.TEXT in ways_here(),
        signs=Channel.PUSH in ways_here(),
        reach=reach,
    )
    return make_response(page, 422 if form.errors else 200)


def ways_words(person_id: int) -> str:
    """Return by which ways anything comes to somebody, in one line."""
    chosen = queries.chosen_ways([person_id]).get(person_id, {})
    found = {channel for group in Group for channel in chosen.get(group, {Channel.EMAIL})}
    return ", ".join(_(words) for channel, words in WAY_WORDS.items() if channel in found & ways_here())


def _open(reach: Reach) -> list[Channel]:
    """Return the ways that can be ticked: a text needs a phone, a sign a device."""
    ready = {
        Channel.EMAIL: True,
        Channel.TEXT: reach.has_phone and reach.may_text,
        Channel.PUSH: reach.has_devices,
    }
    return [channel for channel in Channel if channel in ways_here() and ready[channel]]
