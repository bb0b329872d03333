"""Response headers: what the browser may load, keep and tell."""

from flask import Flask, Response, current_app, request, session

from portal.domain.errors import NotAllowed
from portal.domain.words import N_
from portal.web.access import surely_nobody

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' {styles}",
        "img-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
# A letter brings its style with it; nothing else of it may act, load or be led anywhere.
LETTER_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'self'",
        "sandbox",
    )
)
POLICY = "Content-Security-Policy"
LOADED = frozenset({"text/css", "text/javascript"})
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def refuse_foreign_forms() -> None:
    """Refuse a form that another site sent; the token in the form is the second lock."""
    if request.method not in UNSAFE:
        return
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    foreign = site not in (None, "same-origin", "none")
    # Without Sec-Fetch-Site the Origin is asked; our own Referrer-Policy makes some browsers send "null" for it.
    if site is None and origin not in (None, "null"):
        foreign = origin != request.host_url.rstrip("/")
    if foreign:
        raise NotAllowed(N_("That did not come from this site, so nothing was changed."))


def page_policy() -> str:
    """Return what a page may load and do; of styles inside it, only exactly ours."""
    policy: str = current_app.extensions["content_security_policy"]
    return policy


def put_headers(response: Response) -> Response:
    """Close what need not be open."""
    headers = response.headers
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    # A style or a script is no page: what a page may do is told by the page that loads it.
    if request.endpoint != "static" or response.mimetype not in LOADED:
        headers.setdefault(POLICY, page_policy())
        headers["Referrer-Policy"] = "no-referrer"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if request.is_secure:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    if request.endpoint != "static":
        headers["Permissions-Policy"] = "geolocation=(), camera=(), microphone=(), browsing-topics=()"
        headers.setdefault("Cache-Control", "no-cache, private" if surely_nobody() else "no-store")
        response.vary.add("HX-Request")
        response.vary.add("Cookie")
        # A page that is the same for everybody is not sent again to a browser that has it.
        if surely_nobody() and not session and request.method == "GET" and response.status_code == 200:
            response.add_etag()
    return response


def let_frame(response: Response) -> Response:
    """Let this page frame pages of this site."""
    response.headers[POLICY] = f"{page_policy()}; frame-src 'self'"
    return response


def only_framed(response: Response) -> Response:
    """Let this answer, a letter's HTML, be drawn in a frame of this site and do nothing."""
    response.headers[POLICY] = LETTER_POLICY
    return response


def init_headers(app: Flask) -> None:
    """Put the headers on every answer and look at every form."""
    app.extensions["content_security_policy"] = CONTENT_SECURITY_POLICY.format(styles=app.extensions["styles"].source)
    app.before_request(refuse_foreign_forms)
    app.after_request(put_headers)
