"""The questions about topics: which, in which order, and where somebody is with each."""

from typing import Any

from flask_babel import gettext as _
from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired

from portal.domain.account import Role
from portal.domain.errors import BadInput
from portal.domain.experience import RANKED_TOPICS, READINESS_WORDS, STAGE_WORDS, Readiness, Stage
from portal.domain.telling import NOT_OFFERED, PEER_TOPICS
from portal.domain.words import N_
from portal.services import experience as experience_services
from portal.services.experience import Standing
from portal.web.experience.picker import picker
from portal.web.experience.steps import Step, Teller, Told, built

PLACES = (N_("First"), N_("Second"), N_("Third"))


class Topics(Step):
    """Which hills: by search, or under headings that stay closed until they are opened."""

    template = "experience/topics.html"
    fragment = "experience/_topics.html"
    may_skip = False

    def __init__(self, role: Role) -> None:
        super().__init__("topics")
        self.role = role

    def form(self, told: Told | None) -> Any:
        """Return the ticks, and the words typed into the search."""
        ticked = [topic.id for topic in told.topics] if told is not None else []
        fields = {
            "topics": SelectMultipleField(_("Topics"), coerce=int, validate_choice=False),
            "words": StringField(_("Look for a word")),
        }
        return built(fields, {"topics": ticked})

    def keep(self, form: Any, teller: Teller) -> None:
        """Keep the ticks."""
        experience_services.choose_topics(
            teller.id, teller.role, form.topics.data or [], step=teller.next_step, now=teller.now
        )

    def context(self, form: Any, told: Told | None) -> dict[str, object]:
        """Return the topics as they are drawn now."""
        chosen = [topic_id for topic_id in form.topics.data or [] if isinstance(topic_id, int)]
        words = (form.words.data or "")[:100]
        peer = self.role is Role.PEER
        return {
            "picker": picker(chosen, told.topics if told is not None else (), words),
            "peer": peer,
            "most": PEER_TOPICS if peer else RANKED_TOPICS,
        }


class Order(Step):
    """Which of the chosen topics weighs most."""

    template = "experience/order.html"

    def __init__(self) -> None:
        super().__init__("order")

    def applies(self, told: Told | None) -> bool:
        """Say whether there are two or more to put in order."""
        return told is not None and len(told.topics) > 1

    def form(self, told: Told | None) -> Any:
        """Return one place for each topic."""
        topics = told.topics if told is not None else ()
        places = [(str(place), _(words)) for place, words in enumerate(PLACES[: len(topics)], start=1)]
        fields = {
            f"place_{topic.id}": SelectField(topic.name, choices=places, validators=[InputRequired()])
            for topic in topics
        }
        return built(fields, {f"place_{topic.id}": str(topic.rank) for topic in topics})

    def keep(self, form: Any, teller: Teller) -> None:
        """Keep the order; a place given twice is pointed out at the second one."""
        taken: dict[int, int] = {}
        for field in _of(form, "place_"):
            if int(field.data) in taken:
                raise BadInput(field.name, experience_services.NOT_IN_ORDER)
            taken[int(field.data)] = _topic_id(field)
        experience_services.order_topics(
            teller.id, [taken[place] for place in sorted(taken)], step=teller.next_step, now=teller.now
        )


class Standings(Step):
    """Where somebody is with each topic and, for a peer, whether they would talk of it now."""

    template = "experience/standings.html"

    def __init__(self, role: Role) -> None:
        super().__init__("stages")
        self.role = role

    def applies(self, told: Told | None) -> bool:
        """Say whether a topic was named."""
        return told is not None and bool(told.topics)

    def form(self, told: Told | None) -> Any:
        """Return a stage for each topic, and a readiness for a peer's."""
        fields: dict[str, object] = {}
        data: dict[str, object] = {}
        for topic in told.topics if told is not None else ():
            stages = [(str(stage), _(words)) for stage, words in STAGE_WORDS.items()]
            fields[f"stage_{topic.id}"] = SelectField(
                self._question(topic.name), choices=stages, validators=[InputRequired()]
            )
            data[f"stage_{topic.id}"] = str(topic.stage)
            if self.role is Role.PEER:
                ready = [(str(readiness), _(words)) for readiness, words in READINESS_WORDS.items()]
                fields[f"ready_{topic.id}"] = SelectField(
                    _("Talking about it"), choices=ready, validators=[InputRequired()]
                )
                data[f"ready_{topic.id}"] = str(topic.readiness or Readiness.LISTEN)
        return built(fields, data)

    def keep(self, form: Any, teller: Teller) -> None:
        """Keep what was chosen for each."""
        standings = {}
        for field in _of(form, "stage_"):
            topic_id = _topic_id(field)
            ready = form[f"ready_{topic_id}"].data if self.role is Role.PEER else Readiness.LISTEN
            standings[topic_id] = Standing(Stage(field.data), Readiness(ready))
        experience_services.set_stages(teller.id, teller.role, standings, step=teller.next_step, now=teller.now)

    def context(self, form: Any, told: Told | None) -> dict[str, object]:
        """Return the topics by id and name."""
        return {"topics": told.topics if told is not None else (), "peer": self.role is Role.PEER}

    def _question(self, name: str) -> str:
        return str(_("Where I am with it")) if self.role is Role.PEER else name


def _of(form: Any, prefix: str) -> list[Any]:
    fields = [field for field in form if field.name.startswith(prefix)]
    for field in fields:
        if field.errors:
            raise BadInput(field.name, NOT_OFFERED)
    return fields


def _topic_id(field: Any) -> int:
    return int(field.name.partition("_")[2])
