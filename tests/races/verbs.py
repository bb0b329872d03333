"""Verbs in the same instant: what each of them was refused with."""

from collections.abc import Callable, Sequence

from flask import Flask

from portal.domain.errors import PortalError
from tests.races.browser import all_at_once

Outcome = type[PortalError] | None


def at_once(app: Flask, deeds: Sequence[Callable[[], object]]) -> list[Outcome]:
    """Do these verbs in the same instant; return what each was refused with."""

    def inside(deed: Callable[[], object]) -> Callable[[], Outcome]:
        def do() -> Outcome:
            with app.app_context():
                try:
                    deed()
                except PortalError as refusal:
                    return type(refusal)
                return None

        return do

    return all_at_once([inside(deed) for deed in deeds])
