"""What is in the way of chats, made of plain rows: busy ranges by person."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from functools import lru_cache, partial
from itertools import repeat

from portal.domain.slots import Busy, BusyKind
from portal.queries.slots.rows import CALENDAR, HELD, OFF, Row, busy_rows, busy_rows_of

_KINDS = {OFF: BusyKind.TIME_OFF, CALENDAR: BusyKind.CALENDAR}
_DAY = 86_400
_EPOCH_DAY = date(1970, 1, 1)

# As Busy._make, without asking each for its length.
_made = partial(tuple.__new__, Busy)


def busy_between(peer_id: int, member_id: int | None, first: date, last: date, without: int | None) -> tuple[Busy, ...]:
    """Return what is in the way of a peer between two dates, with a member's own chats, and without one booking."""
    found: list[Busy] = []
    for row in busy_rows(peer_id, member_id, _seconds(first), _seconds(last), without):
        found += _of_row(row, BusyKind.MEMBER_TAKEN if row[0] == member_id else BusyKind.TAKEN)
    return tuple(found)


def busy_between_of(person_ids: Collection[int], first: date, last: date) -> dict[int, list[Busy]]:
    """Return what is in the way of several people between two dates."""
    found: dict[int, list[Busy]] = defaultdict(list)
    for row in busy_rows_of(person_ids, _seconds(first), _seconds(last)):
        found[row[0]] += _of_row(row, BusyKind.TAKEN)
    return found


@lru_cache(maxsize=256)
def _of_row(row: Row, chat: BusyKind) -> Sequence[Busy]:
    """Read a row; kept, because whoever looks at a peer's times mostly looks at them several times over."""
    _person_id, what, text = row
    each: Iterator[int] = map(int, text.split())
    if what == HELD:
        kinds = (chat, BusyKind.OPEN_HOUR if chat is BusyKind.TAKEN else chat)
        return tuple(
            Busy._make((begins, ends, kinds[is_open_hour], before, after))
            for begins, ends, before, after, is_open_hour in zip(each, each, each, each, each, strict=True)
        )
    return tuple(map(_made, zip(each, each, repeat(_KINDS[what]), repeat(0), repeat(0))))


def _seconds(day: date) -> int:
    return (day - _EPOCH_DAY).days * _DAY
