"""The questions about wishes, and about what somebody tells of themselves: one row for each kind."""

from typing import Any

from flask_babel import gettext as _
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired

from portal.domain.account import Role
from portal.domain.errors import BadInput
from portal.domain.experience import (
    NO_PREFERENCE,
    SHARED_TO_WORDS,
    STRENGTH_WORDS,
    WISH_CHOICES,
    WISH_KIND_WORDS,
    YES,
    SharedTo,
    Strength,
    WishKind,
)
from portal.domain.telling import NOT_OFFERED
from portal.domain.words import N_
from portal.queries.experience import MemberTold
from portal.services import experience as experience_services
from portal.services.experience import TraitGiven, WishGiven
from portal.web.experience.steps import Step, Teller, Told, built

HOW_MUCH = N_("Please say how much this matters.")
TRAIT_KINDS = tuple(kind for kind in WishKind if kind is not WishKind.NOT_LOCAL)


def _yes_only(kind: WishKind) -> bool:
    return set(WISH_CHOICES.get(kind, {})) == {YES}


def _joined(data: object) -> str:
    return ",".join(data) if isinstance(data, list) else str(data or "")


class Wishes(Step):
    """What somebody wishes of the person they meet."""

    template = "experience/wishes.html"

    def __init__(self) -> None:
        super().__init__("wishes")

    def form(self, told: Told | None) -> Any:
        """Return for each kind how much it matters and, where there is something to choose, which."""
        wishes = {wish.kind: wish for wish in told.wishes} if isinstance(told, MemberTold) else {}
        strengths = [
            ("", _(NO_PREFERENCE)),
            *((str(each), _(words)) for each, words in reversed(STRENGTH_WORDS.items())),
        ]
        fields: dict[str, object] = {}
        data: dict[str, object] = {}
        for kind in WishKind:
            wish = wishes.get(kind)
            fields[f"strength_{kind}"] = RadioField(_("How much it matters"), choices=strengths, validate_choice=False)
            data[f"strength_{kind}"] = str(wish.strength) if wish is not None else ""
            if kind not in WISH_CHOICES:
                fields[str(kind)] = StringField(_("Which"))
                data[str(kind)] = wish.value if wish is not None else ""
            elif not _yes_only(kind):
                choices = [(value, _(words)) for value, words in WISH_CHOICES[kind].items()]
                fields[str(kind)] = SelectMultipleField(_("Any of these"), choices=choices, validate_choice=False)
                data[str(kind)] = wish.value.split(",") if wish is not None else []
        return built(fields, data)

    def keep(self, form: Any, teller: Teller) -> None:
        """Keep the wishes that were stated."""
        given = []
        for kind in WishKind:
            strength = form[f"strength_{kind}"].data
            value = _joined(form[str(kind)].data) if str(kind) in form else YES
            if strength and strength not in set(Strength):
                raise BadInput(f"strength_{kind}", NOT_OFFERED)
            if strength:
                given.append(WishGiven(kind, Strength(strength), value))
            elif str(kind) in form and value:
                raise BadInput(f"strength_{kind}", HOW_MUCH)
        try:
            experience_services.save_wishes(teller.id, given, step=teller.next_step, now=teller.now)
        except BadInput as error:
            if error.field != "wishes":
                raise
            musts = [f"strength_{wish.kind}" for wish in given if wish.strength is Strength.MUST]
            raise BadInput(musts[-1], error.sentence, **error.values) from None

    def context(self, form: Any, told: Told | None) -> dict[str, object]:
        """Return the kinds with their words and the names of their fields, open where something is said or wrong."""
        return {"kinds": [_kind(form, kind, str(kind), f"strength_{kind}") for kind in WishKind]}


class Traits(Step):
    """What somebody tells about themselves, and who may see it."""

    template = "experience/traits.html"

    def __init__(self, role: Role) -> None:
        super().__init__("traits")
        self.role = role

    def form(self, told: Told | None) -> Any:
        """Return for each kind what is said, who may see it, and whether it matters when people are matched."""
        traits = {trait.kind: trait for trait in told.traits} if told is not None else {}
        matters = told.about.get("identity_matters", []) if told is not None else []
        shown = [(str(each), _(words)) for each, words in SHARED_TO_WORDS.items()]
        fields: dict[str, object] = {}
        data: dict[str, object] = {}
        for kind in TRAIT_KINDS:
            trait = traits.get(kind)
            fields[str(kind)] = _trait_field(kind)
            data[str(kind)] = trait.value if trait is not None else ""
            fields[f"shown_{kind}"] = SelectField(_("Who may see it"), choices=shown, validators=[InputRequired()])
            data[f"shown_{kind}"] = str(trait.shown_to if trait is not None else SharedTo.COORDINATOR)
            if self.role is Role.MEMBER:
                fields[f"matters_{kind}"] = BooleanField(_("This matters to me when you look for somebody"))
                data[f"matters_{kind}"] = str(kind) in matters
        return built(fields, data)

    def keep(self, form: Any, teller: Teller) -> None:
        """Keep what was said."""
        given = []
        for kind in TRAIT_KINDS:
            shown_to = form[f"shown_{kind}"].data
            if shown_to not in set(SharedTo):
                raise BadInput(f"shown_{kind}", NOT_OFFERED)
            given.append(TraitGiven(kind, _joined(form[str(kind)].data), SharedTo(shown_to)))
        matters = [kind for kind in TRAIT_KINDS if f"matters_{kind}" in form and form[f"matters_{kind}"].data]
        experience_services.save_traits(teller.id, teller.role, given, matters, step=teller.next_step, now=teller.now)

    def context(self, form: Any, told: Told | None) -> dict[str, object]:
        """Return the kinds with their words and the names of their fields, open where something is said or wrong."""
        return {"kinds": [_kind(form, kind, str(kind), f"shown_{kind}", f"matters_{kind}") for kind in TRAIT_KINDS]}


def _trait_field(kind: WishKind) -> object:
    if kind not in WISH_CHOICES:
        return StringField(_("In your own words"))
    said = [(value, _(words)) for value, words in WISH_CHOICES[kind].items()]
    return RadioField(
        _("What you would like to say"), choices=[*said, ("", _("I would rather not say"))], validate_choice=False
    )


def _kind(form: Any, kind: WishKind, *wanted: str) -> dict[str, object]:
    names = [name for name in wanted if name in form]
    said = any(form[name].data for name in names if not name.startswith("shown_"))
    wrong = any(form[name].errors for name in names)
    return {"words": _(WISH_KIND_WORDS[kind]), "fields": names, "said": said, "open": said or wrong}
