"""A browser that signed in as an address before is known for it, so that nobody else can use up its letters."""

import hmac
from secrets import token_urlsafe

from flask import Response, current_app, request

from portal.domain.account import tidy_email

KEPT_SECONDS = 180 * 24 * 3600
MOST_ADDRESSES = 4
PARTS = "."


def name() -> str:
    """Return what the cookie is called here."""
    return "__Host-known" if current_app.config["SESSION_COOKIE_SECURE"] else "known"


def known_as(address: str) -> str | None:
    """Return this browser's number if it has signed in as this address before."""
    number, *marks = request.cookies.get(name(), "").split(PARTS)
    mark = _mark(number, address)
    return number if any(hmac.compare_digest(mark, each) for each in marks) else None


def remember(response: Response, address: str) -> Response:
    """Let this browser be known as this address; whoever reads the cookie learns no address from it."""
    number, *marks = request.cookies.get(name(), "").split(PARTS)
    number = number or token_urlsafe(16)
    kept = [_mark(number, address), *(mark for mark in marks if mark != _mark(number, address))][:MOST_ADDRESSES]
    response.set_cookie(
        name(),
        PARTS.join((number, *kept)),
        max_age=KEPT_SECONDS,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return response


def forget(response: Response) -> None:
    """Leave no trace in a browser that signs out or leaves; not every browser heeds Clear-Site-Data."""
    if name() in request.cookies:
        response.delete_cookie(name(), secure=current_app.config["SESSION_COOKIE_SECURE"], httponly=True)


def _mark(number: str, address: str) -> str:
    told = f"known {number} {tidy_email(address)}".encode()
    return hmac.new(current_app.config["SECRET_KEY"].encode(), told, "sha256").hexdigest()
