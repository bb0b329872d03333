"""One walk in a coordinator's words: how long it waits, for what, who is suggested, which promise is at risk."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from portal.db import read
from portal.domain.matching.kept import note_wanted
from portal.domain.matching.promises import due, overdue, too_long
from portal.domain.matching.walk import State
from portal.domain.matching.walk_words import COORDINATOR_WORDS
from portal.models import Suggestion, Topic, Walk
from portal.queries.matching.walks import offered, standing_reason
from portal.queries.matching.why import Why, why_of


@dataclass(frozen=True)
class Waiting:
    """One member's walk in a coordinator's words."""

    walk_id: int
    revision: int
    member_id: int
    name: str
    state: State
    words: str
    asked_at: datetime
    since: datetime
    waited: timedelta
    choose_with_me: bool
    reason: str
    suggestion: Why | None
    runner_up: Why | None
    due: datetime | None
    late: bool
    wants_note: bool
    too_long: bool
    needs_you: bool


def waiting(walk: Walk, names: dict[str, str], last_note: datetime | None, now: datetime) -> Waiting:
    """Return one walk (loaded with `with_people`) as the board shows it; `last_note` is when somebody last wrote."""
    first_two = [why_of(one, names) for one in offered(walk)[:2]]
    late = overdue(walk.state, walk.since, now)
    return Waiting(
        walk_id=walk.id,
        revision=walk.revision,
        member_id=walk.member_id,
        name=walk.member.name,
        state=walk.state,
        words=COORDINATOR_WORDS[walk.state],
        asked_at=walk.asked_at,
        since=walk.since,
        waited=now - walk.asked_at,
        choose_with_me=walk.choose_with_me,
        reason=standing_reason(walk),
        suggestion=first_two[0] if first_two else None,
        runner_up=first_two[1] if len(first_two) > 1 else None,
        due=due(walk.state, walk.since),
        late=late,
        wants_note=note_wanted(walk.state, walk.asked_at, last_note, now),
        too_long=too_long(walk.state, walk.asked_at, now),
        needs_you=late or walk.state is State.CHOSEN,
    )


def with_people(statement: Select[Walk]) -> Select[Walk]:
    """Load a walk with its member, its steps and everybody suggested."""
    return statement.options(
        joinedload(Walk.member),
        selectinload(Walk.steps),
        selectinload(Walk.suggestions).joinedload(Suggestion.peer),
    ).execution_options(populate_existing=True)


def topic_names() -> dict[str, str]:
    """Return all topics' names by slug."""
    return dict(read().execute(select(Topic.slug, Topic.name)).all())
