"""What these tests share."""

from collections.abc import Callable
from datetime import datetime, timedelta

from portal.services import matching
from tests.matching_cast import (
    Hill,
)

HOURS_48 = timedelta(hours=48)


Verb = Callable[[Hill, int, int, int | None, datetime], object]


COORDINATORS: dict[str, Verb] = {
    "approve": lambda hill, walk, who, seen, now: matching.approve(walk, who, None, revision=seen, key="", now=now),
    "hold": lambda hill, walk, who, seen, now: matching.hold(walk, who, "A day more.", revision=seen, key="", now=now),
    "swap": lambda hill, walk, who, seen, now: matching.swap(
        walk, who, hill.peers[0], hill.peers[1], "Cleo is nearer.", revision=seen, key="", now=now
    ),
}


PEERS: dict[str, Verb] = {
    "yes": lambda hill, walk, who, seen, now: matching.say_yes(walk, who, revision=seen, key="", now=now),
    "not now": lambda hill, walk, who, seen, now: matching.not_now(walk, who, revision=seen, key="", now=now),
}
