"""A thread by text message, where both agreed: numbers are never shown, and what comes in finds the one thread."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.db import retry_once, transaction
from portal.domain.checkin import checked_words
from portal.domain.errors import BadInput
from portal.domain.words import N_
from portal.models import ThreadReader, Walk
from portal.queries import booking as booking_queries
from portal.queries import checkin as queries
from portal.services import audit, once
from portal.services.checkin.lines import add_line, reader_of
from portal.services.checkin.telling import about, tell, texted
from portal.services.checkin.whose import open_thread, walk_of_two
from portal.services.notice.owe import void_texts
from portal.services.walk import locked_walk

NO_PHONE = N_("Texts need a phone whose number you have confirmed. You can add one under Account.")
ONE_AT_A_TIME = N_(
    "Another thread comes to you by text already. Only one can at a time, or an answer might reach the wrong person."
)


@retry_once
def agree_to_texts(walk_id: int, person_id: int, *, agree: bool, now: datetime) -> None:
    """Keep whether somebody wants this thread by text message as well; it begins once both do, and ends with either.

    BadInput without a phone, and where another thread comes to them by text.
    """
    with transaction() as session:
        walk = walk_of_two(walk_id, person_id)
        open_thread(session, walk, now)
        if agree:
            booking_queries.lock_people(person_id)  # so that two threads at once do not both become the one
            if not queries.texts_reach(person_id):
                raise BadInput("by_text", NO_PHONE)
            if set(queries.texted_threads(person_id)) - {walk_id}:
                raise BadInput("by_text", ONE_AT_A_TIME)
        row = reader_of(session, walk, person_id)
        if row.by_text is not agree:
            row.by_text = agree
            verb = "texts agreed to" if agree else "texts ended"
            audit.record(session, verb, "walk", walk_id, actor_id=person_id, now=now)
        if not agree:
            session.flush()
            _by_letter_instead(session, walk, now)


def number_gone(session: Session, person_id: int, *, now: datetime) -> None:
    """Inside a verb that does not hold the person yet: an agreement to texts was for the number that goes now."""
    for walk_id in queries.texted_threads(person_id):
        walk = locked_walk(walk_id)
        row = queries.reader_row(walk_id, person_id)
        if row is not None and row.by_text:
            row.by_text = False
            session.flush()
            _by_letter_instead(session, walk, now)
            audit.record(session, "texts ended", "walk", walk_id, actor_id=person_id, now=now)
    # Also where a thread is closed or rests: it may be opened again.
    agreed = update(ThreadReader).where(ThreadReader.person_id == person_id, ThreadReader.by_text)
    session.execute(agreed.values(by_text=False), execution_options={"synchronize_session": False})


@retry_once
def take_text(person_id: int, words: str, *, key: str = "", now: datetime) -> int | None:
    """Write what somebody sent by text into the one thread that both have agreed to have that way; returns its walk.

    None, with nothing written, where there is no such thread, or one of its two is suspended. The carrier's name of
    the message is the `key`: handed in twice, it is written once. BadInput for no words, too many, or too many lines.
    """
    said = checked_words(words)
    with transaction() as session:
        form = once.form(person_id, key, "take text", said)
        done = form.result()
        if done is not None:
            return done
        agreed = queries.texted_threads(person_id)
        if len(agreed) != 1:
            return None
        walk = walk_of_two(agreed[0], person_id)
        if not texted(walk):
            return None
        add_line(session, walk, person_id, said, now=now)
        form.remember(session, walk.id, now)
        return walk.id


def _by_letter_instead(session: Session, walk: Walk, now: datetime) -> None:
    """What waited for the morning as texts is told all the same: by one letter to each of the two."""
    waiting = queries.texts_that_wait(about(walk.id))
    void_texts(session, about(walk.id), now=now)
    for kind, line_id in waiting:
        line = queries.line_row(walk.id, line_id)
        if line is not None:
            tell(session, walk, line, kind, line.words, now=now)
