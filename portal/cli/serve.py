"""The running parts: web, worker, clock, and the local post office of a site without SMTP_URL."""

import logging
import os
import signal
import sys
import threading
from pathlib import Path

import click
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox
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


@click.command()
@click.option("--host", default="127.0.0.1")
@click.option("--port", default=8000, type=int)
@click.option("--workers", default=2, type=int)
def web(host: str, port: int, workers: int) -> None:
    """Become gunicorn, serving the pages."""
    os.execv(sys.executable, gunicorn_command("portal.app:from_environment()", host, port, workers))


def gunicorn_command(app: str, host: str, port: int, workers: int) -> list[str]:
    """Return how an application is served: each process has four threads and loads it before it begins."""
    return [
        *(sys.executable, "-m", "gunicorn", app),
        *("--config", "python:portal.cli.gunicorn"),
        *("--bind", f"{host}:{port}", "--workers", str(workers), "--threads", "4"),
        *("--no-control-socket", "--log-level", "warning", "--preload"),
    ]


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
    queues = [queue.letters_queue(connection), queue.readings_queue(connection)]
    made = LettersWorker(queues, connection=connection, serializer=JSONSerializer, log_job_description=False)
    made.app = app
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


@click.command()
@click.option("--host", default="127.0.0.1")
@click.option("--port", required=True, type=int)
@click.option("--maildir", required=True, type=click.Path(path_type=Path))
def mailbox(host: str, port: int, maildir: Path) -> None:
    """Keep what is sent as a Maildir, for a site that has no post office of its own."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    maildir.parent.mkdir(parents=True, exist_ok=True)
    controller = Controller(Mailbox(maildir), hostname=host, port=port)
    controller.start()
    stop.wait()
    controller.stop()
