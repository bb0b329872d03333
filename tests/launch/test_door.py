"""The door opens for new Pythons and tells old ones what they lack."""

import ast
import subprocess
import sys

import pytest

from portal.__main__ import too_old
from portal.launch.places import ROOT


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (4, 0)])
def test_a_recent_python_is_welcome(version: tuple[int, int]) -> None:
    assert too_old(version) == ""


def test_an_old_python_is_told_which_one_is_needed() -> None:
    assert too_old((3, 8)) == (
        "Python 3.11 or newer is needed; this one is 3.8. Start it with a newer one: python3.11 -m portal …"
    )


@pytest.mark.parametrize("name", ["__init__.py", "__main__.py"])
def test_an_old_python_can_read_the_door(name: str) -> None:
    source = (ROOT / "portal" / name).read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 6))


def test_an_old_python_says_so_and_shows_no_traceback() -> None:
    pretend = "import sys, runpy; sys.version_info = (3, 8, 1); runpy.run_module('portal', run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", pretend], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, too_old((3, 8)) + "\n")


def test_without_a_verb_the_door_tells_what_there_is() -> None:
    done = subprocess.run([sys.executable, "-m", "portal"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "python3 -m portal run" in done.stdout
