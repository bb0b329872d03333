"""What breaks: one random thing after the other, by a seed, so that a run can be had again."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import select, update

from portal.db import transaction
from portal.domain.notice import CALENDAR_KINDS, NoticeState
from portal.models import Notice
from tests.faults.parts import Parts
from tests.faults.people import People
from tests.servers.smtp_sink import Manner

WAITING = (NoticeState.DUE, NoticeState.SENDING)
# A server that works is met more often than each of the others.
MANNERS = (*[Manner.TAKES] * 4, *Manner)
STEPS = (timedelta(seconds=5), timedelta(seconds=45), timedelta(minutes=3), timedelta(minutes=15))


@dataclass
class Trouble:
    """Breaks one thing at each strike, and says in `done` how often which."""

    parts: Parts
    people: People
    chance: random.Random
    done: Counter[str] = field(default_factory=Counter)
    broker_away: bool = False

    def strike(self) -> None:
        """Break something."""
        if self.broker_away:
            self._broker_back()
        faults: list[Callable[[], None]] = [
            *[self.kill_worker] * 3,
            self.kill_clock,
            self.empty_broker,
            self.stop_broker,
            *[self.change_manner] * 4,
            self.end_server,
            self.step_clock,
        ]
        if self.parts.cluster is not None:
            faults += [self.restart_database] * 2
        fault = self.chance.choice(faults)
        fault()
        self.done[fault.__name__] += 1

    def kill_worker(self) -> None:
        """Kill -9 of a worker, whatever it does; the supervisor starts it again."""
        self.chance.choice(self.parts.workers).kill()

    def kill_clock(self) -> None:
        """Kill -9 of the clock."""
        self.parts.clock.kill()

    def empty_broker(self) -> None:
        """Flush the broker."""
        self.parts.listen()
        client = self.parts.valkey.client()
        client.flushall()
        client.close()

    def stop_broker(self) -> None:
        """Kill -9 of the broker, until the next strike."""
        self.parts.listen()
        self.parts.valkey.kill()
        self.broker_away = True

    def change_manner(self) -> None:
        """Have the mail server start anew and treat letters in another manner."""
        self.parts.sink.be(self.chance.choice(MANNERS))

    def end_server(self) -> None:
        """Have the mail server be gone, until its manner changes."""
        self.parts.sink.end()

    def step_clock(self) -> None:
        """Step the clock."""
        self.step(self.chance.choice(STEPS))

    def restart_database(self) -> None:
        """Restart the database, in order or as in a crash."""
        if self.parts.cluster is not None:
            self.parts.cluster.restart(crash=self.chance.random() < 0.5)

    def step(self, by: timedelta, *, leases: bool = True) -> None:
        """Set the clock forward, as far as letters are concerned: what is due, or held, counts from earlier."""
        self.people.patiently(lambda: _step(by, leases))

    def mend(self) -> None:
        """Have everything run again, and the mail server take all."""
        if self.broker_away:
            self._broker_back()
        self.parts.sink.be(Manner.TAKES)
        self.parts.tend()

    def _broker_back(self) -> None:
        self.parts.valkey.start()
        self.broker_away = False


def _step(by: timedelta, leases: bool) -> None:
    with transaction() as session:
        waiting = select(Notice.id, Notice.due_at, Notice.lease_until).where(
            Notice.state.in_(WAITING), Notice.kind.in_(CALENDAR_KINDS)
        )
        for notice_id, due_at, lease_until in session.execute(waiting.with_for_update()).all():
            earlier = {"due_at": due_at - by}
            if leases and lease_until is not None:
                earlier["lease_until"] = lease_until - by
            session.execute(
                update(Notice).where(Notice.id == notice_id).values(earlier),
                execution_options={"synchronize_session": False},
            )
