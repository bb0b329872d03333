"""Being one of the invented people with one tap, and the kit of parts."""

from flask import Response, render_template, request, url_for

from portal import clock
from portal.domain.account import Role
from portal.domain.errors import NotFound
from portal.domain.matching.walk import State
from portal.queries import demo as demo_queries
from portal.queries.demo import Invented
from portal.services import account as account_services
from portal.web import access
from portal.web.demo.blueprint import blueprint
from portal.web.doors import demo
from portal.web.htmx import go
from portal.web.kit import KitForm

# The first to try: a shortlist to choose from, an asking to answer, a board to look after.
FIRST_TO_TRY = ((Role.MEMBER, State.SHORTLISTED), (Role.PEER, State.INVITED), (Role.COORDINATOR, None))


@blueprint.get("/demo")
@demo
def people() -> str:
    """Show who can be tried."""
    everybody = demo_queries.everybody(clock.now())
    return render_template("demo/people.html", first=_first_to_try(everybody), everybody=everybody)


@blueprint.post("/demo/be/<int:person_id>")
@demo
def be(person_id: int) -> Response:
    """Sign in as one of the invented people, the second step included."""
    if all(one.person_id != person_id for one in demo_queries.everybody(clock.now())):
        raise NotFound
    access.end()
    access.begin(account_services.begin_sign_in(person_id, now=clock.now(), second_factor=True))
    return go(url_for("home.start"))


@blueprint.get("/kit")
@demo
def kit() -> str:
    """Show every part of the kit together."""
    form = KitForm(request.args or None)
    if request.args.get("zone_name"):
        form.validate()
    return render_template("kit/page.html", form=form)


def _first_to_try(everybody: list[Invented]) -> list[tuple[Role, Invented]]:
    found = []
    for role, state in FIRST_TO_TRY:
        fitting = [one for one in everybody if role in one.roles]
        fitting.sort(key=lambda one: (state is not None and one.state is not state, -one.offered))
        found += [(role, one) for one in fitting[:1]]
    return found
