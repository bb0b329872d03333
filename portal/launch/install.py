"""The virtual environment: made once, filled from the pinned files, left alone while those stay the same."""

import fcntl
import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from portal.launch import machine
from portal.launch.places import ROOT, venv, venv_program
from portal.launch.processes import die_with_parent
from portal.launch.words import LaunchError, say

HERE = Path(__file__).parent
STAMP = "portal-installed.json"


def ensure_python(environ: Mapping[str, str], *, dev: bool) -> None:
    """Make the virtual environment hold exactly the pinned packages; `dev` adds those of the tests."""
    with one_at_a_time(venv(environ)):
        if not is_working(environ):
            make_venv(environ)
        # The tests' packages include those of the site, so their stamp serves both.
        full = fingerprint([ROOT / "requirements-dev.txt"])
        slim = fingerprint([ROOT / "requirements.txt"])
        if is_stamped(environ, "dev", full) or (not dev and is_stamped(environ, "site", slim)):
            return
        say("Installing the Python packages.")
        install(environ, ROOT / ("requirements-dev.txt" if dev else "requirements.txt"))
        stamp(environ, "dev" if dev else "site", full if dev else slim)


def make_venv(environ: Mapping[str, str]) -> None:
    """Make the virtual environment anew; a folder that holds something else is left alone."""
    folder = venv(environ)
    if folder.exists() and any(folder.iterdir()) and not (folder / "pyvenv.cfg").exists():
        raise LaunchError(
            f"{folder} holds something else than a virtual environment; set PORTAL_VENV to another folder."
        )
    machine.need_ensurepip()
    say(f"Making a virtual environment in {folder}.")
    must([sys.executable, "-m", "venv", "--clear", folder], environ)


def install(environ: Mapping[str, str], requirements: Path, *options: str) -> None:
    """Install one pinned file into the virtual environment."""
    python, uv = venv_program(environ, "python"), venv_program(environ, "uv")
    if not uv.exists():
        must([python, "-m", "pip", "install", "-q", "--require-hashes", "-r", HERE / "requirements-uv.txt"], environ)
    must(
        [
            uv,
            "pip",
            "install",
            "-q",
            "--python",
            python,
            "--require-hashes",
            "--compile-bytecode",
            *options,
            "-r",
            requirements,
        ],
        environ,
    )


def install_extra(environ: Mapping[str, str], name: str) -> None:
    """Install a stand-in for something the machine lacks (requirements-<name>.txt beside this file)."""
    ensure_python(environ, dev=False)
    install(environ, HERE / f"requirements-{name}.txt", "--no-deps")


def is_working(environ: Mapping[str, str]) -> bool:
    """Say whether the virtual environment has a Python that still starts."""
    python = venv_program(environ, "python")
    if not python.exists():
        return False
    if is_stamped(environ, "python", str(python.resolve())):
        return True
    works = subprocess.run([python, "-c", "import pip"], capture_output=True, check=False).returncode == 0
    if works:
        stamp(environ, "python", str(python.resolve()))
    return works


def fingerprint(files: Sequence[Path]) -> str:
    """Return a hash of the contents of these files."""
    try:
        return hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()
    except OSError as error:
        raise LaunchError(f"{error.filename} is missing; it is part of the project.") from None


def is_stamped(environ: Mapping[str, str], name: str, mark: str) -> bool:
    """Say whether this step was done for just these files."""
    return _stamps(environ).get(name) == mark


def stamp(environ: Mapping[str, str], name: str, mark: str) -> None:
    """Remember that this step was done for just these files."""
    (venv(environ) / STAMP).write_text(json.dumps({**_stamps(environ), name: mark}, indent=1))


def _stamps(environ: Mapping[str, str]) -> dict[str, str]:
    try:
        found = json.loads((venv(environ) / STAMP).read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Wait until no other launcher is setting up the same folder."""
    locks = ROOT / "var"
    locks.mkdir(exist_ok=True)
    with open(locks / f"set-up-{folder.name.lstrip('.')}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def must(command: Sequence[str | Path], environ: Mapping[str, str], cwd: Path = ROOT) -> None:
    """Run a step of the set-up; raises LaunchError with its last lines when it fails."""
    environ = {key: value for key, value in environ.items() if key not in ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME")}
    done = subprocess.run(
        command,
        env=environ,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        preexec_fn=die_with_parent(),
    )
    if done.returncode:
        last = done.stdout.decode(errors="replace").strip().splitlines()[-12:]
        raise LaunchError("\n".join([f"This step of the set-up failed: {' '.join(map(str, command))}", *last]))
