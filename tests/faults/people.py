"""People who book, move and call off chats by the real verbs; whatever breaks meanwhile, they try again."""

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from flask import Flask
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError

from portal import clock
from portal.db import transaction
from portal.domain.account import Purpose
from portal.domain.experience import Format
from portal.domain.matching.walk import State
from portal.models import Person
from portal.queries.slots import open_times
from portal.services import booking as services
from portal.services.account import give_consents
from tests.booking_cast import Pair, add_member, add_peer
from tests.services.outbox import add_walk

T = TypeVar("T")
CHATS_OF_A_PAIR = 4
# So many chats are on the way at once.
WINDOW = 40
MOVES = (0, 0, 1, 1, 2)
CANCELLED = 0.4
NEAREST = timedelta(days=3)
PATIENCE_SECONDS = 60.0
CANARIES = ("quetzal", "kakapo", "Juniper", "example.org", "Your coffee chat")


@dataclass
class Chat:
    """One chat, and what is still to be done with it."""

    pair: Pair
    verbs: list[str]
    id: int = 0
    revision: int = 0


@dataclass
class People:
    """Pairs with a number of chats; `cancelled` is when each chat was called off, by the commit's end."""

    app: Flask
    chance: random.Random
    chats: int
    cancelled: dict[int, datetime] = field(default_factory=dict)
    done: dict[str, int] = field(default_factory=lambda: {"book": 0, "move": 0, "cancel": 0})

    def settle(self) -> None:
        """Add everybody; they want to hear of everything at any hour."""
        now = clock.now()
        with self.app.app_context():
            self.pairs = [_pair(number, now) for number in range(-(-self.chats // CHATS_OF_A_PAIR))]
            with transaction() as session:
                session.execute(update(Person).values(quiet_from=0, quiet_until=0))

    def act(self) -> Iterator[None]:
        """Do one thing after the other."""
        coming = [self._chat(number) for number in range(self.chats)]
        going: list[Chat] = []
        while coming or going:
            while coming and len(going) < WINDOW:
                going.append(coming.pop())
            chat = self.chance.choice(going)
            verb = chat.verbs.pop(0)
            getattr(self, f"_{verb}")(chat)
            self.done[verb] += 1
            if not chat.verbs:
                going.remove(chat)
            yield

    def _chat(self, number: int) -> Chat:
        moves = self.chance.choice(MOVES)
        ends = ["cancel"] if self.chance.random() < CANCELLED else []
        return Chat(self.pairs[number // CHATS_OF_A_PAIR], ["book", *["move"] * moves, *ends])

    def _book(self, chat: Chat) -> None:
        pair, key, starts_at = chat.pair, self._key(), self._time(chat.pair)
        by = self._one_of(pair)
        chat.id = self.patiently(
            lambda: services.book(pair.walk_id, by, starts_at, Format.COFFEE, "Juniper Café", key=key, now=clock.now())
        )

    def _move(self, chat: Chat) -> None:
        key, starts_at, by = self._key(), self._time(chat.pair), self._one_of(chat.pair)
        self.patiently(lambda: services.move(chat.id, by, chat.revision, starts_at, key=key, now=clock.now()))
        chat.revision += 1

    def _cancel(self, chat: Chat) -> None:
        key, by = self._key(), self._one_of(chat.pair)
        self.patiently(lambda: services.cancel(chat.id, by, chat.revision, key=key, now=clock.now()))
        self.cancelled[chat.id] = clock.now()

    def _time(self, pair: Pair) -> datetime:
        now = clock.now()
        times = self.patiently(lambda: open_times(pair.peer_id, pair.member_id, now))
        return self.chance.choice([slot.starts_at for slot in times if slot.starts_at > now + NEAREST])

    def _one_of(self, pair: Pair) -> int:
        return self.chance.choice([pair.member_id, pair.peer_id])

    def _key(self) -> str:
        return f"{self.chance.getrandbits(64):x}"

    def patiently(self, verb: Callable[[], T]) -> T:
        """Do it; where the database is away, do it again with the same key, as a page that is sent again does."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                with self.app.app_context():
                    return verb()
            except DBAPIError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.02)  # between two tries


def _pair(number: int, now: datetime) -> Pair:
    member_id = add_member(now, f"Quetzal{number}")
    peer_id = add_peer(now, f"Kakapo{number}")
    for one in (member_id, peer_id):
        give_consents(one, list(Purpose), now=now)
    return Pair(add_walk(member_id, peer_id, State.WALKING, now), member_id, peer_id)
