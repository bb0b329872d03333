"""The question where somebody could meet: a town by search, and how far they would go."""

from typing import Any

from flask_babel import gettext as _
from wtforms import RadioField, StringField

from portal.domain.errors import BadInput
from portal.domain.experience import IN_PERSON, WishKind
from portal.domain.towns import NO_SUCH_TOWN, RADII, asked_for
from portal.domain.words import N_
from portal.queries import experience as experience_queries
from portal.queries.experience import MemberTold
from portal.services import experience as experience_services
from portal.web.experience.steps import NOT_SAID_CHOICE, Step, Teller, Told, built
from portal.web.experience.words import countries_named, town_words, where_asked

CHOOSE_ONE = N_("Please choose your town from the list, or one near it.")

# A longer one is no town's, and more than a column of the database takes.
LONGEST_NUMBER = 10


class Where(Step):
    """Near which town; asked only where it decides something, and always with a way past."""

    template = "experience/where.html"
    fragment = "experience/_towns.html"

    def __init__(self) -> None:
        super().__init__("where")

    def applies(self, told: Told | None) -> bool:
        """Say whether a place decides anything for this person."""
        return told is None or where_asked(told)

    def called_for(self, told: Told | None) -> bool:
        """Say whether somebody chose to meet in person, or nobody local, and has not told a town."""
        if told is None or told.town is not None:
            return False
        return bool(IN_PERSON & set(told.about.get("formats", ()))) or _wishes_nobody_local(told)

    def form(self, told: Told | None) -> Any:
        """Return the search, the towns to choose from, and the distances."""
        town = told.town if told is not None else None
        radius = told.about.get("radius_km") if told is not None else None
        fields = {
            "words": StringField(_("Look for your town")),
            "town": RadioField(_("Town"), choices=[], validate_choice=False),
            "radius": RadioField(
                _("How far would you go?"),
                choices=[
                    *((str(km), _(words)) for km, words in RADII.items()),
                    (NOT_SAID_CHOICE[0], _("I am not sure")),
                ],
                validate_choice=False,
            ),
        }
        return built(fields, {"town": str(town.id) if town else None, "radius": str(radius or "")})

    def keep(self, form: Any, teller: Teller) -> None:
        """Keep the town and the distance; a word without a choice asks for one."""
        chosen, words = form.town.data or "", (form.words.data or "").strip()
        if words and form.town.data is None:
            raise BadInput("words", CHOOSE_ONE)
        if chosen and not (chosen.isdecimal() and len(chosen) < LONGEST_NUMBER):
            raise BadInput("town", NO_SUCH_TOWN)
        experience_services.save_place(
            teller.id,
            teller.role,
            int(chosen) if chosen else None,
            form.radius.data or "",
            step=teller.next_step,
            now=teller.now,
        )

    def context(self, form: Any, told: Told | None) -> dict[str, object]:
        """Return what was looked for, and what hangs on the answer."""
        return {
            "looked": bool((form.words.data or "").strip()),
            "found": _offer(form),
            "in_person": told is None or bool(IN_PERSON & set(told.about.get("formats") or IN_PERSON)),
            "nobody_local": told is not None and _wishes_nobody_local(told),
            "peer": not isinstance(told, MemberTold) and told is not None,
        }


def _offer(form: Any) -> int:
    """Offer the chosen town first, then those found, whose number is returned, then none."""
    chosen = form.town.data or ""
    known = experience_queries.town_of(int(chosen)) if chosen.isdecimal() and len(chosen) < LONGEST_NUMBER else None
    words = form.words.data or ""
    found = experience_queries.find_towns(words, countries_named(asked_for(words)[1]))
    towns = {town.id: town for town in (*([known] if known else []), *found)}
    form.town.choices = [(str(town.id), town_words(town)) for town in towns.values()]
    form.town.choices.append((NOT_SAID_CHOICE[0], _(NOT_SAID_CHOICE[1])))
    return len(found)


def _wishes_nobody_local(told: Told) -> bool:
    return isinstance(told, MemberTold) and any(wish.kind is WishKind.NOT_LOCAL for wish in told.wishes)
