"""One walk in full: why these two, who else, what would change it, and the steps a coordinator takes."""

from dataclasses import dataclass, field

from flask import Response, flash, make_response, render_template, url_for
from flask_babel import gettext as _

from portal import clock
from portal.domain.care import DONE_WORDS
from portal.domain.errors import BadInput, NoRoom, NotFound, Stale
from portal.domain.experience import STRENGTH_WORDS, WISH_CHOICES, WISH_KIND_WORDS
from portal.domain.matching.promises import LONGEST_DAYS
from portal.domain.matching.shortlist import LOOSENED_ABOUT
from portal.domain.matching.walk import Step
from portal.domain.matching.wellbeing import KIND_WORDS
from portal.queries import care as care_queries
from portal.queries import experience as experience_queries
from portal.queries import matching as matching_queries
from portal.queries.matching import Choice, Happened, Why, WishTold
from portal.services import matching as matching_services
from portal.web.access import me
from portal.web.care.blueprint import blueprint
from portal.web.care.forms import HoldForm, ReleaseForm, SwapForm
from portal.web.care.words import (
    concern_words,
    concerns_of,
    fit_shown,
    topic_name,
    waited_words,
    why_not_words,
    with_no_letter,
    zone_line,
)
from portal.web.doors import coordinator
from portal.web.errors import sentence_of
from portal.web.experience.words import member_rows
from portal.web.htmx import go
from portal.web.matching.words import held_back_words, stage_words
from portal.web.steps import request_key, seen_revision
from portal.web.times import when_words

# Beside the cards, so that there is a runner-up where the member was shown or chose only one.
ALSO_FITTING = 1


@dataclass
class Forms:
    """The forms of the page; the one that was sent comes back with what was typed."""

    hold: HoldForm = field(default_factory=lambda: HoldForm(formdata=None, prefix="hold-"))
    release: ReleaseForm = field(default_factory=lambda: ReleaseForm(formdata=None, prefix="release-"))
    swap: SwapForm = field(default_factory=lambda: SwapForm(formdata=None, prefix="swap-"))


@blueprint.get("/care/walks/<int:walk_id>")
@coordinator
def walk(walk_id: int) -> Response:
    """Show one walk; what is tender stays closed."""
    return _page(walk_id)


@blueprint.post("/care/walks/<int:walk_id>/look")
@coordinator
def look(walk_id: int) -> Response:
    """Show the tender topics, own words and what was told after a chat, and write down that somebody looked."""
    _choice(walk_id)
    matching_services.looked_at(walk_id, me().id, now=clock.now())
    return _page(walk_id, opened=True)


@blueprint.post("/care/walks/<int:walk_id>/hold")
@coordinator
def hold(walk_id: int) -> Response:
    """Take a little more time, with a reason the member can read."""
    form = HoldForm(prefix="hold-")
    choice = _choice(walk_id)
    if not form.validate_on_submit() or not form.kind_enough():
        return _page(walk_id, Forms(hold=form), status=422)
    try:
        matching_services.hold(
            walk_id, me().id, form.reason.data or "", revision=seen_revision(), key=request_key(), now=clock.now()
        )
    except (BadInput, Stale) as error:
        return _page(walk_id, Forms(hold=form), sentence_of(error), error.status)
    flash(with_no_letter(_("Held. The member can read why."), choice.waiting.member_id), "well")
    return go(url_for("care.walk", walk_id=walk_id))


@blueprint.post("/care/walks/<int:walk_id>/release")
@coordinator
def release(walk_id: int) -> Response:
    """Take a held walk up again."""
    form = ReleaseForm(prefix="release-")
    _choice(walk_id)
    if not form.validate_on_submit() or not form.kind_enough():
        return _page(walk_id, Forms(release=form), status=422)
    try:
        matching_services.release(
            walk_id, me().id, form.reason.data or "", revision=seen_revision(), key=request_key(), now=clock.now()
        )
    except (BadInput, Stale) as error:
        return _page(walk_id, Forms(release=form), sentence_of(error), error.status)
    flash(_("Taken up again. It can be approved now."), "well")
    return go(url_for("care.walk", walk_id=walk_id))


@blueprint.post("/care/walks/<int:walk_id>/swap")
@coordinator
def swap(walk_id: int) -> Response:
    """Offer the member somebody else instead of the first, with a reason."""
    form = SwapForm(prefix="swap-")
    choice = _choice(walk_id)
    _offer(form, choice)
    if not choice.suggestions or not form.validate_on_submit() or not form.kind_enough():
        return _page(walk_id, Forms(swap=form), status=422)
    try:
        matching_services.swap(
            walk_id,
            me().id,
            choice.suggestions[0].peer_id,
            form.to_peer.data,
            form.reason.data or "",
            revision=seen_revision(),
            key=request_key(),
            now=clock.now(),
        )
    except (BadInput, Stale, NoRoom) as error:
        return _page(walk_id, Forms(swap=form), sentence_of(error), error.status)
    offered = _("Offered. The member chooses again and can read why.")
    flash(with_no_letter(offered, choice.waiting.member_id), "well")
    return go(url_for("care.walk", walk_id=walk_id))


def as_it_stands(walk_id: int, sentence: str, status: int) -> Response:
    """Answer a step that came too late, on whatever page it was taken, with the walk as it is now."""
    return _page(walk_id, sentence=sentence, status=status)


def _choice(walk_id: int) -> Choice:
    choice = matching_queries.choice(walk_id, clock.now())
    if choice is None:
        raise NotFound
    return choice


def _page(
    walk_id: int, forms: Forms | None = None, sentence: str = "", status: int = 200, *, opened: bool = False
) -> Response:
    now, zone = clock.now(), me().zone
    choice, forms = _choice(walk_id), forms or Forms()
    waiting = choice.waiting
    _offer(forms.swap, choice)
    told = experience_queries.profile_of(waiting.member_id) if opened else None
    first = choice.suggestions[0] if choice.suggestions else None

    def counts(why: Why) -> bool:
        return matching_queries.offer_counts(waiting.member_id, why.offered_at, now)

    care = care_queries.kind_words({why.peer_id for why in (*choice.suggestions, *choice.others)}, me().id, now)

    def care_first(why: Why) -> str:
        return _(KIND_WORDS[care[why.peer_id]]) if why.peer_id in care else ""

    page = render_template(
        "care/walk.html",
        waiting=waiting,
        waited=waited_words(waiting.waited),
        days=waiting.waited.total_seconds() / 86400,
        most=LONGEST_DAYS,
        concerns=concern_words(concerns_of(waiting, is_quiet=care_queries.is_quiet(walk_id, now), now=now)),
        zone=zone_line(zone),
        first={**fit_shown(first, zone, opened=opened), "offered": counts(first), "care": care_first(first)}
        if first
        else None,
        others=[
            {
                **fit_shown(why, zone, opened=opened),
                "why_not": why_not_words(first, why),
                "offered": counts(why),
                "care": care_first(why),
                "on_card": why in choice.suggestions,
            }
            for why in (*choice.suggestions[1:], *choice.others[:ALSO_FITTING])
            if first
        ],
        past=[fit_shown(why, zone, opened=opened) for why in choice.past],
        topics=[(topic_name(topic, opened=opened), stage_words(topic.stage)) for topic in choice.topics],
        told=member_rows(told.member) if told is not None and told.member is not None else [],
        opened=opened,
        closed=not opened
        and (bool(choice.own_words or choice.reflections) or any(topic.tender for topic in choice.topics)),
        reflected=[
            {"name": one.name, "answer": _(DONE_WORDS[one.answer]), "words": one.words, "at": when_words(one.at, zone)}
            for one in choice.reflections
            if opened
        ],
        wishes=[{"label": _(WISH_KIND_WORDS[wish.kind]), "value": _wish_words(wish)} for wish in choice.wishes],
        held_back=held_back_words(choice.held_back, LOOSENED_ABOUT),
        ways=[_(way.about) for way in choice.ways],
        history=[
            {
                "words": _(DONE_WORDS[one.step]),
                "by": one.by,
                "reason": _reason_words(one),
                "at": when_words(one.at, zone),
            }
            for one in reversed(choice.history)
        ],
        may={step.value for step in choice.steps},
        may_swap=Step.SWAP in choice.steps and bool(forms.swap.to_peer.choices),
        forms=forms,
        sentence=sentence,
    )
    return make_response(page, status)


def _offer(form: SwapForm, choice: Choice) -> None:
    """Whoever else fits may be offered; the other cards of the member as well."""
    form.to_peer.choices = [(why.peer_id, why.name) for why in (*choice.suggestions[1:], *choice.others)]


def _reason_words(one: Happened) -> str:
    """Return what a coordinator wrote, or, of a yes, the words the portal kept with it."""
    return _(one.reason) if one.step is Step.YES and one.reason else one.reason


def _wish_words(wish: WishTold) -> str:
    value = WISH_CHOICES.get(wish.kind, {}).get(wish.value, "")
    return f"{_(STRENGTH_WORDS[wish.strength])}: {_(value) if value else wish.value}"
