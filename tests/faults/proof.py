"""What a run has to show, from what the mail server received and what the rows say; each finding is a sentence."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select

from portal.db import read
from portal.domain.booking import BookingState
from portal.domain.notice import CALENDAR_KINDS, LEASE, Kind, NoticeState
from portal.models import Booking, Notice, Person
from tests.faults.people import CANARIES
from tests.servers.smtp_sink import Taken

MOST_COPIES = 2
_SEQUENCE = re.compile(rb"^SEQUENCE:(\d+)", re.MULTILINE)


@dataclass(frozen=True)
class Row:
    """One letter owed, as its row says."""

    id: int
    booking_id: int
    person_id: int
    to: str
    kind: Kind
    revision: int
    state: NoticeState
    error: str | None
    message_id: str | None
    rendered: bytes | None


@dataclass(frozen=True)
class Received:
    """A letter that came, with its row and the SEQUENCE of its calendar entry."""

    row: Row
    taken: Taken
    sequence: int


def rows() -> list[Row]:
    """Return the invitations, updates and cancellations owed."""
    asked = select(Notice, Person.email).join(Person, Person.id == Notice.person_id).order_by(Notice.id)
    found = read().execute(asked.where(Notice.kind.in_(CALENDAR_KINDS))).all()
    made = [
        Row(
            *(row.id, row.booking_id or 0, row.person_id or 0, email, row.kind, row.revision),
            *(row.state, row.error, row.message_id, row.rendered),
        )
        for row, email in found
    ]
    read().rollback()
    return made


def findings(letters: Sequence[Taken], cancelled: dict[int, datetime], spoken: Iterable[str]) -> Iterator[str]:
    """Say everything that is not as promised."""
    owed = rows()
    by_id = {row.message_id: row for row in owed if row.message_id}
    received = []
    for letter in letters:
        row = by_id.get(str(letter.message["Message-ID"]))
        if row is None or row.to != letter.to:
            yield f"a letter nobody owed came: {letter.message['Message-ID']}"
        else:
            received.append(Received(row, letter, _sequence(letter)))
    yield from _copies(received)
    yield from _order(received, cancelled)
    yield from _lost(owed, received)
    for text in spoken:
        yield from (f"{canary} stands in the broker or a log" for canary in CANARIES if canary.lower() in text.lower())


def _sequence(letter: Taken) -> int:
    parts = [part for part in letter.message.walk() if part.get_content_type() == "text/calendar"]
    content = parts[0].get_payload(decode=True)
    found = _SEQUENCE.search(content if isinstance(content, bytes) else b"")
    if found is None:
        raise AssertionError(f"no SEQUENCE in {letter.message['Message-ID']}")
    return int(found[1])


def _copies(received: Sequence[Received]) -> Iterator[str]:
    copies: defaultdict[Row, list[Received]] = defaultdict(list)
    for each in received:
        copies[each.row].append(each)
    for row, same in copies.items():
        if sum(not each.taken.refused for each in same) > MOST_COPIES:
            yield f"letter {row.id} ({row.state}, {row.error}) came {len(same)} times"
        # Their files have the ends of lines of this machine.
        versions = {each.taken.raw.rstrip() for each in same}
        if row.rendered is not None:
            versions.add(row.rendered.replace(b"\r\n", b"\n").rstrip())
        if len(versions) > 1:
            yield f"letter {row.id} came in {len(versions)} versions"


def _order(received: Sequence[Received], cancelled: dict[int, datetime]) -> Iterator[str]:
    last: dict[tuple[int, int], Received] = {}
    for each in received:
        row = each.row
        place = (row.booking_id, row.person_id)
        before = last.get(place)
        if before is not None and (each.sequence < before.sequence or row.id < before.row.id):
            late = (each.taken.at - before.taken.at) / 1e9
            yield f"letter {row.id} ({row.kind}) came {late:.3f} s after {before.row.id} ({before.row.kind})"
        else:
            last[place] = each
        off_at = cancelled.get(row.booking_id)
        if off_at is not None and row.kind is not Kind.CANCELLATION:
            late = (datetime.fromtimestamp(each.taken.at / 1e9, UTC) - off_at).total_seconds()
            if late > LEASE.total_seconds():
                yield f"letter {row.id} ({row.kind}) came {late:.1f} s after its chat was called off"


def _lost(owed: Sequence[Row], received: Sequence[Received]) -> Iterator[str]:
    """For each chat and person, what they were told last is how the chat stands; or a coordinator was told."""
    came = {each.row.id for each in received if not each.taken.refused}
    touched = {(each.row.booking_id, each.row.person_id) for each in received if not each.taken.refused}
    newest = {(row.booking_id, row.person_id): row for row in owed}
    chats = {chat.id: (chat.state, chat.revision) for chat in read().scalars(select(Booking))}
    read().rollback()
    for row in owed:
        if row.state in (NoticeState.DUE, NoticeState.SENDING):
            yield f"letter {row.id} is still {row.state}"
        elif row.state is NoticeState.SENT and row.id not in came:
            yield f"letter {row.id} counts as sent and never came"
    for (booking_id, person_id), row in newest.items():
        state, revision = chats[booking_id]
        if (row.kind is Kind.CANCELLATION) is not (state is BookingState.CANCELLED) or row.revision != revision:
            yield f"chat {booking_id} is {state} and its last letter {row.id} is of something else"
        told = row.id in came or row.state is NoticeState.FAILED
        needless = row.kind is Kind.CANCELLATION and (booking_id, person_id) not in touched
        if not told and not needless:
            yield f"letter {row.id} ({row.kind}, {row.state}, {row.error}) was owed and never came"


def counts(letters: Sequence[Taken]) -> dict[str, object]:
    """Return figures of a run."""
    owed = rows()
    copies = Counter(str(letter.message["Message-ID"]) for letter in letters if not letter.refused)
    came = {row.id for row in owed if row.message_id in copies}
    failed = [row for row in owed if row.state is NoticeState.FAILED]
    return {
        "letters": dict(Counter(str(row.state) for row in owed)),
        "received": sum(copies.values()),
        "received twice": sum(times == MOST_COPIES for times in copies.values()),
        "told to a coordinator as doubtful": len(failed),
        "of those received nonetheless": sum(row.id in came for row in failed),
    }
