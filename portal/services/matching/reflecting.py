"""After the first chat each of the two tells the portal, privately, how they would like to go on."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.db import retry_once, transaction
from portal.domain.errors import BadInput
from portal.domain.matching.walk import Step
from portal.domain.words import N_
from portal.models import Reflection, Walk
from portal.queries import matching as matching_queries
from portal.services import audit, once
from portal.services.matching.ending import rematch
from portal.services.matching.telling import tell
from portal.services.matching.whose import walk_of_the_two
from portal.services.walk import take_step

ANSWERS = frozenset({Step.KEEP_GOING, Step.UNSURE, Step.SOMEONE_ELSE})
CHOOSE_ONE = N_("Please choose one of the three. None of them is wrong.")
SHORTER = N_("Please keep it to %(most)s characters.")
LONGEST_WORDS = 2000


@retry_once
def reflect(walk_id: int, person_id: int, answer: Step, words: str, *, key: str, now: datetime) -> int:
    """Keep one answer, which may be changed; the two walk on once both keep going.

    The walk itself stays as it is until then, and no revision is asked for: either would tell the other of the answer.
    SOMEONE_ELSE ends the walk and returns the member's new one.
    """
    with transaction() as session:
        form = once.form(person_id, key, "reflect", walk_id, str(answer), words)
        if (earlier := form.result()) is not None:
            return earlier
        if answer not in ANSWERS:
            raise BadInput("answer", CHOOSE_ONE)
        if len(words.strip()) > LONGEST_WORDS:
            raise BadInput("words", SHORTER, most=LONGEST_WORDS)
        walk, actor = walk_of_the_two(walk_id, person_id, answer, None)
        _keep(session, walk, person_id, answer, words.strip(), now)
        audit.record(session, "walk reflected", "walk", walk_id, actor_id=person_id, now=now)
        result = walk_id
        if answer is Step.SOMEONE_ELSE:
            result = rematch(session, walk, actor, actor_id=person_id, now=now)
        elif _both_keep_going(walk):
            take_step(session, walk, Step.KEEP_GOING, actor, actor_id=person_id, now=now)
            tell(session, walk, now=now)
        form.remember(session, result, now)
        return result


def _keep(session: Session, walk: Walk, person_id: int, answer: Step, words: str, now: datetime) -> None:
    kept = matching_queries.reflections_of(walk.id).get(person_id) or Reflection(walk_id=walk.id, person_id=person_id)
    kept.answer, kept.words, kept.at = answer.value, words, now
    session.add(kept)
    session.flush()


def _both_keep_going(walk: Walk) -> bool:
    answers = {person_id: kept.answer for person_id, kept in matching_queries.reflections_of(walk.id).items()}
    return all(answers.get(person_id) == Step.KEEP_GOING for person_id in (walk.member_id, walk.peer_id or 0))
