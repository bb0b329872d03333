"""The questions answered in own words, a peer's room, and the agreement."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from wtforms import BooleanField, RadioField, StringField, TextAreaField

from portal.domain.errors import BadInput
from portal.domain.telling import CAPACITIES, NOT_OFFERED
from portal.domain.words import N_
from portal.queries.experience import PeerTold
from portal.services import experience as experience_services
from portal.web.experience.steps import Step, Teller, Told, built
from portal.web.experience.words import places_words

CAPACITY_HINTS: Mapping[int, str] = {
    3: N_("One new person"),
    4: N_("Two people you know well by now"),
    6: N_("Two new people, or three you know well"),
    8: N_("Two new people and one you know well"),
    12: N_("Four new people, or six you know well"),
    16: N_("A part-time week"),
    30: N_("A full week: the most that is good for anybody"),
}


class Words(Step):
    """Free text: nothing is computed from it."""

    def __init__(self, name: str, template: str, fields: Mapping[str, tuple[str, bool]]) -> None:
        super().__init__(name)
        self.template = template
        self.fields = fields

    def form(self, told: Told | None) -> Any:
        """Return a box for each text, a large one or one of a single line."""
        made = {
            name: (TextAreaField if large else StringField)(_(label)) for name, (label, large) in self.fields.items()
        }
        return built(made, {name: _text(told, name) for name in self.fields})

    def keep(self, form: Any, teller: Teller) -> None:
        """Keep the texts."""
        texts = {name: form[name].data or "" for name in self.fields}
        experience_services.save_words(teller.id, teller.role, texts, step=teller.next_step, now=teller.now)


def _text(told: Told | None, name: str) -> str:
    if told is None:
        return ""
    return str(getattr(told, name, None) or told.about.get(name, ""))


class Room(Step):
    """How many people a peer has room for."""

    template = "experience/room.html"

    def __init__(self) -> None:
        super().__init__("capacity")

    def form(self, told: Told | None) -> Any:
        """Return the rooms to choose from, the present one among them."""
        halves = told.capacity_halves if isinstance(told, PeerTold) else CAPACITIES[2]
        offered = sorted({*CAPACITIES, halves})
        choices = [(str(each), places_words(each)) for each in offered]
        return built(
            {"capacity": RadioField(_("How much room do you have?"), choices=choices)}, {"capacity": str(halves)}
        )

    def keep(self, form: Any, teller: Teller) -> None:
        """Keep the room."""
        if form.capacity.errors:
            raise BadInput("capacity", NOT_OFFERED)
        experience_services.set_capacity(teller.id, int(form.capacity.data), step=teller.next_step, now=teller.now)

    def context(self, form: Any, told: Told | None) -> dict[str, object]:
        """Return what each room means in people."""
        return {"hints": {str(halves): _(words) for halves, words in CAPACITY_HINTS.items()}}


class Agreement(Step):
    """What is asked of everybody who walks beside somebody."""

    template = "experience/agreement.html"
    may_skip = False

    def __init__(self) -> None:
        super().__init__("agreed")

    def form(self, told: Told | None) -> Any:
        """Return the one tick."""
        agreed = isinstance(told, PeerTold) and told.agreed_at is not None
        return built({"agreed": BooleanField(_("I have read this, and I agree"))}, {"agreed": agreed})

    def keep(self, form: Any, teller: Teller) -> None:
        """Keep that it was read and agreed to."""
        experience_services.agree(teller.id, agreed=form.agreed.data, step=teller.next_step, now=teller.now)
