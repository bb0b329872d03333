"""Static files: packed once, as small as they get, and kept by the browser for a year under an address of their own."""

import mimetypes
from pathlib import Path

import brotli
from flask import Flask, Response, current_app, request, send_from_directory
from werkzeug.security import safe_join

from portal.web import styles

PACKED = frozenset({"text/css", "text/javascript", "application/javascript", "image/svg+xml"})
YEAR_SECONDS = 365 * 24 * 3600


def send(filename: str) -> Response:
    """Answer a file; one whose address tells its content is never asked for again."""
    answer = _styles() if filename == styles.NAME else _packed(filename)
    answer = answer or send_from_directory(str(current_app.static_folder), filename)
    answer.cache_control.max_age = YEAR_SECONDS
    answer.cache_control.public = True
    if "v" in request.args or filename.startswith("vendor/"):
        answer.cache_control.immutable = True
        answer.cache_control.no_cache = None
    return answer


def _styles() -> Response:
    text = styles.styles().text.encode()
    return Response(text, mimetype="text/css") if _unpacked() else _sent(text, "text/css", (styles.NAME, 0.0))


def _packed(filename: str) -> Response | None:
    """The file in brotli's smallest, which takes too long to be done at each request; None where that is not asked."""
    kind = mimetypes.guess_type(filename)[0]
    if kind not in PACKED or _unpacked():
        return None
    path = safe_join(str(current_app.static_folder), filename)
    if path is None or not Path(path).is_file():
        return None
    return _sent(Path(path).read_bytes(), str(kind), (path, Path(path).stat().st_mtime))


def _unpacked() -> bool:
    return request.accept_encodings["br"] <= 0


def _sent(content: bytes, kind: str, key: tuple[str, float]) -> Response:
    packed: dict[tuple[str, float], bytes] = current_app.extensions.setdefault("packed_files", {})
    if key not in packed:
        packed[key] = brotli.compress(content, quality=11)
    answer = Response(packed[key], mimetype=kind)
    answer.content_encoding = "br"
    answer.vary.add("Accept-Encoding")
    answer.add_etag()
    answer.make_conditional(request)
    return answer


def init_static_files(app: Flask) -> None:
    """Let this answer what Flask itself would read and pack anew each time."""
    app.view_functions["static"] = send
