"""Other people's programs, run beside ours by a Python outside the repository; whatever cannot be had is said so.

BENCH_RIVALS names the folder of a virtual environment that has them; without it one is made in the temporary folder
and kept there for the next run.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.slots.case import DAYS, NOW, WEEK, ZONE, Case
from portal.domain.slots import instant_of
from portal.domain.slots.rules import closed_spans
from tests.servers.postgresql import OWNER, Cluster, find_programs

PACKAGES = ("django-appointment", "portion", "recurring-ical-events", "psycopg[binary]")
WAYS = ("portion", "recurring-ical-events", "django-appointment sqlite", "django-appointment postgresql")
Found = Mapping[str, Any]


def run_outside(case: Case, times: int) -> dict[str, Found]:
    """Return what each way found, or `{"why": …}` where it was not run."""
    try:
        python = _python()
    except (OSError, subprocess.CalledProcessError) as error:
        return {way: {"why": f"packages cannot be installed ({type(error).__name__})"} for way in WAYS}
    found: dict[str, Found] = {}
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        asked = _asked(case, times) | {
            "sqlite": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(Path(folder) / "theirs.sqlite")}
        }
        found |= {way: _run(python, way, asked) for way in WAYS[:3]}
        programs = find_programs()
        if programs is None:
            return found | {WAYS[3]: {"why": "PostgreSQL is not installed"}}
        cluster = Cluster(programs)
        try:
            cluster.create("theirs")
            database = {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": "theirs",
                "USER": OWNER,
                "HOST": str(cluster.folder),
            }
            return found | {WAYS[3]: _run(python, WAYS[3], asked | {"postgresql": database})}
        finally:
            cluster.stop()


def _run(python: Path, way: str, asked: Mapping[str, Any]) -> Found:
    program = Path(__file__).with_name("strangers.py")
    command = [str(python), str(program), way]
    try:
        done = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, timeout=120, check=True)
    except subprocess.TimeoutExpired:
        return {"why": "took longer than two minutes"}
    except subprocess.CalledProcessError as error:
        said = [line.strip() for line in error.stderr.splitlines() if "Error" in line]
        return {"why": (said or ["it broke"])[-1]}
    answer: Found = json.loads(done.stdout.splitlines()[-1])
    return answer


def _asked(case: Case, times: int) -> dict[str, Any]:
    """The case in plain words; rest is already around the chats, which others cannot be told."""
    busy = [
        (instant_of(starts).isoformat(), instant_of(ends).isoformat())
        for starts, ends in closed_spans(case.busy, case.policy)
    ]
    return {
        "zone": ZONE,
        "week": {str(weekday): windows for weekday, windows in WEEK.items()},
        "busy": busy,
        "first": case.first.isoformat(),
        "last": case.last.isoformat(),
        "length": case.policy.length_minutes,
        "step": case.policy.step,
        "earliest": instant_of(round(NOW.timestamp()) + case.policy.notice_minutes * 60).isoformat(),
        "times": times,
        "days": DAYS,
    }


def _python() -> Path:
    folder = Path(os.environ.get("BENCH_RIVALS") or Path(tempfile.gettempdir()) / "portal-bench-rivals")
    python = folder / "bin" / "python"
    if not (folder / "complete").exists() and "BENCH_RIVALS" not in os.environ:
        quiet = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run([sys.executable, "-m", "venv", str(folder)], **quiet)  # type: ignore[call-overload]
        subprocess.run([str(python), "-m", "pip", "install", "-q", *PACKAGES], **quiet)  # type: ignore[call-overload]
        (folder / "complete").touch()
    if not python.exists():
        raise FileNotFoundError(python)
    return python
