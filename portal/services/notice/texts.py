"""What comes back by text: words somebody wrote, and what became of a text that the carrier took."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.channels.text import Text, answer
from portal.db import retry_once, transaction
from portal.domain.errors import BadInput
from portal.domain.notice import ONE_WAY, Asked, Channel, NoticeState, asked_of
from portal.mail.foot import foot_of
from portal.models import Notice, Phone
from portal.queries import checkin as checkin_queries
from portal.queries import notice as queries
from portal.queries.notice import ways
from portal.services import audit, checkin
from portal.services.notice.carried import STOPPED_THERE, keep_text, stop_phone
from portal.services.notice.office import office
from portal.services.notice.spread import letter_instead

# How far a text is on its way; what came to an end is told once, in whatever order the carrier's calls arrive.
STEPS = {"accepted": 0, "scheduled": 0, "queued": 1, "sending": 2, "sent": 3}
ENDS = ways.ARRIVED | ways.NOT_ARRIVED
LONGEST_CODE = 12

__all__ = ["Heard", "answer", "carrier", "hear", "help_numbers", "note_receipt"]


@dataclass(frozen=True)
class Heard:
    """What somebody asked for by text; `relayed` where their words stand in a thread now, `refused` why they do not,
    `alone` where the other of the two has no texts any more."""

    asked: Asked
    relayed: bool = False
    alone: bool = False
    refused: BadInput | None = None


def carrier() -> Text | None:
    """Return the carrier of texts; None where texts are not set up."""
    way = office().ways.get(Channel.TEXT)
    return way if isinstance(way, Text) else None


def hear(number: str, words: str, sid: str, *, now: datetime) -> Heard:
    """Do what somebody's text asks for. Whoever is not known here is heard in the same way, and nothing is kept."""
    asked = asked_of(words)
    if asked in (Asked.STOP, Asked.START):
        _keep(number, asked, now)
    return Heard(asked) if asked is not Asked.OTHER else _relay(number, words, sid, now)


@retry_once
def _keep(number: str, asked: Asked, now: datetime) -> None:
    with transaction() as session:
        for phone in _phones_of(session, number):
            phone.stopped_at = now if asked is Asked.STOP else None
            verb = "texts stopped" if asked is Asked.STOP else "texts started"
            audit.record(session, verb, "person", phone.person_id, actor_id=phone.person_id, now=now)


def _relay(number: str, words: str, sid: str, now: datetime) -> Heard:
    """Hand words that ask for nothing to the thread that their writer has by text, if there is exactly one."""
    owners = _with_a_thread(number)
    if len(owners) != 1:  # two who share a phone cannot be told apart
        return Heard(Asked.OTHER)
    try:
        walk_id = checkin.take_text(owners[0], words, key=sid, now=now)
    except BadInput as error:
        return Heard(Asked.OTHER, refused=error)
    return Heard(Asked.OTHER, relayed=walk_id is not None, alone=walk_id is None)


@retry_once
def _with_a_thread(number: str) -> list[int]:
    with transaction() as session:
        return [
            phone.person_id
            for phone in _phones_of(session, number)
            if phone.stopped_at is None and checkin_queries.texted_threads(phone.person_id)
        ]


def _phones_of(session: Session, number: str) -> list[Phone]:
    """Return whose phone this is. Where the key of the hashes has changed they are made anew, once: whoever writes STOP
    must be found, and nobody unknown has every number opened each time."""
    post = office()
    for phone in ways.phones_of_other_keys(post.number_key_name):
        phone.number_hash = post.hash_of_number(phone.number)
    session.flush()
    return ways.phones_of(post.hash_of_number(number))


@retry_once
def note_receipt(notice_id: int, sid: str, status: str, error: str, *, now: datetime) -> None:
    """Keep what became of a text; the letter follows one that did not arrive. What is unknown changes nothing."""
    if status not in STEPS and status not in ENDS:
        return
    with transaction() as session:
        notice = queries.notice(notice_id)
        if notice is None or notice.channel is not Channel.TEXT:
            return
        text = keep_text(session, notice.id, notice.rendered, sid, now=now)
        if text is None or text.status in ENDS or STEPS.get(status, len(STEPS)) <= STEPS.get(text.status, 0):
            return
        text.status, text.error, text.changed_at = status, error[:LONGEST_CODE] or None, now
        # What was in doubt went out twice: one of the two that came is enough.
        if status in ways.NOT_ARRIVED and not ways.told_by_another_text(text):
            _not_arrived(notice, text.error or "", now)


def _not_arrived(notice: Notice, error: str, now: datetime) -> None:
    if error == str(STOPPED_THERE):
        stop_phone(notice.person_id or 0, now)
    nobody_needed = letter_instead(notice, now=now) or notice.kind in ONE_WAY
    notice.state = NoticeState.VOID if nobody_needed else NoticeState.FAILED
    notice.error, notice.settled_at, notice.lease_until = "not-arrived", now, None


def help_numbers(say: Callable[[str], str]) -> str:
    """Return the help lines to call or text, in one line; `say` translates."""
    foot = foot_of(office().lines, say, by_name=False)
    return "; ".join(part for part in (foot.numbers, foot.emergency) if part)
