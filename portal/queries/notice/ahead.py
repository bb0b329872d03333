"""Reading ahead: what the letters of one claim will ask for is fetched for all of them in a few statements.

It is kept with the transaction, and looked at again when the letters are written after it, so that each letter is
decided and written by the same questions as one alone.
"""

from collections.abc import Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import BindParameter, Select, and_, bindparam, or_, select
from sqlalchemy.orm import defer
from sqlalchemy.orm.attributes import set_committed_value

from portal.db import plain, read
from portal.domain.account import Purpose
from portal.domain.notice import REMINDERS, Channel, Kind, NoticeState
from portal.models import Base, Booking, Consent, Invitation, Notice, PeerProfile, Person, SafeContact, Walk

SAME_DAY = timedelta(hours=36)
Model = TypeVar("Model", bound=Base)
WAITING = (NoticeState.DUE, NoticeState.SENDING)
KEY = "read ahead"
ANEW = {"populate_existing": True}
# Whose reminders, and of which kind: those may share a letter.
Place = tuple[int | None, Kind]


class Sibling(NamedTuple):
    """A letter of the same reason to the same person: on its way, about to be, or sent."""

    id: int
    about: str
    person_id: int | None
    channel: Channel
    state: NoticeState


@dataclass(frozen=True)
class SafeWay:
    """What somebody said about letters to them: whether they may come, and what stands on the outside."""

    allowed: bool = True
    words: str = ""


@dataclass
class Ahead:
    """What was read, by what it is asked for."""

    siblings: dict[tuple[str, int | None], list[Sibling]] = field(default_factory=dict)
    reminders: dict[Place, list[Notice]] = field(default_factory=dict)
    people: dict[int, Person] = field(default_factory=dict)
    safe: dict[int, SafeWay] = field(default_factory=dict)
    chats: dict[int, Booking] = field(default_factory=dict)
    entries: dict[int, dict[int, Invitation]] = field(default_factory=dict)
    walks: dict[int, Walk] = field(default_factory=dict)
    says_yes_first: dict[int, bool] = field(default_factory=dict)

    def siblings_of(self, row: Notice) -> Sequence[Sibling]:
        """Return what else goes to the same person for the same reason by the same way, and this letter itself."""
        # Each way keeps an order of its own: a mail server that is away does not keep a text waiting.
        return [each for each in self.siblings.get((row.about, row.person_id), ()) if each.channel is row.channel]


_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_SIBLINGS = select(*(getattr(Notice, name) for name in Sibling._fields)).where(
    Notice.about.in_(bindparam("abouts", expanding=True)),
    or_(
        Notice.state.in_([NoticeState.SENDING, NoticeState.SENT]),
        and_(
            Notice.state == NoticeState.DUE,
            or_(Notice.attempts > 0, Notice.doubts > 0, Notice.due_at <= bindparam("now")),
        ),
    ),
)
_THEIRS = (
    Notice.kind.in_(bindparam("kinds", expanding=True)),
    Notice.person_id.in_(bindparam("people", expanding=True)),
)
_LOCKING = (
    select(Notice.id).where(*_THEIRS, Notice.state.in_(WAITING)).order_by(Notice.id).with_for_update(skip_locked=True)
)
_NEAR = (
    select(Notice)
    .where(
        *_THEIRS,
        Notice.state.in_([*WAITING, NoticeState.SENT]),
        Notice.due_at.between(bindparam("since"), bindparam("until")),
    )
    .order_by(Notice.id)
    .options(defer(Notice.rendered))
)
_CHATS = select(Booking).where(Booking.id.in_(_IDS))
_ENTRIES = select(Invitation).where(Invitation.booking_id.in_(_IDS))
_WALKS = select(Walk).where(Walk.id.in_(_IDS))
_PEOPLE = select(Person).where(Person.id.in_(_IDS)).options(defer(Person.reach), defer(Person.totp_key))
_SAY_YES_FIRST = select(PeerProfile.person_id).where(PeerProfile.person_id.in_(_IDS), PeerProfile.says_yes_first)
_ANSWERS = select(SafeContact.person_id, SafeContact.may_email, SafeContact.subject_words).where(
    SafeContact.person_id.in_(_IDS)
)
# The last one given counts.
_CONSENTS = (
    select(Consent.person_id, Consent.withdrawn_at)
    .where(Consent.person_id.in_(_IDS), Consent.purpose == Purpose.LETTERS)
    .order_by(Consent.given_at, Consent.id)
)


def ahead() -> Ahead:
    """Return what was read ahead in this transaction; nothing where no claim did."""
    found: Ahead | None = read().info.get(KEY)
    return Ahead() if found is None else found


@contextmanager
def looking_ahead(found: Ahead) -> Iterator[None]:
    """Let what a claim has read answer once more, after its transaction."""
    read().info[KEY] = found
    try:
        yield
    finally:
        del read().info[KEY]


def look_ahead(rows: Sequence[Notice], now: datetime) -> list[Notice]:
    """Read what these locked letters will ask for; returns them without those that somebody else decides about now."""
    found = Ahead()
    read().info[KEY] = found
    if not rows:
        return []
    busy = _read_reminders(found, [row for row in rows if row.kind in REMINDERS])
    free = [row for row in rows if (row.person_id, row.kind) not in busy]
    _read_siblings(found, free, now)
    _read_chats(found, free)
    _read_walks(found, free)
    _read_people(found, free)
    return free


def _read_siblings(found: Ahead, rows: Sequence[Notice], now: datetime) -> None:
    for row in plain().execute(_SIBLINGS, {"abouts": _listed({row.about for row in rows}), "now": now}):
        sibling = Sibling(*row)
        found.siblings.setdefault((sibling.about, sibling.person_id), []).append(sibling)


def _read_reminders(found: Ahead, rows: Sequence[Notice]) -> set[Place]:
    """Lock the reminders that may share a letter with these; returns which are in somebody else's hands."""
    if not rows:
        return set()
    theirs = {"kinds": _listed({row.kind for row in rows}), "people": _listed({row.person_id for row in rows})}
    ours = set(read().scalars(_LOCKING, theirs))
    times = [row.due_at for row in rows]
    near = {"since": min(times) - SAME_DAY, "until": max(times) + SAME_DAY}
    # Of one that is claimed now the others are to see what is decided about it.
    claimed = {row.id: row for row in rows}
    busy = set()
    for notice in read().scalars(_NEAR, theirs | near, execution_options=ANEW):
        place = (notice.person_id, notice.kind)
        found.reminders.setdefault(place, []).append(claimed.get(notice.id, notice))
        if notice.state in WAITING and notice.id not in ours:
            busy.add(place)
    return busy


def _read_chats(found: Ahead, rows: Sequence[Notice]) -> None:
    beside = (
        other for place in {(row.person_id, row.kind) for row in rows} for other in found.reminders.get(place, ())
    )
    ids = {row.booking_id for row in rows} | {other.booking_id for other in beside}
    chats = _all(_CHATS, ids)
    found.chats = {chat.id: chat for chat in chats}
    if chats:
        found.entries = {chat.id: {} for chat in chats}
        for entry in _all(_ENTRIES, found.chats.keys()):
            found.entries[entry.booking_id][entry.person_id] = entry
        peers = dict.fromkeys((chat.peer_id for chat in chats), False)
        asked = plain().execute(_SAY_YES_FIRST, {"ids": list(peers)})
        found.says_yes_first = peers | {row.person_id: True for row in asked}


def _read_walks(found: Ahead, rows: Sequence[Notice]) -> None:
    ids = {row.walk_id for row in rows if row.booking_id is None}
    found.walks = {walk.id: walk for walk in _all(_WALKS, ids)}


def _read_people(found: Ahead, rows: Sequence[Notice]) -> None:
    pairs: list[Booking | Walk] = [*found.chats.values(), *found.walks.values()]
    readers = {row.person_id for row in rows} - {None}
    ids = readers | {pair.member_id for pair in pairs} | {pair.peer_id for pair in pairs} - {None}
    found.people = {person.id: person for person in _all(_PEOPLE, ids)}
    for pair in pairs:
        set_committed_value(pair, "member", found.people[pair.member_id])
        set_committed_value(pair, "peer", found.people[pair.peer_id] if pair.peer_id is not None else None)
    found.safe = _safe_ways({each for each in readers if each is not None})


def _safe_ways(person_ids: set[int]) -> dict[int, SafeWay]:
    asked = {"ids": _listed(person_ids)}
    said = {
        person_id: (may_email is not False, words) for person_id, may_email, words in plain().execute(_ANSWERS, asked)
    }
    taken_back = {row.person_id: row.withdrawn_at for row in plain().execute(_CONSENTS, asked)}
    ways = {}
    for person_id in person_ids:
        may_email, words = said.get(person_id, (True, ""))
        ways[person_id] = SafeWay(may_email and taken_back.get(person_id) is None, words)
    return ways


def _all(rows: Select[Model], ids: Set[int | None]) -> Sequence[Model]:
    return read().scalars(rows, {"ids": _listed(ids)}, execution_options=ANEW).all()


def _listed(values: Set[Any]) -> list[Any]:
    return [value for value in values if value is not None]
