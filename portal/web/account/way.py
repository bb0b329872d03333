"""Where somebody goes once they are signed in: first what is still open, then where they were going."""

from urllib.parse import urlsplit

from flask import Response, session, url_for

from portal.domain.account import STAFF, Actor, Role
from portal.domain.errors import NotFound
from portal.web import access
from portal.web.htmx import go

BACK = "back"
AS = "as"


def local_path(address: str) -> str:
    """Return an address if it is a path on this site, else nothing, so that no letter can use us to lead elsewhere."""
    parts = urlsplit(address)
    outside = parts.scheme or parts.netloc or not address.startswith("/")
    # Browsers read "/\" as "//" and drop tabs and line ends before they look.
    crooked = address.startswith("//") or "\\" in address or any(ord(letter) < 0x21 for letter in address)
    return "" if outside or crooked else address


def unfinished(actor: Actor) -> str | None:
    """Return the page that still has to be gone through before anything else, or None."""
    if not actor.consented:
        return url_for("account.welcome")
    if not actor.name:
        return url_for("account.welcome_name")
    if actor.roles & STAFF and not actor.second_factor:
        return url_for("account.second_step")
    if not actor.roles:
        return url_for("account.welcome_role")
    return None


def next_place() -> str:
    """Return where this person goes now; the page they came for is kept until nothing stands before it."""
    open_page = unfinished(access.refreshed())
    if open_page is not None:
        return open_page
    return str(session.pop(BACK, "")) or url_for("home.start")


def rise(token: str) -> str:
    """Put a new sign-in, or one that rose, into a fresh cookie; returns where to go on."""
    kept = {name: session.get(name, "") for name in (BACK, AS)}
    access.begin(token)
    session.update(kept)
    return next_place()


def come_in(token: str) -> Response:
    """Put the sign-in into a fresh cookie and send the person on."""
    return go(rise(token))


def staff() -> Actor:
    """Return who is signed in, if a second step is theirs to do."""
    actor = access.me()
    if not actor.staff:
        raise NotFound
    return actor


def keep_role(typed: str) -> None:
    """Keep which of the two ways in somebody took on the front page, until they are asked what brings them here."""
    if typed in (Role.MEMBER, Role.PEER):
        session[AS] = typed


def role_kept() -> str | None:
    """Return the way in that was taken, or None."""
    return str(session.get(AS, "")) or None


def first_place(role: Role) -> str:
    """Return where somebody goes who has just taken up a role."""
    return url_for("experience.start") if role is Role.MEMBER else url_for("experience.peer")
