"""The one place that spells HTMX's headers: what kind of request it is, and what the answer asks the page to do."""

from flask import Response, make_response, redirect, render_template, request


def wants_fragment() -> bool:
    """Say whether only the fragment is wanted; a boosted or history-restoring request gets the whole page."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-Boosted") != "true"
        and headers.get("HX-History-Restore-Request") != "true"
        and headers.get("HX-Request-Type", "partial") == "partial"
    )


def page_or_fragment(page: str, fragment: str, status: int = 200, **context: object) -> Response:
    """Answer one URL two ways: the page includes the same fragment that HTMX gets."""
    return make_response(render_template(fragment if wants_fragment() else page, **context), status)


def go(address: str) -> Response:
    """Send the person on after something was done (303), for a form and for HTMX alike."""
    if request.headers.get("HX-Request") == "true":
        response = Response(status=204)
        response.headers["HX-Redirect"] = address
        return response
    return make_response(redirect(address, code=303))


def aims_at(element_id: str) -> bool:
    """Say whether only this element of the page is to be filled anew."""
    return wants_fragment() and request.headers.get("HX-Target", "").rpartition("#")[2] == element_id
