"""`metrics`: the site's figures for Prometheus, on a port of its own; counts only, nothing about anybody."""

import logging
import signal
import sys
import threading
from collections.abc import Iterator

import click
from flask import Flask
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from portal import clock
from portal.app import from_environment
from portal.queries.notice import standing
from portal.services.notice.readiness import readiness

logger = logging.getLogger(__name__)
OFF = "METRICS is not set, so there is no port to hand out figures on. docs/operating.md says how."


@click.command()
def metrics() -> None:
    """Hand out figures at /metrics until told to stop."""
    app = from_environment()
    place = app.extensions["settings"].metrics
    if place is None:
        click.echo(OFF, err=True)
        sys.exit(2)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    server, thread = start_http_server(place[1], addr=place[0], registry=registry_of(app))
    stop.wait()
    server.shutdown()
    thread.join()


def registry_of(app: Flask) -> CollectorRegistry:
    """Return what a reading collects: asked anew each time, kept nowhere."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(SiteFigures(app))
    return registry


class SiteFigures(Collector):
    """The outbox and the signs of life, as they are at the moment of the reading."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Read everything once; where the database is away only that is told."""
        with self.app.app_context():
            now = clock.now()
            ready = readiness(now=now)
            up = GaugeMetricFamily("portal_up", "Whether a part of the site answers.", labels=["part"])
            for part, answers in vars(ready).items():
                up.add_metric([part], float(answers))
            yield up
            if ready.database:
                try:
                    yield from list(_outbox())
                except SQLAlchemyError as error:
                    logger.error("figures: %s", type(error).__name__)


def _outbox() -> Iterator[GaugeMetricFamily]:
    now = clock.now()
    letters = GaugeMetricFamily("portal_letters", "Letters by state and way.", labels=["state", "way"])
    for amount in standing.amounts():
        letters.add_metric([amount.state.value, amount.channel.value], amount.count)
    yield letters
    oldest = standing.oldest_due(now)
    late = (now - oldest).total_seconds() if oldest is not None else 0.0
    yield GaugeMetricFamily("portal_letters_late_seconds", "How late the longest waiting letter is.", value=late)
    held = standing.held_since() is not None
    yield GaugeMetricFamily("portal_post_held", "Whether nothing is sent until a person says so.", value=float(held))
    ages = GaugeMetricFamily("portal_sign_age_seconds", "How long ago a part last showed a sign.", labels=["part"])
    for name, at in standing.last_signs().items():
        ages.add_metric([name], (now - at).total_seconds())
    yield ages
