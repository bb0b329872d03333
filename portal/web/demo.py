"""Only where invented people live: being one of them with one tap, their letters, the kit of parts."""

from flask import Blueprint, render_template

from portal.web.doors import demo

blueprint = Blueprint("demo", __name__)


@blueprint.get("/kit")
@demo
def kit() -> str:
    """Show every part of the kit together."""
    return render_template("kit/page.html")
