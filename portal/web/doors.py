"""Doors: every view declares who may come in; a view without a door is refused, also at the start of the program."""

from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

from flask import Flask, Response, current_app, flash, request, url_for
from flask_babel import gettext as _

from portal.domain.account import Role
from portal.domain.errors import NotAllowed, NotFound
from portal.domain.words import N_
from portal.web.access import needs_consent, signed_in_actor
from portal.web.form_page import form_page
from portal.web.htmx import go

View = TypeVar("View", bound=Callable[..., object])


class Door(StrEnum):
    """Who may come in."""

    PUBLIC = "public"
    DEMO = "demo"
    SIGNED_IN = "signed_in"
    WALKER = "walker"
    MEMBER = "member"
    PEER = "peer"
    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"


OPENS_FOR = {
    Door.WALKER: (Role.MEMBER, Role.PEER),
    Door.MEMBER: (Role.MEMBER,),
    Door.PEER: (Role.PEER,),
    Door.COORDINATOR: (Role.COORDINATOR, Role.ADMINISTRATOR),
    Door.ADMINISTRATOR: (Role.ADMINISTRATOR,),
}


def _declare(door: Door) -> Callable[[View], View]:
    def declare(view: View) -> View:
        view.door = door  # type: ignore[attr-defined]
        return view

    return declare


public = _declare(Door.PUBLIC)
demo = _declare(Door.DEMO)
signed_in = _declare(Door.SIGNED_IN)
walker = _declare(Door.WALKER)
member = _declare(Door.MEMBER)
peer = _declare(Door.PEER)
coordinator = _declare(Door.COORDINATOR)
administrator = _declare(Door.ADMINISTRATOR)


def before_consent(view: View) -> View:
    """Mark a view that a signed-in person may use before agreeing to anything."""
    view.before_consent = True  # type: ignore[attr-defined]
    return view


def door_of(app: Flask, endpoint: str) -> Door | None:
    """Return the door an endpoint declares, or None when it forgot to."""
    return getattr(app.view_functions[endpoint], "door", None)


def guard() -> Response | None:
    """Let the person in, send them to sign in, or refuse; runs before every view."""
    if request.endpoint is None:
        return None
    door = door_of(current_app, request.endpoint)
    if door is None:
        raise NotAllowed(N_("This page is closed."))
    if door is Door.PUBLIC:
        return None
    if door is Door.DEMO:
        if not current_app.config["DEMO"]:
            raise NotFound
        return None
    actor = signed_in_actor()
    if actor is None:
        return go(url_for("account.sign_in", back=_back()))
    if needs_consent(actor, current_app.view_functions[request.endpoint]):
        return go(url_for("account.welcome"))
    if door is Door.SIGNED_IN or actor.has(*OPENS_FOR[door]):
        return None
    if actor.roles & set(OPENS_FOR[door]):  # the role is there, the second step is not
        return go(url_for("account.second_step"))
    raise NotAllowed(N_("Nothing is wrong."))


def _back() -> str:
    if request.method in ("GET", "HEAD"):
        return request.full_path.rstrip("?")
    flash(
        _(
            "You were signed out. What you just asked for was not done. What you had saved before is still there;"
            " sign in, and you can do it again."
        ),
        "look",
    )
    return form_page()


def init_doors(app: Flask) -> None:
    """Close every view that declares no door, and ask at each one that does."""
    public(app.view_functions["static"])
    open_ended = sorted(name for name in app.view_functions if door_of(app, name) is None)
    if open_ended:
        raise RuntimeError(f"views without a door: {', '.join(open_ended)}")
    app.before_request(guard)
