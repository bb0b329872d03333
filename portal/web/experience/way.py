"""The way through a telling: which questions, in which order, and what each page's answer leads to."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from math import ceil

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _

from portal import clock
from portal.domain.account import Role
from portal.domain.errors import BadInput, NotFound
from portal.services import experience as experience_services
from portal.web.access import me
from portal.web.errors import sentence_of
from portal.web.experience.steps import Step, Teller, Told
from portal.web.htmx import go, wants_fragment

SECONDS_A_STEP = 30


@dataclass(frozen=True)
class Way:
    """One role's questions; `over` says whether all of it was sent before, so that an answer is a change."""

    role: Role
    steps: tuple[Step, ...]
    told: Callable[[int], Told | None]
    page: str
    start: str
    check: str
    over: Callable[[Told | None], bool]
    at_end: Callable[[Teller], None]

    def number(self, name: str) -> int:
        """Return the number of a question's page."""
        return next(number for number, step in enumerate(self.steps, start=1) if step.name == name)

    def address(self, number: int) -> str:
        """Return the address of a question's page, or of the look at all answers after the last."""
        return url_for(self.page, number=number) if number <= len(self.steps) else url_for(self.check)

    def addresses(self) -> dict[str, str]:
        """Return the address of every question by its name."""
        return {step.name: self.address(number) for number, step in enumerate(self.steps, start=1)}

    def minutes(self, number: int) -> int:
        """Return about how many minutes are left from this page on."""
        return max(1, ceil((len(self.steps) - number + 1) * SECONDS_A_STEP / 60))


def show(way: Way, number: int) -> Response:
    """Show one question; one that has nothing to ask yet leads to the topics, or past itself."""
    step, told = _step(way, number), way.told(me().id)
    if not step.applies(told):
        return go(way.address(number + 1 if told is not None and told.topics else way.number("topics")))
    return _page(way, number, step, step.form(told), told)


def answer(way: Way, number: int) -> Response:
    """Take one answer and go on; what needs another look comes back as it was typed."""
    step, told, now = _step(way, number), way.told(me().id), clock.now()
    teller = Teller(me().id, way.role, number + 1, now)
    if step.may_skip and "skip" in request.form:
        _skip(way, step, teller, told)
        return _go_on(way, teller, told)
    form = step.form(told)
    if step.fragment and "look" in request.form:
        return _page(way, number, step, form, told)
    form.validate()
    try:
        step.keep(form, teller)
    except BadInput as error:
        field = form[error.field]
        field.errors = [sentence_of(error)]
        return _page(way, number, step, form, told, 422)
    if way.over(told):
        flash(_("Saved."), "well")
    return _go_on(way, teller, told)


def _step(way: Way, number: int) -> Step:
    if not 1 <= number <= len(way.steps):
        raise NotFound
    return way.steps[number - 1]


def _skip(way: Way, step: Step, teller: Teller, told: Told | None) -> None:
    """To skip asks for nothing, and still loses nothing that was written; while changing, it changes nothing."""
    form = step.form(told)
    if not way.over(told) and form.validate():
        with suppress(BadInput):
            step.keep(form, teller)
            return
    experience_services.pass_by(teller.id, way.role, step=teller.next_step, now=teller.now)


def _go_on(way: Way, teller: Teller, told: Told | None) -> Response:
    if way.over(told):
        now_told = way.told(teller.id)
        called = [step for step in way.steps if step.called_for(now_told) and not step.called_for(told)]
        return go(way.address(way.number(called[0].name)) if called else url_for(way.check))
    if teller.next_step > len(way.steps):
        way.at_end(teller)
    return go(way.address(teller.next_step))


def _page(way: Way, number: int, step: Step, form: object, told: Told | None, status: int = 200) -> Response:
    page = render_template(
        step.fragment if step.fragment and wants_fragment() else step.template,
        form=form,
        number=number,
        total=len(way.steps),
        minutes=way.minutes(number),
        action=way.address(number),
        back_url=_before(way, number, told),
        start_url=url_for(way.start),
        over=way.over(told),
        may_skip=step.may_skip,
        **step.context(form, told),
    )
    return make_response(page, status)


def _before(way: Way, number: int, told: Told | None) -> str:
    if way.over(told):
        return url_for(way.check)
    earlier = [before for before in range(1, number) if way.steps[before - 1].applies(told)]
    return way.address(earlier[-1]) if earlier else url_for(way.start)
