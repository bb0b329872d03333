"""Who is signed in, on Flask-Login: the cookie holds a token, the database says whether it still counts."""

from typing import Any

from flask import Flask, g, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from portal import clock
from portal.domain.account import Actor
from portal.domain.errors import NotAllowed
from portal.domain.words import N_
from portal.queries import account as account_queries
from portal.services import account as account_services

login_manager = LoginManager()
UNASKED: Any = object()
login_manager.session_protection = None  # the sign-in row is the truth; an address that changes is normal on a phone


class SignedIn(UserMixin):  # type: ignore[misc]
    """What Flask-Login keeps of somebody: their token, and the actor it stands for."""

    def __init__(self, token: str, actor: Actor) -> None:
        self.token = token
        self.actor = actor

    def get_id(self) -> str:
        """Return what the cookie holds."""
        return self.token


def signed_in_actor() -> Actor | None:
    """Return who is signed in, or None; found out once for each request."""
    kept: Actor | None = g.get("actor", UNASKED)
    if kept is not UNASKED:
        return kept
    user = current_user._get_current_object()
    g.actor = actor = user.actor if isinstance(user, SignedIn) else None
    g.somebody = actor is not None
    return actor


def surely_nobody() -> bool:
    """Say whether this request found out that nobody is signed in; asks nothing, so it can be called after a fault."""
    return g.get("somebody") is False


def ask_nobody() -> None:
    """Take the rest of this request as nobody's: the database that says who somebody is may be what is away."""
    g.actor = None


def me() -> Actor:
    """Return who is signed in; only for views behind a door that asks."""
    actor = signed_in_actor()
    if actor is None:
        raise NotAllowed(N_("Please sign in first."))
    return actor


def needs_consent(actor: Actor, view: object) -> bool:
    """Say whether this view has to wait until the person has read and agreed: all but those marked for before it."""
    return not actor.consented and not getattr(view, "before_consent", False)


def begin(token: str) -> None:
    """Put this browser's sign-in into a fresh cookie: nothing from before it stays."""
    actor = account_queries.actor_by_token(token, clock.now())
    if actor is None:
        raise NotAllowed(N_("Please sign in again."))
    session.clear()
    login_user(SignedIn(token, actor))
    _ask_anew()


def refreshed() -> Actor:
    """Return who is signed in as the database has it now, after a verb of this request changed it."""
    me()
    current_user.actor = account_queries.actor_by_token(current_user.get_id(), clock.now()) or current_user.actor
    _ask_anew()
    return me()


def end() -> None:
    """End this browser's sign-in, in the database first, then in the cookie."""
    actor = signed_in_actor()
    if actor is not None:
        account_services.end_sign_in(actor.sign_in_id, now=clock.now())
    logout_user()
    _ask_anew()


def _ask_anew() -> None:
    g.pop("actor", None)


def _load(token: str) -> SignedIn | None:
    now = clock.now()
    actor = account_queries.actor_by_token(token, now)
    if actor is None:
        return None
    if actor.rests:
        account_services.touch_sign_in(actor.sign_in_id, now=now)
    g.zone = actor.zone
    return SignedIn(token, actor)


def init_access(app: Flask) -> None:
    """Bind Flask-Login to this app."""
    login_manager.init_app(app)
    login_manager.user_loader(_load)
