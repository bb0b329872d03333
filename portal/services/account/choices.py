"""What a person sets for themselves: name, zone, how to be reached, how much a letter says, when to be reminded."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.db import retry_once, transaction
from portal.domain.account import Discretion
from portal.domain.errors import BadInput
from portal.domain.notice import LONGEST_WORDS, MOST_LEADS, Lead, plan_text
from portal.domain.words import N_
from portal.models import SafeContact
from portal.services import audit
from portal.services.account.people import locked, zones
from portal.services.busy_calendars.keeping import read_in_full
from portal.services.checkin.rhythm import by_new_clock
from portal.services.notice.chat import renew_reminders

NAME_LENGTH = 60
REACH_LENGTH = 200


@dataclass(frozen=True)
class Reminders:
    """Which reminders somebody wants, and from when until when it is quiet, in minutes after midnight in their zone."""

    leads: tuple[Lead, ...]
    quiet_from: int
    quiet_until: int


@dataclass(frozen=True)
class SafeAnswers:
    """How somebody may be reached without being put at risk; None is "not said"."""

    may_email: bool | None = None
    may_text: bool | None = None
    may_voicemail: bool | None = None
    phone_is_seen: bool | None = None
    hours: str = ""
    name_to_use: str = ""


@retry_once
def set_name(person_id: int, name: str, *, now: datetime) -> None:
    """Set the name that others here see and letters use."""
    tidy = " ".join(name.split())
    if not tidy:
        raise BadInput("name", N_("Please write a name. Any name you like to be called is fine."))
    if len(tidy) > NAME_LENGTH:
        raise BadInput("name", N_("Please use at most %(most)s characters."), most=NAME_LENGTH)
    with transaction() as session:
        locked(session, person_id).name = tidy
        _changed(session, "name changed", person_id, now)


@retry_once
def set_zone(person_id: int, zone: str, *, now: datetime) -> None:
    """Set the time zone that every time is shown in."""
    if zone not in zones():
        raise BadInput("zone", N_("We do not know that place. Please choose one from the list."))
    with transaction() as session:
        person = locked(session, person_id)
        person.zone = zone
        renew_reminders(session, person, now=now)
        by_new_clock(session, person_id, zone, now=now)
        read_in_full(session, person_id, now)
        _changed(session, "zone changed", person_id, now)


@retry_once
def set_reach(person_id: int, reach: str, *, now: datetime) -> None:
    """Set how the other person may reach them once both have said yes; empty takes it back."""
    if len(reach.strip()) > REACH_LENGTH:
        raise BadInput("reach", N_("Please use at most %(most)s characters."), most=REACH_LENGTH)
    with transaction() as session:
        locked(session, person_id).reach = reach.strip()
        _changed(session, "reach changed", person_id, now)


@retry_once
def set_discretion(person_id: int, discretion: Discretion, subject_words: str = "", *, now: datetime) -> None:
    """Set how much a subject line or a calendar entry may say, and the words of one's own for it; empty for none."""
    if len(subject_words) > LONGEST_WORDS:
        raise BadInput("subject_words", N_("Please use at most %(most)s characters."), most=LONGEST_WORDS)
    with transaction() as session:
        locked(session, person_id).discretion = discretion
        if subject_words or session.get(SafeContact, person_id) is not None:
            session.merge(SafeContact(person_id=person_id, updated_at=now, subject_words=subject_words))
        _changed(session, "discretion changed", person_id, now)


@retry_once
def set_reminders(person_id: int, wanted: Reminders, *, now: datetime) -> None:
    """Set which reminders come, and when it is quiet; the same hour twice means no quiet hours."""
    if len(wanted.leads) > MOST_LEADS:
        raise BadInput("leads", N_("Please choose at most %(most)s."), most=MOST_LEADS)
    with transaction() as session:
        person = locked(session, person_id)
        person.reminder_leads = plan_text(wanted.leads)
        person.quiet_from = wanted.quiet_from
        person.quiet_until = wanted.quiet_until
        renew_reminders(session, person, now=now)
        _changed(session, "reminders changed", person_id, now)


@retry_once
def set_safe_contact(person_id: int, answers: SafeAnswers, *, now: datetime) -> None:
    """Keep how somebody may safely be reached; every question may stay unanswered."""
    with transaction() as session:
        locked(session, person_id)
        session.merge(SafeContact(person_id=person_id, updated_at=now, **asdict(answers)))
        _changed(session, "safe contact changed", person_id, now)


def _changed(session: Session, verb: str, person_id: int, now: datetime) -> None:
    audit.record(session, verb, "person", person_id, actor_id=person_id, now=now)
