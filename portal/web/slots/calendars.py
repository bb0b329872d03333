"""A peer's own calendars: added by a secret address or a file, read by themselves, and only busy times kept."""

from collections.abc import Callable
from typing import Any

from flask import Response, flash, make_response, render_template, url_for
from flask_babel import gettext as _

from portal import clock
from portal.domain.errors import BadInput, NotFound
from portal.domain.slots.calendars import LARGEST_BYTES, MOST_CALENDARS
from portal.queries import busy_calendars as queries
from portal.services import busy_calendars as services
from portal.web.access import me
from portal.web.account.forms import blame
from portal.web.doors import peer
from portal.web.htmx import go
from portal.web.limits import by_person, limiter
from portal.web.sizes import takes_up_to
from portal.web.slots.blueprint import blueprint
from portal.web.slots.calendar_forms import AddressForm, FileForm, NameForm, NewestForm
from portal.web.slots.calendar_words import calendar_name, read_words, trouble_words

# More than a file may have, so that one that is too large is answered beside its field.
SENT_AT_MOST = 6 * LARGEST_BYTES
TRIES = "30 per 10 minutes"


@blueprint.get("/times/calendars")
@peer
def calendars() -> Response:
    """Show the calendars there are, when each was read, and what needs a look."""
    now = clock.now()
    rows = [
        {
            "id": row.id,
            "name": calendar_name(row.name),
            "by_address": row.by_address,
            "read": read_words(row, now),
            "trouble": trouble_words(row),
        }
        for row in queries.calendars_of(me().id, now)
    ]
    room = len(rows) < MOST_CALENDARS
    return make_response(render_template("slots/calendars.html", calendars=rows, room=room))


@blueprint.route("/times/calendars/address", methods=["GET", "POST"])
@peer
@limiter.limit(TRIES, key_func=by_person, methods=["POST"])
def add_calendar() -> Response:
    """Add a calendar by its secret address."""
    form = AddressForm()

    def add() -> None:
        key, name, address = form.request_key.data or "", form.name.data or "", form.address.data or ""
        services.add_address(me().id, name, address, key=key, now=clock.now())

    if _done(form, add):
        flash(_("Added. It is read in a minute or two, and then again and again. Look here for how it went."), "well")
        return go(url_for("slots.calendars"))
    return _page("slots/calendars_address.html", form)


@blueprint.route("/times/calendars/file", methods=["GET", "POST"])
@peer
@limiter.limit(TRIES, key_func=by_person, methods=["POST"])
@takes_up_to(SENT_AT_MOST)
def add_calendar_file() -> Response:
    """Add a calendar from a file, which is read at once and not kept."""
    form = FileForm()

    def add() -> None:
        key, name = form.request_key.data or "", form.name.data or ""
        services.add_file(me().id, name, _bytes(form), key=key, now=clock.now())

    if _done(form, add):
        flash(_("Your file was read. The file itself is not kept."), "well")
        return go(url_for("slots.calendars"))
    return _page("slots/calendars_file.html", form)


@blueprint.route("/times/calendars/<int:calendar_id>", methods=["GET", "POST"])
@peer
def calendar(calendar_id: int) -> Response:
    """Give a calendar another name; the way to a newer file, and to taking it away."""
    found = queries.own_calendar(me().id, calendar_id)
    if found is None:
        raise NotFound
    form = NameForm(data={"name": found.name})

    def rename() -> None:
        key = form.request_key.data or ""
        services.rename(me().id, calendar_id, form.name.data or "", key=key, now=clock.now())

    if _done(form, rename):
        flash(_("Kept."), "well")
        return go(url_for("slots.calendars"))
    return _own_page(calendar_id, form, NewestForm(formdata=None))


@blueprint.post("/times/calendars/<int:calendar_id>/file")
@peer
@limiter.limit(TRIES, key_func=by_person)
@takes_up_to(SENT_AT_MOST)
def replace_calendar(calendar_id: int) -> Response:
    """Take a newer file for a calendar that came as one."""
    if queries.own_calendar(me().id, calendar_id) is None:
        raise NotFound
    form = NewestForm()

    def replace() -> None:
        services.replace_file(me().id, calendar_id, _bytes(form), key=form.request_key.data or "", now=clock.now())

    if _done(form, replace):
        flash(_("The newer file was read. It stands instead of the one before."), "well")
        return go(url_for("slots.calendars"))
    return _own_page(calendar_id, NameForm(formdata=None), form)


@blueprint.post("/times/calendars/<int:calendar_id>/read")
@peer
def read_calendar(calendar_id: int) -> Response:
    """Ask for a calendar to be read now."""
    services.read_again(me().id, calendar_id, key=NameForm().request_key.data or "", now=clock.now())
    flash(_("It is read in a moment. Open this page again in a minute to see how it went."), "well")
    return go(url_for("slots.calendars"))


@blueprint.post("/times/calendars/<int:calendar_id>/remove")
@peer
def remove_calendar(calendar_id: int) -> Response:
    """Take a calendar away."""
    services.remove(me().id, calendar_id, key=NameForm().request_key.data or "", now=clock.now())
    flash(_("Taken away, with its address and its busy times. They no longer close anything."), "well")
    return go(url_for("slots.calendars"))


def _done(form: Any, verb: Callable[[], None]) -> bool:
    """Do what a form asks for if it is whole; says no, with a sentence at the field, where it could not be done."""
    if not form.validate_on_submit():
        return False
    try:
        verb()
    except BadInput as error:
        blame(form, error)
        return False
    return True


def _bytes(form: Any) -> bytes:
    return bytes(form.file.data.read(LARGEST_BYTES + 1))


def _page(template: str, form: Any, **more: object) -> Response:
    return make_response(render_template(template, form=form, **more), 422 if form.errors else 200)


def _own_page(calendar_id: int, form: NameForm, newest: NewestForm) -> Response:
    now = clock.now()
    found = next((row for row in queries.calendars_of(me().id, now) if row.id == calendar_id), None)
    if found is None:
        raise NotFound
    if not form.is_submitted() or newest.errors:
        form.name.data = found.name
    page = render_template(
        "slots/calendars_one.html",
        form=form,
        newest=newest,
        calendar=found,
        name=calendar_name(found.name),
        read=read_words(found, now),
    )
    return make_response(page, 422 if form.errors or newest.errors else 200)
