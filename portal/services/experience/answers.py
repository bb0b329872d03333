"""Answers to the closed questions, and free text."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from portal.db import retry_once, transaction
from portal.domain.account import Role
from portal.domain.errors import BadInput
from portal.domain.telling import LINE_LENGTH, OWN_WORDS_LENGTH, STORY_LENGTH, TOO_LONG, checked_answer
from portal.services.experience.profile import open_telling, told

COLUMNS = {Role.MEMBER: ("own_words", "access_needs"), Role.PEER: ("story",)}
LENGTHS = {"own_words": OWN_WORDS_LENGTH, "access_needs": OWN_WORDS_LENGTH, "story": STORY_LENGTH}
LENGTHS |= {"line": LINE_LENGTH, "limits": STORY_LENGTH}


@retry_once
def save_answers(
    person_id: int, role: Role, answers: Mapping[str, str | Sequence[str]], *, step: int, now: datetime
) -> None:
    """Keep answers to closed questions by their keys; sending the same ones again changes nothing."""
    checked = {key: checked_answer(key, value) for key, value in answers.items()}
    with transaction() as session:
        telling = open_telling(session, person_id, role, now=now)
        changed = {key: value for key, value in checked.items() if telling.about.get(key, type(value)()) != value}
        if changed:
            telling.about = {**telling.about, **changed}
        told(session, telling, "answers", changed=bool(changed), step=step, now=now)


@retry_once
def save_words(person_id: int, role: Role, words: Mapping[str, str], *, step: int, now: datetime) -> None:
    """Keep free text; it stands encrypted, and nothing is ever computed from it."""
    tidy = {name: text.replace("\r\n", "\n").strip() for name, text in words.items()}
    for name, text in tidy.items():
        if len(text) > LENGTHS[name]:
            raise BadInput(name, TOO_LONG, most=LENGTHS[name])
    with transaction() as session:
        telling = open_telling(session, person_id, role, now=now)
        changed = False
        for name, text in tidy.items():
            if name in COLUMNS[role]:
                changed |= getattr(telling, name) != text
                setattr(telling, name, text)
            elif telling.about.get(name, "") != text:
                changed = True
                telling.about = {**telling.about, name: text}
        told(session, telling, "own words", changed=changed, step=step, now=now)


@retry_once
def pass_by(person_id: int, role: Role, *, step: int, now: datetime) -> None:
    """Go on without an answer; what was said before stays."""
    with transaction() as session:
        telling = open_telling(session, person_id, role, now=now)
        told(session, telling, "nothing", changed=False, step=step, now=now)
