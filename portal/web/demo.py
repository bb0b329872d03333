"""Only where invented people live: being one of them with one tap, their letters, the kit of parts."""

from flask import Blueprint, render_template, request

from portal.web.doors import demo
from portal.web.kit import KitForm

blueprint = Blueprint("demo", __name__)


@blueprint.get("/kit")
@demo
def kit() -> str:
    """Show every part of the kit together."""
    form = KitForm(request.args or None)
    if request.args.get("zone_name"):
        form.validate()
    return render_template("kit/page.html", form=form)
