"""One run: people act while things break; then all is mended, and everything owed has to come out."""

import logging
import random
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from portal import clock
from portal.db import read
from portal.domain.notice import CALENDAR_KINDS, NoticeState
from portal.models import Notice
from portal.services.notice.staff import try_again
from tests.faults import proof
from tests.faults.parts import Parts, running
from tests.faults.people import People
from tests.faults.trouble import WAITING, Trouble

OUT_SECONDS = 300.0
ACTS_OF_A_CHAT = 2.2
# The longest pause between two tries, and longer than a cancellation waits in case it is undone.
ALL_PAUSES = timedelta(hours=2)

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Plan:
    """How long things break (seconds), about how often; `hurried` steps the clock over leases too at the end."""

    chats: int
    seconds: float
    seed: int
    between: float = 1.5
    hurried: bool = False


@dataclass
class Result:
    """What a run found; without `findings` it kept every promise."""

    findings: list[str]
    figures: dict[str, object]


def run(engine: str, plan: Plan, sink_program: Path, postgresql_programs: Path | None = None) -> Result:
    """Run a site on this engine through its faults."""
    chance = random.Random(plan.seed)
    with running(engine, sink_program, postgresql_programs) as parts:
        people = People(parts.app, random.Random(chance.random()), plan.chats)
        people.settle()
        logger.info("%s pairs are there", len(people.pairs))
        trouble = Trouble(parts, people, random.Random(chance.random()))
        parts.tend()
        _break(parts, people, trouble, plan)
        trouble.mend()
        mended = time.monotonic()
        logger.info("all is mended: %s", dict(trouble.done))
        again = people.patiently(_ask_again)
        trouble.step(ALL_PAUSES, leases=plan.hurried)
        out = _all_out(parts, people, mended)
        parts.listen()
        logger.info("all is out after %s s", out)
        letters = parts.sink.letters()
        with parts.app.app_context():
            found = list(proof.findings(letters, people.cancelled, [*parts.heard, parts.said()]))
            figures = proof.counts(letters)
        if out is None:
            found.append(f"not all was out {OUT_SECONDS:.0f} seconds after the mending")
        figures = {"done": people.done, "faults": dict(trouble.done), "asked again": again, **figures, "out after": out}
        return Result(found, figures)


def _break(parts: Parts, people: People, trouble: Trouble, plan: Plan) -> None:
    """Spread what people do and what breaks over the time of the plan."""
    began = time.monotonic()
    acts = people.act()
    done, total, goes_on = 0, plan.chats * ACTS_OF_A_CHAT, True
    # On a machine that is slow, things break less often, or nobody would get anything done.
    apart = total * plan.between / plan.seconds / 2
    strike_at, strike_after = began, 0.0
    while goes_on or time.monotonic() - began < plan.seconds:
        if time.monotonic() >= strike_at and (done >= strike_after or not goes_on):
            trouble.strike()
            strike_at = time.monotonic() + trouble.chance.expovariate(1 / plan.between)
            strike_after = done + apart
        parts.tend()
        if goes_on and done <= total * (time.monotonic() - began) / plan.seconds:
            goes_on = next(acts, StopIteration) is None
            done += 1
        else:
            time.sleep(0.01)  # the next instant: it is time itself that this run is made of


def _ask_again() -> int:
    """Do what a coordinator does about letters that were refused for good; doubtful ones are theirs to judge."""
    refused = select(Notice.id).where(
        Notice.state == NoticeState.FAILED, Notice.kind.in_(CALENDAR_KINDS), Notice.error != "doubtful"
    )
    ids = list(read().scalars(refused))
    person_id = read().scalar(select(func.min(Notice.person_id))) or 0
    read().rollback()
    for notice_id in ids:
        try_again(notice_id, person_id, now=clock.now())
    return len(ids)


def _all_out(parts: Parts, people: People, mended: float) -> float | None:
    """Wait until nothing is owed any more; returns the seconds since the mending, None where it took too long."""
    while people.patiently(_waiting):
        parts.tend()
        if time.monotonic() - mended > OUT_SECONDS:
            return None
        time.sleep(0.1)  # between two looks, until the deadline
    return round(time.monotonic() - mended, 1)


def _waiting() -> int:
    waiting = select(func.count()).where(Notice.state.in_(WAITING), Notice.kind.in_(CALENDAR_KINDS))
    found = read().scalar(waiting) or 0
    read().rollback()
    return found
