"""The figures for Prometheus, over HTTP, as its own reader of the format reads them."""

import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from prometheus_client.exposition import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from portal import clock
from portal.cli.metrics import registry_of
from portal.launch.places import ROOT
from portal.services.notice.hold import hold
from portal.services.notice.sweep import beat
from tests.cli.figures import Figures, figures_of
from tests.servers.ports import any_free
from tests.servers.settings import environ_for
from tests.servers.smtp import Sink
from tests.servers.valkey import Valkey
from tests.services.conftest import Chat, chat, inside

__all__ = ["chat", "inside"]


def read(app: Flask) -> Figures:
    return figures_of(text_string_to_metric_families(generate_latest(registry_of(app)).decode()))


def test_the_figures_are_those_of_the_outbox(app: Flask, chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    at = chat.starts_at.replace(hour=10)
    beat(now=at)
    hold("by hand", now=at)
    monkeypatch.setattr(clock, "now", lambda: at.replace(minute=2))
    found = read(app)
    assert found["portal_letters", ("due", "email")] == 6
    assert found["portal_post_held", ()] == 1
    assert found["portal_sign_age_seconds", ("clock",)] == 120
    assert found["portal_up", ("clock",)] == 1
    assert found["portal_up", ("worker",)] == 0
    assert found["portal_letters_late_seconds", ()] > 86_400


def test_nothing_tells_who_or_why(app: Flask, chat: Chat) -> None:
    said = generate_latest(registry_of(app)).decode()
    assert [word for word in ("Ana", "Ben", "example.org", "Juniper") if word in said] == []


@pytest.fixture
def running(
    engine_url: str, valkey: Valkey, smtp: Sink, tmp_path: Path
) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    port = any_free()
    environ = environ_for(engine_url, tmp_path, redis_url=valkey.url, smtp_url=smtp.url)
    process = subprocess.Popen(
        [sys.executable, "-m", "portal.cli", "metrics"],
        cwd=ROOT,
        env=dict(os.environ) | environ | {"METRICS": f"127.0.0.1:{port}"},
    )
    yield process, f"http://127.0.0.1:{port}/metrics"
    process.kill()
    process.wait()


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_they_are_handed_out_on_a_port_of_their_own_until_told_to_stop(
    running: tuple[subprocess.Popen[bytes], str],
) -> None:
    process, address = running
    found: Figures = {}
    while not found and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                found = figures_of(text_string_to_metric_families(answer.read().decode()))
        except ConnectionRefusedError:
            continue
        except urllib.error.URLError as error:
            assert isinstance(error.reason, ConnectionRefusedError)  # noqa: PT017
    assert (found["portal_up", ("database",)], found["portal_up", ("broker",)]) == (1, 1)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 0
