"""Throttling: by network and by what is typed, never locking anybody out for long; keys are hashes."""

from hashlib import sha256

from flask import request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from portal.web.access import signed_in_actor
from portal.web.known_browser import known_as


def by_network() -> str:
    """Return a key for where the request comes from."""
    return sha256(f"network {get_remote_address()}".encode()).hexdigest()[:24]


def by_address() -> str:
    """Return a key for the e-mail address that was typed."""
    return sha256(f"address {request.form.get('email', '').strip().lower()}".encode()).hexdigest()[:24]


def by_address_and_network() -> str:
    """Return a key for an address typed on one network, so that others who type it elsewhere are not held up;
    a browser that has signed in as it before has a key of its own, so that its neighbours do not hold it up either."""
    number = known_as(request.form.get("email", ""))
    where = by_network() if number is None else sha256(f"known {number}".encode()).hexdigest()[:24]
    return f"{by_address()}{where}"


def by_person() -> str:
    """Return a key for who is signed in, or for the network where nobody is."""
    actor = signed_in_actor()
    return f"person {actor.id}" if actor is not None else by_network()


class Throttle(Limiter):
    """The limits of single views, each looked at where its view is called; none stands for all pages."""

    def _check_request_limit(self, callable_name: str | None = None, in_middleware: bool = True) -> None:
        # Before every page it would look for limits that we have none of.
        if not in_middleware:
            super()._check_request_limit(callable_name, in_middleware)


limiter = Throttle(by_network)
