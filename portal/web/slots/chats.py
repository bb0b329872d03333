"""One small form: how long chats are, the rest between them, notice, how far ahead, and how many a day."""

from dataclasses import asdict, replace

from flask import Response, flash, make_response, render_template, url_for
from flask_babel import gettext as _

from portal import clock
from portal.domain.errors import BadInput
from portal.domain.slots import CHOICES, ChatWishes
from portal.queries import own_hours as own_queries
from portal.services import slots as slots_services
from portal.web.access import me
from portal.web.account.forms import blame
from portal.web.doors import peer
from portal.web.htmx import go
from portal.web.slots.blueprint import blueprint
from portal.web.slots.forms import ChatsForm
from portal.web.slots.words import wish_choices


@blueprint.route("/times/chats", methods=["GET", "POST"])
@peer
def chats() -> Response:
    """Change how hours are cut into chats."""
    actor = me()
    wishes = own_queries.wishes_of(actor.id) or ChatWishes()
    form = ChatsForm(data=asdict(wishes) | {"cap_per_day": wishes.cap_per_day or 0})
    for name, choices in wish_choices(wishes).items():
        form[name].choices = choices
    if form.validate_on_submit():
        chosen = {name: form[name].data for name in CHOICES if name in form}
        wanted = replace(wishes, **chosen | {"cap_per_day": chosen["cap_per_day"] or None})
        try:
            slots_services.set_wishes(actor.id, wanted, key=form.request_key.data or "", now=clock.now())
        except BadInput as error:
            blame(form, error)
        else:
            flash(_("Kept. Chats that are booked stay as they are."), "well")
            return go(url_for("slots.week"))
    return make_response(render_template("slots/chats.html", form=form), 422 if form.errors else 200)
