"""The timetable: what the clock process does, and how often."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from portal import clock
from portal.jobs import account, booking, checkin, experience, matching, notice, proposal, slots

logger = logging.getLogger(__name__)
STEP_SECONDS = 5.0
TIMETABLE: tuple[tuple[timedelta, Callable[[], None]], ...] = (
    (timedelta(seconds=5), notice.sweep),
    (timedelta(minutes=1), notice.beat),
    (timedelta(minutes=1), matching.move_on),
    (timedelta(minutes=1), proposal.pick_up),
    (timedelta(minutes=1), booking.settle),
    (timedelta(minutes=1), slots.pick_up),
    (timedelta(minutes=1), booking.answer_for_silence),
    (timedelta(minutes=1), checkin.send_due),
    (timedelta(minutes=1), account.seal),
    (timedelta(minutes=10), experience.ask_ready_again),
    (timedelta(days=1), notice.purge),
    (timedelta(days=1), slots.forget_past),
    (timedelta(days=1), slots.clear_out),
    (timedelta(days=1), account.clear_out),
    (timedelta(days=1), booking.clear_out),
    (timedelta(days=1), checkin.forget_old),
)
_last: dict[Callable[[], None], datetime] = {}


def run_due() -> None:
    """Do what is due; a job that fails is logged by its class and does not stop the others."""
    for every, job in TIMETABLE:
        now = clock.now()
        if now - _last.get(job, now - every) < every:
            continue
        _last[job] = now
        try:
            job()
        except Exception as error:  # the clock must go on whatever happens to one of its jobs
            logger.error("%s: %s", job.__name__, type(error).__name__)
