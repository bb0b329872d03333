"""What every form that takes a step of a walk carries: its own key, and the revision that its page showed."""

from flask import request

LONGEST_REVISION = 9


def request_key() -> str:
    """Return the form's key, so that a second tap does nothing."""
    return request.form.get("request_key", "")


def seen_revision() -> int:
    """Return what the page showed; a form without it counts as one of an old page."""
    typed = request.form.get("revision", "")
    return int(typed) if typed.isdecimal() and len(typed) <= LONGEST_REVISION else -1
