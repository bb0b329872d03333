"""The page that a sent form stood on, told from the form's own address: our policy withholds the Referer."""

from flask import current_app, request
from werkzeug.exceptions import HTTPException


def form_page() -> str:
    """Return the nearest address, at this one or above it, that opens by a link."""
    adapter = current_app.create_url_adapter(request)
    path = request.path
    while path and adapter is not None:
        try:
            adapter.match(path, method="GET")
        except HTTPException:
            path = path.rpartition("/")[0]
        else:
            return path
    return "/"
