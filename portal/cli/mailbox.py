"""The local post office of a site without SMTP_URL."""

import signal
import threading
from pathlib import Path

import click
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox


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
