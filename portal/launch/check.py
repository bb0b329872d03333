"""`test`: sets up what tests need, runs style, types and tests, and says at the end what was not run and why."""

import contextlib
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from portal.launch import machine, places
from portal.launch.frontend import ensure_frontend
from portal.launch.install import ensure_python, install_extra, must
from portal.launch.words import LaunchError, complain, say

CHECKS = {
    "style": ["ruff", "check", "."],
    "format": ["ruff", "format", "--check", "."],
    "types": ["mypy"],
    "tests": ["pytest"],
}
# As many processes as there are cores; whoever has no tests left takes over half of another's, from the end.
ALL_AT_ONCE = ["--numprocesses", "auto", "--maxprocesses", "8", "--dist", "worksteal"]


def check(arguments: Sequence[str], given: Mapping[str, str]) -> int:
    """Run every check, or only the tests when arguments for them are given; returns 0 when all passed."""
    ensure_python(given, dev=True)
    ensure_frontend(given, dev=True)
    sentences = (ensure_postgresql(given), ensure_chromium(given), ensure_libical(), ensure_smtp_sink(given))
    lacking = [sentence for sentence in sentences if sentence]
    python = places.venv_program(given, "python")
    names = ["tests"] if arguments else list(CHECKS)
    results = {name: one(python, name, command(name, arguments), given) for name in names}
    say("")
    for name, (passed, seconds) in results.items():
        say(f"  {name:<8} {'passed' if passed else 'FAILED'}  {seconds:6.1f} s")
    for sentence in lacking:
        complain(f"  {sentence}")
    strict = bool(given.get("CI")) and bool(lacking)
    return 0 if all(passed for passed, _ in results.values()) and not strict else 1


def command(name: str, arguments: Sequence[str]) -> list[str]:
    """Return the module of a check with its arguments: all tests go over all cores, chosen ones as asked."""
    return [*CHECKS[name], *(ALL_AT_ONCE if name == "tests" and not arguments else arguments)]


def one(python: Path, name: str, module: Sequence[str], given: Mapping[str, str]) -> tuple[bool, float]:
    """Run one check; returns whether it passed and the seconds it took."""
    say(f"— {name}")
    begun = time.monotonic()
    code = subprocess.run(
        [python, "-m", *module], cwd=places.ROOT, env=dict(given), stdin=subprocess.DEVNULL, check=False
    )
    return code.returncode == 0, time.monotonic() - begun


def ensure_postgresql(given: Mapping[str, str]) -> str:
    """Find PostgreSQL's programs or install them; returns a sentence when there are none."""
    packages = site_packages(given)
    if machine.postgresql_bin(packages) or (
        machine.install_with_apt(["postgresql"], "tests run on it too") and machine.postgresql_bin(packages)
    ):
        return ""
    say("PostgreSQL is not on this machine: installing the one of PyPI into the virtual environment.")
    with contextlib.suppress(LaunchError):
        install_extra(given, "pgserver")
    if machine.postgresql_bin(packages):
        return ""
    install = machine.how_to_install("postgresql", "postgresql")
    return f"PostgreSQL is missing, so its tests were not run. Install it: {install}"


def ensure_chromium(given: Mapping[str, str]) -> str:
    """Find a browser or install one; returns a sentence when there is none."""
    if machine.chromium() or (
        machine.install_with_apt(["chromium"], "tests use a real browser") and machine.chromium()
    ):
        return ""
    say("No Chromium on this machine: asking Playwright for its own.")
    with contextlib.suppress(LaunchError):
        must([places.venv_program(given, "python"), "-m", "playwright", "install", "chromium"], given)
    if machine.chromium():
        return ""
    install = machine.how_to_install("chromium", "--cask chromium")
    return f"Chromium is missing, so the browser's tests were not run. Install it: {install}"


def ensure_libical() -> str:
    """Find the library that reads calendar files beside ours, or install it; returns a sentence when there is none."""
    if machine.libical() or (
        machine.install_with_apt(["libical3"], "tests read calendar files with it") and machine.libical()
    ):
        return ""
    install = machine.how_to_install("libical3", "libical")
    return f"libical is missing, so its readings of calendar files were not run. Install it: {install}"


def ensure_smtp_sink(given: Mapping[str, str]) -> str:
    """Find Postfix's mail server for tests or unpack it; returns a sentence when there is none.

    Its package is never installed: that would set up a mail server of the whole machine.
    """
    folder = places.smtp_sink(given)
    if machine.smtp_sink(folder) or (
        machine.unpack_with_apt("postfix", folder, "tests of faults use its smtp-sink") and machine.smtp_sink(folder)
    ):
        return ""
    install = machine.how_to_install("postfix", "postfix")
    return f"smtp-sink is missing, so the runs with faults were not made. Install it: {install}"


def site_packages(given: Mapping[str, str]) -> Path | None:
    """Return the folder of the virtual environment's packages."""
    return next(places.venv(given).glob("lib/python3*/site-packages"), None)
