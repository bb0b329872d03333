"""What works behind the pages: worker and clock."""

import gc
import logging
import signal
import threading
from pathlib import Path

import click
from flask import Flask
from rq import Queue, SimpleWorker
from rq.executions import Execution
from rq.job import Job
from rq.serializers import JSONSerializer
from sqlalchemy.exc import SQLAlchemyError

from portal import queue
from portal.app import from_environment
from portal.cli import restored
from portal.clock import now
from portal.jobs import timetable
from portal.queries.notice import standing
from portal.services.notice.hold import hold

logger = logging.getLogger(__name__)


class LettersWorker(SimpleWorker):
    """Works in its own process, each job in an app context of its own, so that no session outlives its job."""

    app: Flask

    def perform_job(self, job: Job, queue: Queue, execution: Execution) -> bool:
        """Do one job."""
        with self.app.app_context():
            return super().perform_job(job, queue, execution)


@click.command()
def worker() -> None:
    """Send letters when the doorbell rings, and read calendars when there are none."""
    app = from_environment()
    connection = queue.worker_connection(app.extensions["settings"].redis_url)
    queues = [queue.letters_queue(connection), queue.due_queue(connection), queue.readings_queue(connection)]
    made = LettersWorker(queues, connection=connection, serializer=JSONSerializer, log_job_description=False)
    made.app = app
    # What the application consists of is looked through for garbage no more: it took a third of the work of a letter.
    gc.collect()
    gc.freeze()
    made.work(logging_level="WARNING")


@click.command()
def clock() -> None:
    """Do what is due by the timetable, until told to stop."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    app = from_environment()
    folder: Path = app.extensions["settings"].var
    while not stop.is_set():
        with app.app_context():
            watch_over_restoring(folder)
            timetable.run_due()
        stop.wait(timetable.STEP_SECONDS)


def watch_over_restoring(folder: Path) -> None:
    """Hold the post where the database knows less than it did: a backup was put back."""
    try:
        last = standing.last_signs().get(standing.CLOCK)
        if restored.went_back(folder, last) and standing.held_since() is None:
            hold("restored", now=now())
            logger.warning("a backup was put back: nothing is sent until `mail go`")
        if last is not None:
            restored.note(folder, last)
    except (SQLAlchemyError, OSError) as error:  # the database or the disk is away: the clock goes on all the same
        logger.error("clock: %s", type(error).__name__)
