"""Addresses that are kept are those that Flask builds, and no word of an address is kept."""

from typing import Any, TypeVar

from flask import Flask, url_for

from portal.web.addresses import Portal

App = TypeVar("App", bound=Flask)
NAMED: tuple[dict[str, Any], ...] = (
    {},
    {"walk_id": 3},
    {"walk_id": True},
    {"walk_id": 3, "page": 2},
    {"walk_id": 3, "_anchor": "new"},
)


def _with_pages(app: App) -> App:
    app.add_url_rule("/walks/<walk_id>", "walk")
    app.add_url_rule("/walks", "walk")
    return app


def _addresses(app: Flask, path: str, root: str = "") -> list[str]:
    with app.test_request_context(path, environ_overrides={"SCRIPT_NAME": root}):
        return [url_for("walk", **values) for values in NAMED for _twice in range(2)]


def test_an_address_is_what_flask_builds_also_the_second_time_and_below_another_root() -> None:
    kept, anew = _with_pages(Portal("kept")), _with_pages(Flask("anew"))
    for root in ("", "/below"):
        assert _addresses(kept, "/", root) == _addresses(anew, "/", root)


def test_words_of_an_address_are_not_kept() -> None:
    app = _with_pages(Portal("kept"))
    with app.test_request_context("/"):
        url_for("walk", walk_id=3)
        assert app._kept_address.cache_info().currsize == 1
        assert url_for("walk", walk_id="secret") == "/walks/secret"
        assert app._kept_address.cache_info().currsize == 1
