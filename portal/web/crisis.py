"""The help lines: before sign-in, without JavaScript, one tap."""

from flask import Blueprint, current_app, render_template, url_for
from flask_babel import get_locale
from markupsafe import Markup

from portal.domain.crisis import Country, Line, Way
from portal.web.doors import public

blueprint = Blueprint("crisis", __name__)


@blueprint.get("/help")
@public
def lines() -> str:
    """Show every line with its hours, languages and what it may do."""
    return render_template("crisis/page.html")


def strip() -> Markup:
    """Return the strip above every page: drawn once for each language, and anew when the lines are others.

    Nothing on it may be about whoever reads it.
    """
    lines, address = current_app.config["CRISIS_LINES"], url_for("crisis.lines")
    if not lines:
        return Markup()
    drawn: dict[str, tuple[object, str, Markup]] = current_app.extensions.setdefault("crisis_strips", {})
    language = str(get_locale() or "en")
    kept = drawn.get(language)
    if kept is None or kept[0] is not lines or kept[1] != address:
        kit = current_app.jinja_env.get_template("kit/crisis.html").module
        kept = drawn[language] = (lines, address, kit.strip(lines, address))  # type: ignore[attr-defined]
    return kept[2]


def shown_lines(country: Country) -> list[dict[str, object]]:
    """Return the country's lines as the strip and the list show them; emergency services stand last."""
    emergency = {"name": country.emergency.shown, "ways": [_way(country.emergency)], "emergency": True}
    return [*(_line(line) for line in country.lines), emergency]


def _line(line: Line) -> dict[str, object]:
    return {
        "id": line.id,
        "name": line.name,
        "ways": [_way(way) for way in line.ways],
        "hours": line.hours_shown,
        "languages": ", ".join(line.languages),
        "audience": line.audience,
        "cost": line.cost,
        "sends_help": line.sends_help.value,
        "verified_on": line.verified_on,
        "emergency": False,
    }


def _way(way: Way) -> dict[str, str]:
    return {"kind": way.kind.value, "label": way.shown, "href": way.href, "note": way.note}
