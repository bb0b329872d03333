"""A gallery of all letters: each in every degree of discretion, as text and as a mail program draws it."""

from collections.abc import Iterable
from enum import StrEnum

from flask import Response, make_response, render_template, request
from flask_babel import gettext as _

from portal.domain.account import Discretion
from portal.domain.errors import NotFound
from portal.domain.notice import GROUP_OF, Kind
from portal.domain.words import N_
from portal.services.notice.gallery import Specimen, kinds, specimens
from portal.web.account.discretion import DEGREES
from portal.web.demo.blueprint import blueprint
from portal.web.doors import demo
from portal.web.headers import let_frame, only_framed
from portal.web.notice.words import GROUP_WORDS, KIND_WORDS

# Of a page that is framed nobody can ask what its reader likes: the letter's own dark rules are put on or off instead.
BY_WISH = "@media (prefers-color-scheme: dark)"
OTHERS = N_("Others")


class Light(StrEnum):
    """In which light a letter is drawn; the value is the media query that makes it so."""

    LIGHT = "not all"
    DARK = "all"


@blueprint.get("/demo/letters")
@demo
def gallery() -> str:
    """Show what every letter says on its outside."""
    groups = [
        (_(words), [_row(kind) for kind in kinds() if GROUP_OF.get(kind) is group])
        for group, words in [*GROUP_WORDS.items(), (None, OTHERS)]
    ]
    return render_template("demo/gallery.html", groups=groups, degrees=[_(words) for words in DEGREES.values()])


def _row(kind: Kind) -> tuple[str, str, Iterable[Specimen]]:
    return kind.value, _(KIND_WORDS[kind]), specimens(kind).values()


@blueprint.get("/demo/letters/<kind>")
@demo
def specimen(kind: str) -> Response:
    """Show one letter in each degree, its text beside how it is drawn on a phone and on a desk."""
    found, light = _kind(kind), "dark" if "dark" in request.args else "light"
    degrees = [(degree.value, _(DEGREES[degree]), letter) for degree, letter in specimens(found).items()]
    page = render_template("demo/specimen.html", kind=kind, title=_(KIND_WORDS[found]), light=light, degrees=degrees)
    return let_frame(make_response(page))


@blueprint.get("/demo/letters/<kind>/<degree>/<light>")
@demo
def drawn(kind: str, degree: str, light: str) -> Response:
    """Hand out a letter's HTML for the frame that shows it, and for nothing else."""
    if degree not in set(Discretion) or light.upper() not in Light.__members__:
        raise NotFound
    html = specimens(_kind(kind))[Discretion(degree)].html
    return only_framed(make_response(html.replace(BY_WISH, f"@media {Light[light.upper()]}")))


def _kind(value: str) -> Kind:
    if value not in kinds():
        raise NotFound
    return Kind(value)
