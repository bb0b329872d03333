"""The hands of one worker: parcels go out by one line for each way, or by several where the other side is slow.

Between two batches they rest for a few seconds with their lines to the mail server open: where much is due, the next
batch follows at once, and a line that has to be opened anew costs more than a letter.
"""

import logging
import math
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from itertools import groupby
from threading import Lock, Thread, Timer

from portal.channels import Line, Way
from portal.domain.notice import Channel
from portal.mail.errors import Doubtful, SendingError, TurnedAway, Unreachable
from portal.services.notice.parcel import Outcome, Parcel

# One line is enough for a server that answers at once; more of them would only wait for one another here.
SLOW_SECONDS = 0.01
MOST_LINES = 25
TRIED_ALONE = 3
# So many in a row that found nobody: the server is away for the others too, and they need not wait for it one by one.
AWAY_AFTER = 3
NOBODY = (Unreachable, TurnedAway)
REST_SECONDS = 5.0
# A mail server that has closed a line meanwhile is found out before the letter; by other ways that would be a doubt.
RESTS = frozenset({Channel.EMAIL})

logger = logging.getLogger(__name__)


class Hands:
    """The open lines of a batch; they also know which of the ways is slow."""

    def __init__(self, ways: Mapping[Channel, Way]) -> None:
        self.ways = ways
        self._lines = {channel: _Lines(way) for channel, way in ways.items()}

    def close(self, *, but: frozenset[Channel] = frozenset()) -> None:
        """Close all lines but those of these ways; one that is needed again is opened anew."""
        for channel, lines in self._lines.items():
            if channel not in but:
                lines.close()

    def hand_over(self, parcels: Iterable[Parcel], seconds: float) -> list[Outcome]:
        """Hand over what can be begun within this time; a parcel without an outcome was not touched."""
        until = time.monotonic() + seconds
        outcomes: list[Outcome] = []
        by_way = sorted(parcels, key=lambda parcel: parcel.channel)
        for channel, of_way in groupby(by_way, key=lambda parcel: parcel.channel):
            outcomes += self._lines[channel].hand_over(list(of_way), until)
        return outcomes


_resting: list[tuple[Hands, Timer]] = []
_rest_lock = Lock()


@contextmanager
def at_work(ways: Mapping[Channel, Way]) -> Iterator[Hands]:
    """Give hands for these ways to one batch: those that rest from the batch before, or new ones."""
    hands = _roused(ways) or Hands(ways)
    try:
        yield hands
    finally:
        hands.close(but=RESTS)
        _rest(hands)


def _roused(ways: Mapping[Channel, Way]) -> Hands | None:
    with _rest_lock:
        for at, (hands, closing) in enumerate(_resting):
            if hands.ways is ways:
                closing.cancel()
                del _resting[at]
                return hands
    return None


def _rest(hands: Hands) -> None:
    closing = Timer(REST_SECONDS, lambda: _let_go(closing))
    closing.daemon = True
    with _rest_lock:
        _resting.append((hands, closing))
    closing.start()


def _let_go(closing: Timer) -> None:
    with _rest_lock:
        found = [each for each in _resting if each[1] is closing]  # none: they are at work again
        for each in found:
            _resting.remove(each)
    for hands, _ in found:
        hands.close()


class _Lines:
    """The lines of one way, opened as they are needed."""

    def __init__(self, way: Way) -> None:
        self._way, self._kept = way, ExitStack()
        self._open: list[Line] = []
        self._slow, self._most = False, MOST_LINES

    def close(self) -> None:
        self._kept.close()
        self._open.clear()

    def hand_over(self, parcels: Sequence[Parcel], until: float) -> list[Outcome]:
        round_ = _Round(parcels, until)
        if not self._slow:
            self._slow = round_.work_alone(self._line(0))
        if round_.goes_on():
            self._by_many(round_)
        return round_.finished()

    def _by_many(self, round_: "_Round") -> None:
        count = min(self._most, len(round_.waiting))
        beside = [Thread(target=round_.work_beside, args=(self._line(number),)) for number in range(1, count)]
        for thread in beside:
            thread.start()
        round_.work(self._line(0))
        for thread in beside:
            thread.join()
        # Whoever lets only so many in at once is not asked for more.
        self._most = max(1, self._most - round_.turned_away)

    def _line(self, number: int) -> Line:
        while len(self._open) <= number:
            self._open.append(self._kept.enter_context(self._way.line()))
        return self._open[number]


class _Round:
    """Some parcels, from which each line takes the next."""

    def __init__(self, parcels: Sequence[Parcel], until: float) -> None:
        self.waiting, self._until = deque(parcels), until
        self.turned_away = 0
        self._outcomes: list[Outcome] = []
        self._away = 0
        self._nobody: SendingError = Unreachable()

    def goes_on(self) -> bool:
        """Say whether there is more to hand over, and time for it."""
        return bool(self.waiting) and self._away < AWAY_AFTER and time.monotonic() < self._until

    def work(self, line: Line) -> None:
        """Hand over by this line until nothing waits."""
        while (parcel := self._next()) is not None:
            self._note(_handed_over(parcel, line))

    def work_alone(self, line: Line) -> bool:
        """Hand over by this line; says whether it left off because the other side is slow."""
        quickest, tried = math.inf, 0
        while (parcel := self._next()) is not None:
            began = time.monotonic()
            self._note(_handed_over(parcel, line))
            quickest, tried = min(quickest, time.monotonic() - began), tried + 1
            # The quickest: the first has to open the line, and another may have waited for this machine itself.
            if tried == TRIED_ALONE and quickest > SLOW_SECONDS:
                return True
        return False

    def work_beside(self, line: Line) -> None:
        """Hand over by one line more; one that is not let in leaves its parcel to the others."""
        while (parcel := self._next()) is not None:
            outcome = _handed_over(parcel, line)
            if isinstance(outcome.trouble, NOBODY):
                self.waiting.appendleft(parcel)
                self.turned_away += 1
                return
            self._note(outcome)

    def finished(self) -> list[Outcome]:
        """Return what became of the parcels; where the server is away, the others are spared the wait for it."""
        if self._away >= AWAY_AFTER:
            # Not what was noted last: another line may have handed a letter over just then.
            self._outcomes += [Outcome(parcel, self._nobody) for parcel in self.waiting]
        return self._outcomes

    def _next(self) -> Parcel | None:
        try:
            return self.waiting.popleft() if self.goes_on() else None
        except IndexError:  # another line was quicker
            return None

    def _note(self, outcome: Outcome) -> None:
        if isinstance(outcome.trouble, NOBODY):
            # What one server asked for, or says of its device, is not said of the others.
            alone = isinstance(outcome.trouble, Unreachable)
            self._away, self._nobody = self._away + 1, Unreachable() if alone else outcome.trouble
        else:
            self._away = 0
        self._outcomes.append(outcome)


def _handed_over(parcel: Parcel, line: Line) -> Outcome:
    try:
        return Outcome(parcel, receipt=line.send(parcel.to, parcel.raw))
    except SendingError as trouble:
        return Outcome(parcel, trouble)
    except Exception as error:  # a way that breaks its word: it may have been taken; nothing foreign may be kept
        logger.error("notice %s: %s", parcel.notice_id, type(error).__name__)
    return Outcome(parcel, Doubtful())
