"""What every page's frame needs: the help lines, where one may go, the addresses of static files, a fresh form key."""

import json
from hashlib import sha256
from pathlib import Path
from secrets import token_urlsafe

from flask import Flask, current_app, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from jinja2 import Template
from jinja2.environment import TemplateModule
from jinja2.runtime import Context

from portal.domain.account import Role, sign_in_lives
from portal.domain.words import N_
from portal.queries.account import SEEN_STEP
from portal.web.access import signed_in_actor
from portal.web.crisis import strip
from portal.web.form_page import form_page
from portal.web.styles import NAME, styles_inside, styles_to_keep

PLACES = (
    (N_("Home"), "home.start", None),
    (N_("My experience"), "experience.start", Role.MEMBER),
    (N_("Asked of me"), "matching.asked", Role.PEER),
    (N_("My times"), "slots.week", Role.PEER),
    (N_("My offer"), "experience.peer", Role.PEER),
    (N_("Who waits"), "care.board", Role.COORDINATOR),
    (N_("Letters"), "notice.state", Role.COORDINATOR),
)


class Part(Template):
    """A template that knows at a glance that who takes it in has no globals but those of all."""

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        if ctx is not None and self.environment.globals.keys() >= ctx.globals_keys:
            ctx = None  # Jinja comes to the same, name by name, at each of a dozen imports of a page
        return super()._get_default_module(ctx)


def navigation() -> list[tuple[str, str, bool]]:
    """Return (words, address, is this it) for everything this person may go to."""
    actor = signed_in_actor()
    if actor is None:
        return []
    places = [(words, endpoint) for words, endpoint, role in PLACES if role is None or actor.has(role)]
    places.append((N_("Account"), "account.overview"))
    return [(_(words), url_for(endpoint), request.endpoint == endpoint) for words, endpoint in places]


def idle_seconds() -> int | None:
    """Return for how long a page may surely lie still before its reader is signed out; None where nobody is."""
    actor = signed_in_actor()
    if actor is None:
        return None
    # Somebody's last sign is kept to the minute.
    return int((sign_in_lives(staff=actor.staff)[0] - SEEN_STEP).total_seconds())


def vendor(name: str) -> str:
    """Return the address of a third-party file that the set-up brought."""
    return url_for("static", filename=f"vendor/{current_app.config['VENDOR'][name]}")


def _frame() -> dict[str, object]:
    return {
        "lang": str(get_locale() or "en").replace("_", "-"),
        "nav": navigation(),
        "me": signed_in_actor(),
        "sign_out_url": url_for("account.sign_out") if signed_in_actor() is not None else None,
        "idle_seconds": idle_seconds(),
        # Only a form that needs another look is answered with a page of its own.
        "page_url": form_page() if request.method == "POST" else None,
        "demo": current_app.config["DEMO"],
        "leave_to": current_app.config["LEAVE_TO"],
        "crisis_strip": strip(),
        "crisis_lines": current_app.config["CRISIS_LINES"],
        "crisis_url": url_for("crisis.lines"),
        "vendor": vendor,
        "styles_inside": styles_inside,
        "styles_to_keep": styles_to_keep,
        "new_request_key": lambda: token_urlsafe(16),
    }


def init_frame(app: Flask) -> None:
    """Give the frame to every template; static addresses carry their content's hash and may be kept for a year."""
    root = Path(app.static_folder or "")
    manifest = root / "vendor" / "manifest.json"
    app.config["VENDOR"] = json.loads(manifest.read_text()) if manifest.exists() else {}
    hashes: dict[str, str] = {NAME: app.config["STYLES_TAG"]}

    def add_hash(endpoint: str, values: dict[str, str]) -> None:
        name = values.get("filename", "")
        if endpoint != "static" or name.startswith("vendor/"):
            return
        if name not in hashes and (root / name).is_file():
            hashes[name] = sha256((root / name).read_bytes()).hexdigest()[:10]
        if name in hashes:
            values["v"] = hashes[name]

    app.url_defaults(add_hash)
    app.jinja_env.template_class = Part
    app.context_processor(_frame)
