"""A member's telling: where they are, one question a page, and a look at all of it before anybody is asked."""

from contextlib import suppress

from flask import Response, flash, make_response, render_template, url_for
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField
from wtforms.validators import InputRequired

from portal import clock
from portal.domain.account import Purpose, Role
from portal.domain.errors import BadInput
from portal.domain.words import N_
from portal.queries import account as account_queries
from portal.queries import experience as experience_queries
from portal.queries import matching as matching_queries
from portal.queries.experience import MemberTold
from portal.services import account as account_services
from portal.services import experience as experience_services
from portal.services import matching as matching_services
from portal.web.access import me
from portal.web.doors import member
from portal.web.errors import sentence_of
from portal.web.experience.blueprint import blueprint
from portal.web.experience.own_steps import Words
from portal.web.experience.place_step import Where
from portal.web.experience.steps import Closed, Part, Teller, Told
from portal.web.experience.topic_steps import Order, Standings, Topics
from portal.web.experience.way import Way, answer, show
from portal.web.experience.wish_steps import Traits, Wishes
from portal.web.experience.words import member_rows, topic_words
from portal.web.htmx import go
from portal.web.steps import request_key

STEPS = (
    Closed(
        "for_whom",
        Part(
            "for_whom",
            N_("Who is this about?"),
            why=N_("Somebody who loves a person in trouble looks for other people than the person does."),
        ),
    ),
    Topics(Role.MEMBER),
    Order(),
    Standings(Role.MEMBER),
    Closed(
        "needs",
        Part("needs", N_("What do you need now?"), why=N_("So that the first talk starts where you are.")),
    ),
    Closed(
        "styles",
        Part(
            "styles",
            N_("How do you like to talk?"),
            N_("As many as are true."),
            N_("Two people who like to talk in the same way find it easier to go on."),
        ),
    ),
    Closed(
        "formats",
        Part(
            "formats",
            N_("How would you like to meet?"),
            N_("If you skip this, any of them is fine."),
            N_("We only suggest people who can meet you in one of these ways."),
        ),
    ),
    Closed(
        "languages",
        Part(
            "languages",
            N_("Which languages can you talk in?"),
            N_("If you skip this, we take the language of these pages."),
            N_("We only suggest people who share one with you."),
        ),
    ),
    Closed(
        "times",
        Part(
            "times",
            N_("When are you mostly free?"),
            N_("Just roughly. You choose each time yourself later."),
            N_("So that a coordinator sees who has time when you do."),
        ),
    ),
    Closed(
        "rhythm",
        Part("rhythm", N_("How often would you like to talk?")),
        Part("length", N_("How long is good for you?")),
        title=N_("How often, and how long?"),
    ),
    Closed(
        "pathways",
        Part(
            "pathways",
            N_("Which ways do you know?"),
            N_("None of them is better than another."),
            N_("Some people like to meet somebody who went the same way."),
        ),
    ),
    Wishes(),
    Where(),
    Traits(Role.MEMBER),
    Words(
        "words",
        "experience/own_words.html",
        {
            "access_needs": (N_("What helps you take part?"), True),
            "own_words": (N_("What would you like us to know?"), True),
        },
    ),
)


def _over(told: Told | None) -> bool:
    return isinstance(told, MemberTold) and told.finished_at is not None


def _at_end(teller: Teller) -> None:
    with suppress(BadInput):  # without a topic nothing is finished; the page of answers leads back to them
        experience_services.finish(teller.id, now=teller.now)


WAY = Way(
    role=Role.MEMBER,
    steps=STEPS,
    told=experience_queries.member_told,
    page="experience.step",
    start="experience.start",
    check="experience.check",
    over=_over,
    at_end=_at_end,
)


@blueprint.get("/experience")
@member
def start() -> str:
    """Say where the member is with their telling, and what comes next."""
    told = experience_queries.member_told(me().id)
    return render_template(
        "experience/start.html",
        told=told,
        walking=matching_queries.open_walk_of(me().id) is not None,
        going_on=WAY.address(told.step) if told is not None else WAY.address(1),
        first=WAY.address(1),
        number=min(told.step, len(STEPS)) if told is not None else 1,
        total=len(STEPS),
        minutes=WAY.minutes(told.step if told is not None else 1),
    )


@blueprint.get("/experience/<int:number>")
@member
def step(number: int) -> Response:
    """Ask one question."""
    return show(WAY, number)


@blueprint.post("/experience/<int:number>")
@member
def keep_step(number: int) -> Response:
    """Keep one answer."""
    return answer(WAY, number)


class FindForm(FlaskForm):  # type: ignore[misc]
    """The one yes that may still be missing before anybody is looked for."""

    matching = BooleanField(
        _l("One more thing: may we use what you told to find somebody for you? Without your yes we do not."),
        validators=[InputRequired(_l("Please tick this if it is all right for you. Or leave it for another day."))],
    )


@blueprint.get("/experience/check")
@member
def check() -> Response:
    """Show all answers before anybody is asked."""
    return _check_page(FindForm())


@blueprint.post("/experience/find")
@member
def find() -> Response:
    """Take the yes to matching on the way, and look for people."""
    form, actor, now = FindForm(), me(), clock.now()
    if not form.validate_on_submit():
        return _check_page(form, 422)
    account_services.give_consents(actor.id, [Purpose.MATCHING], now=now)
    try:
        matching_services.ask(actor.id, key=request_key(), now=now)
    except BadInput as error:
        flash(sentence_of(error), "look")
        return go(url_for("experience.start"))
    return go(url_for("matching.cards"))


def _check_page(form: FindForm, status: int = 200) -> Response:
    told = experience_queries.member_told(me().id)
    if told is None or not told.topics:
        return go(WAY.address(WAY.number("topics")))
    walking = matching_queries.open_walk_of(me().id) is not None
    hrefs = WAY.addresses() | {"length": WAY.address(WAY.number("rhythm"))}
    rows = member_rows(told, hrefs)
    page = render_template(
        "experience/check.html",
        form=form,
        may_match=account_queries.agreed(me().id, Purpose.MATCHING),
        told=told,
        rows=rows,
        hrefs=hrefs,
        walking=walking,
        topic_words=topic_words,
    )
    return make_response(page, status)


@blueprint.post("/experience/enough")
@member
def enough() -> Response:
    """Keep that this is enough for now, and show all answers."""
    try:
        experience_services.finish(me().id, now=clock.now())
    except BadInput as error:
        flash(sentence_of(error), "look")
        return go(WAY.address(WAY.number("topics")))
    return go(url_for("experience.check"))
