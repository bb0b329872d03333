"""The styles: inside a first page, which is then drawn after one round trip; after that from what the browser keeps.

Whether a browser keeps them stands in the session it has anyway; who has none gets them inside, and no cookie for it.
"""

import re
from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from flask import Flask, current_app, session
from markupsafe import Markup

NAME = "styles.css"
PARTS = ("tokens.css", "site.css")
NOTED = "styles"
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


@dataclass(frozen=True)
class Styles:
    """All styles as one text without what only people read, and what its content is told by."""

    text: str

    @property
    def tag(self) -> str:
        """What changes with the content."""
        return sha256(self.text.encode()).hexdigest()[:10]

    @property
    def source(self) -> str:
        """How a Content-Security-Policy names exactly this text inside a page."""
        return f"'sha256-{b64encode(sha256(self.text.encode()).digest()).decode()}'"


def styles() -> Styles:
    """Return the styles of this application."""
    found: Styles = current_app.extensions["styles"]
    return found


def styles_inside() -> Markup | None:
    """Return the styles for inside this page; None for a browser that keeps them."""
    return None if session.get(NOTED) == current_app.config["STYLES_TAG"] else Markup(styles().text)


def styles_to_keep() -> bool:
    """Say whether this page brings the file for the next one: where there is a session to note it in; notes it."""
    if not session:
        return False
    session[NOTED] = current_app.config["STYLES_TAG"]
    return True


def _tight(text: str) -> str:
    lines = (line.strip() for line in COMMENT.sub("", text).splitlines())
    return "".join(line for line in lines if line)


def init_styles(app: Flask) -> None:
    """Read the styles once."""
    folder = Path(app.static_folder or "") / "css"
    found = Styles("".join(_tight((folder / part).read_text(encoding="utf-8")) for part in PARTS))
    app.extensions["styles"] = found
    app.config["STYLES_TAG"] = found.tag
