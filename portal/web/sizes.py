"""How much may be sent: little, but to the views that say they take a file."""

from collections.abc import Callable
from typing import TypeVar

from flask import Flask, current_app, request

View = TypeVar("View", bound=Callable[..., object])


def takes_up_to(most: int) -> Callable[[View], View]:
    """Mark a view that takes so many bytes."""

    def mark(view: View) -> View:
        view.takes_up_to = most  # type: ignore[attr-defined]
        return view

    return mark


def init_sizes(app: Flask) -> None:
    """Widen the limit where a view says so; to be called before whatever looks into a form before the view does."""

    @app.before_request
    def _widen() -> None:
        view = current_app.view_functions.get(request.endpoint or "")
        most = getattr(view, "takes_up_to", None)
        if most is not None:
            request.max_content_length = most
