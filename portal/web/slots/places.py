"""The public places a peer likes to meet at: added, changed, put in order, taken away."""

from collections.abc import Callable

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _

from portal import clock
from portal.domain.errors import BadInput, NotFound
from portal.queries import own_hours as own_queries
from portal.services import slots as slots_services
from portal.web.access import me
from portal.web.account.forms import blame
from portal.web.doors import peer
from portal.web.htmx import go
from portal.web.slots.blueprint import blueprint
from portal.web.slots.forms import PlaceForm


@blueprint.route("/times/places", methods=["GET", "POST"])
@peer
def places() -> Response:
    """Show the places, and add one."""
    actor, form = me(), PlaceForm()

    def add(name: str, address: str, public: bool, key: str) -> None:
        slots_services.add_place(actor.id, name, address, public=public, key=key, now=clock.now())

    if form.validate_on_submit() and _kept(form, add):
        flash(_("Added. Members you are matched with see it when they book."), "well")
        return go(url_for("slots.places"))
    page = render_template(
        "slots/places.html", form=form, places=own_queries.places_of(actor.id), ask_public=_asks(form)
    )
    return make_response(page, 422 if form.errors else 200)


@blueprint.route("/times/places/<int:place_id>", methods=["GET", "POST"])
@peer
def place(place_id: int) -> Response:
    """Change a place."""
    actor = me()
    row = own_queries.own_place(actor.id, place_id)
    if row is None:
        raise NotFound
    form = PlaceForm(data={"name": row.name, "address": row.address})

    def change(name: str, address: str, public: bool, key: str) -> None:
        slots_services.change_place(actor.id, place_id, name, address, public=public, key=key, now=clock.now())

    if form.validate_on_submit() and _kept(form, change):
        flash(_("Kept. Chats that are booked there keep what was said then."), "well")
        return go(url_for("slots.places"))
    page = render_template("slots/place.html", form=form, place_id=place_id, ask_public=_asks(form))
    return make_response(page, 422 if form.errors else 200)


@blueprint.post("/times/places/<int:place_id>/up")
@peer
def place_up(place_id: int) -> Response:
    """Move a place up by one."""
    slots_services.move_place(me().id, place_id, key=request.form.get("request_key", ""), now=clock.now())
    flash(_("Moved up."), "well")
    return go(url_for("slots.places"))


@blueprint.post("/times/places/<int:place_id>/remove")
@peer
def remove_place(place_id: int) -> Response:
    """Take a place away."""
    slots_services.remove_place(me().id, place_id, key=request.form.get("request_key", ""), now=clock.now())
    flash(_("Taken away. Chats that are booked there stay as they are."), "well")
    return go(url_for("slots.places"))


def _kept(form: PlaceForm, keep: Callable[[str, str, bool, str], None]) -> bool:
    try:
        keep(form.name.data or "", form.address.data or "", bool(form.public.data), form.request_key.data or "")
    except BadInput as error:
        blame(form, error)
        return False
    return True


def _asks(form: PlaceForm) -> bool:
    """Say whether the page asks if the place is public: only once something read like a home."""
    return bool(form.address.errors or form.public.data)
