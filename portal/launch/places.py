"""Where things lie: the checkout, its virtual environment, its data."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def venv(environ: Mapping[str, str]) -> Path:
    """Return the folder of the virtual environment (PORTAL_VENV, else .venv in the checkout)."""
    return Path(environ.get("PORTAL_VENV") or ROOT / ".venv").absolute()


def venv_program(environ: Mapping[str, str], name: str) -> Path:
    """Return where the virtual environment keeps a program."""
    folder, ending = ("Scripts", ".exe") if sys.platform == "win32" else ("bin", "")
    return venv(environ) / folder / (name + ending)


def smtp_sink(environ: Mapping[str, str]) -> Path:
    """Return the folder beside the virtual environment's packages where Postfix is unpacked for its smtp-sink."""
    return venv(environ) / "smtp-sink"


def var(environ: Mapping[str, str]) -> Path:
    """Return the folder of the data (PORTAL_VAR, else var in the checkout)."""
    return Path(environ.get("PORTAL_VAR") or ROOT / "var").absolute()


def make_private(folder: Path) -> Path:
    """Make a folder that only its owner may enter, and return it."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.chmod(folder, 0o700)
    return folder
