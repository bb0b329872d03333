"""The verb that becomes gunicorn; it knows nothing of the application, which gunicorn loads for itself."""

import os
import sys

import click


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
