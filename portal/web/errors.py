"""The one place where refusals become answers: a calm page in words, never a trace."""

import logging
from uuid import uuid4

from flask import Flask, Response, current_app, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_limiter import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from portal.domain.errors import NotFound, PortalError, TooOften
from portal.domain.words import N_
from portal.web.access import ask_nobody, signed_in_actor
from portal.web.doors import Door, door_of
from portal.web.form_page import form_page
from portal.web.htmx import wants_fragment

logger = logging.getLogger(__name__)
# A browser that goes back, without JavaScript, may open the address of a form that was answered with a page.
FORM_ONLY = N_("This is the address of a form, which nothing opens by itself. The page it stands on is one tap away.")
TOO_MUCH = N_("What was sent is larger than this page takes. Nothing was changed. A smaller file may do.")
TEMPLATES = frozenset({400, 403, 404, 409, 422, 429})


def sentence_of(error: PortalError) -> str:
    """Return an error's sentence in the reader's language."""
    return str(_(error.sentence, **error.values))


def _calm_page(status: int, sentence: str, back: str = "") -> str:
    return render_template(f"errors/{status}.html", sentence=sentence, fragment=wants_fragment(), back_url=back)


def _answer(error: PortalError) -> Response:
    status = error.status if error.status in TEMPLATES else 400
    return make_response(_calm_page(status, sentence_of(error)), error.status)


def _on_http(error: HTTPException) -> Response | HTTPException:
    if error.code == 404:
        return make_response(_calm_page(404, sentence_of(NotFound())), 404)
    if error.code == 405:
        return make_response(_calm_page(404, _(FORM_ONLY), form_page()), 405)
    if error.code == 413:
        return make_response(_calm_page(400, _(TOO_MUCH), form_page()), 413)
    if error.code in TEMPLATES:
        return make_response(_calm_page(error.code, ""), error.code)
    if error.code == 500:  # named by a page, or Flask's own for what broke after it
        return _on_fault(getattr(error, "original_exception", None) or error)
    return error


def _on_form_expired(_error: CSRFError) -> Response:
    if signed_in_actor() is None and door_of(current_app, request.endpoint or "") not in (Door.PUBLIC, Door.DEMO):
        page = render_template(
            "errors/signed_out.html",
            sign_in_url=url_for("account.sign_in", back=form_page()),
            fragment=wants_fragment(),
        )
        return make_response(page, 400)
    return _answer(
        PortalError(
            N_("This page was open for a long time, so we could not be sure it was you. Please go back and try again.")
        )
    )


def _on_too_often(error: RateLimitExceeded) -> Response:
    answer = _answer(
        TooOften(N_("That was a lot of tries in a short time. Please wait a few minutes, then try again."))
    )
    answer.headers["Retry-After"] = str(error.limit.limit.get_expiry())
    return answer


def _on_fault(error: BaseException) -> Response:
    reference = uuid4().hex[:8]
    logger.error("fault %s: %s", reference, _where(error))
    # Without the frame and the reader's own language: they ask who is signed in.
    ask_nobody()
    known = {"crisis_lines": current_app.config["CRISIS_LINES"], "leave_to": current_app.config["LEAVE_TO"]}
    page = current_app.jinja_env.get_template("errors/500.html").render(known, reference=reference)
    return make_response(page, 500, {"Cache-Control": "no-store"})


def _where(error: BaseException) -> str:
    # The class and the places only: an exception's text may hold what somebody typed.
    frames = []
    trace = error.__traceback__
    while trace is not None:
        frames.append(f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}")
        trace = trace.tb_next
    return f"{type(error).__name__} at {' < '.join(reversed(frames[-6:]))}"


class _ClassOnly(logging.Filter):
    """Takes the text out of what Flask itself logs about an exception."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through, an exception as its class and its places."""
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            record.msg, record.args, record.exc_info = "fault past the pages: %s", (_where(error),), None
        return True


CLASS_ONLY = _ClassOnly()


def init_errors(app: Flask) -> None:
    """Answer every kind of refusal."""
    app.register_error_handler(PortalError, _answer)
    app.register_error_handler(CSRFError, _on_form_expired)
    app.register_error_handler(RateLimitExceeded, _on_too_often)
    app.register_error_handler(HTTPException, _on_http)
    app.register_error_handler(Exception, _on_fault)
    app.logger.addFilter(CLASS_ONLY)
