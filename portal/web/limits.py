"""Throttling: by network and by what is typed, never locking anybody out for long; keys are hashes."""

from hashlib import sha256

from flask import request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address


def by_network() -> str:
    """Return a key for where the request comes from."""
    return sha256(f"network {get_remote_address()}".encode()).hexdigest()[:24]


def by_address() -> str:
    """Return a key for the e-mail address that was typed."""
    return sha256(f"address {request.form.get('email', '').strip().lower()}".encode()).hexdigest()[:24]


limiter = Limiter(by_network)
