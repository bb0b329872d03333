"""Addresses within the site, built once and kept: a page asks for dozens, and for the same ones each time."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from flask import Flask, has_request_context, request

MOST_KEPT = 8_192
Value = tuple[str, int | str]


class Portal(Flask):
    """Flask that remembers addresses of pages named by numbers alone, and of static files; never words of an address,
    which may be a secret. None of its views is a coroutine, so that it does not look at each call whether one is."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        build = super().url_for

        @lru_cache(MOST_KEPT)
        def kept(_root: str, endpoint: str, values: tuple[Value, ...]) -> str:
            named: dict[str, Any] = dict(values)
            return build(endpoint, **named)

        self._kept_address = kept

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function as it is."""
        return func

    def url_for(
        self,
        endpoint: str,
        *,
        _anchor: str | None = None,
        _method: str | None = None,
        _scheme: str | None = None,
        _external: bool | None = None,
        **values: Any,
    ) -> str:
        """Return the address of an endpoint, as Flask has it."""
        usual = not (_anchor or _method or _scheme or _external) and endpoint[:1] != "." and has_request_context()
        if usual and (endpoint == "static" or all(type(value) is int for value in values.values())):
            return self._kept_address(request.root_path, endpoint, tuple(values.items()))
        return super().url_for(
            endpoint, _anchor=_anchor, _method=_method, _scheme=_scheme, _external=_external, **values
        )
