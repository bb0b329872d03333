"""One form for how time is cut into chats: the usual few first, the rest behind a fold."""

from dataclasses import asdict
from typing import Any

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
from portal.web.slots.wish_words import UNLIMITED, length_choices, wish_choices

# Behind the fold; it stands open where one of these was sent wrong.
FOLDED = ("other_lengths", "step_minutes", "horizon_days", *UNLIMITED)


@blueprint.route("/times/chats", methods=["GET", "POST"])
@peer
def chats() -> Response:
    """Change how hours are cut into chats."""
    actor = me()
    wishes = own_queries.wishes_of(actor.id) or ChatWishes()
    form = _form(wishes)
    if form.validate_on_submit():
        try:
            slots_services.set_wishes(actor.id, _wanted(form), key=form.request_key.data or "", now=clock.now())
        except BadInput as error:
            blame(form, error)
        else:
            flash(_("Kept. Chats that are booked stay as they are."), "well")
            return go(url_for("slots.week"))
    opened = any(form[name].errors for name in FOLDED)
    return make_response(render_template("slots/chats.html", form=form, opened=opened), 422 if form.errors else 200)


def _form(wishes: ChatWishes) -> ChatsForm:
    held: dict[str, Any] = asdict(wishes) | {name: getattr(wishes, name) or 0 for name in UNLIMITED}
    form = ChatsForm(data=held | {"other_lengths": list(wishes.lengths_beside)})
    for name, choices in wish_choices(wishes).items():
        form[name].choices = choices
    form.other_lengths.choices = length_choices(wishes)
    return form


def _wanted(form: ChatsForm) -> ChatWishes:
    chosen = {name: form[name].data for name in CHOICES}
    return ChatWishes(
        **chosen | {name: chosen[name] or None for name in UNLIMITED},
        other_lengths=tuple(sorted(form.other_lengths.data or ())),
        says_yes_first=bool(form.says_yes_first.data),
    )
