"""What every question of a telling has: a form, the words around it, and the verb that keeps the answer."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectMultipleField

from portal.domain.account import Role
from portal.domain.telling import ANSWERS
from portal.domain.words import N_
from portal.queries.experience import MemberTold, PeerTold
from portal.services import experience as experience_services

Told = MemberTold | PeerTold
NOT_SAID_CHOICE = ("", N_("I would rather not say"))


@dataclass(frozen=True)
class Teller:
    """Who answers, in which role, and the number of the page that comes next."""

    id: int
    role: Role
    next_step: int
    now: datetime


def built(fields: Mapping[str, object], data: Mapping[str, object]) -> Any:
    """Return a form of these fields with these first answers."""
    return type("Answers", (FlaskForm,), dict(fields))(data=dict(data))


class Step(ABC):
    """One question on one page."""

    template: str
    # What a search on the page draws anew; a step without a search has none.
    fragment = ""
    may_skip = True

    def __init__(self, name: str) -> None:
        self.name = name

    def applies(self, told: Told | None) -> bool:
        """Say whether there is anything to ask."""
        return True

    def called_for(self, told: Told | None) -> bool:
        """Say whether what was told elsewhere cannot count before this is answered."""
        return False

    @abstractmethod
    def form(self, told: Told | None) -> Any:
        """Return the form, with what was told before or what was just typed."""

    @abstractmethod
    def keep(self, form: Any, teller: Teller) -> None:
        """Keep the answer; raises BadInput with the name of a field."""

    def context(self, form: Any, told: Told | None) -> dict[str, object]:
        """Return what else the page needs."""
        return {}


@dataclass(frozen=True)
class Part:
    """One closed question: its key in the telling, its words, a hint, and why it is asked."""

    key: str
    label: str
    hint: str = ""
    why: str = ""


class Closed(Step):
    """One closed question, or two that belong together."""

    template = "experience/closed.html"

    def __init__(self, name: str, *parts: Part, title: str = "") -> None:
        super().__init__(name)
        self.parts = parts
        self.title = title

    def form(self, told: Told | None) -> Any:
        """Return one group of choices for each part."""
        about = told.about if told is not None else {}
        return built(
            {part.key: _field(part) for part in self.parts}, {part.key: about.get(part.key) for part in self.parts}
        )

    def keep(self, form: Any, teller: Teller) -> None:
        """Keep the answers by their keys."""
        answers: dict[str, str | Sequence[str]] = {part.key: form[part.key].data or "" for part in self.parts}
        answers = {key: value or ([] if ANSWERS[key].several else "") for key, value in answers.items()}
        experience_services.save_answers(teller.id, teller.role, answers, step=teller.next_step, now=teller.now)

    def context(self, form: Any, told: Told | None) -> dict[str, object]:
        """Return the words around the choices."""
        return {"parts": self.parts, "title": self.title}


def _field(part: Part) -> object:
    offered = ANSWERS[part.key]
    choices = [(value, _(words)) for value, words in offered.words.items()]
    if offered.several:
        return SelectMultipleField(_(part.label), choices=choices, validate_choice=False)
    choices.append((NOT_SAID_CHOICE[0], _(NOT_SAID_CHOICE[1])))
    return RadioField(_(part.label), choices=choices, validate_choice=False)
