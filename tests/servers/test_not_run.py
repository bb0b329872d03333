"""What was not run is said with its reason and is a failure where CI is set, by one process or by two."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from portal.launch.places import ROOT

LACKING = "from tests.servers.missing import lacking\n\n\ndef test_it():\n    lacking('A moon', 'wait for the night')\n"
NO_MODULE = "import pytest\n\npytest.skip('no tide', allow_module_level=True)\n"
TWO = "def test_one():\n    pass\n\n\ndef test_other():\n    pass\n"
GONE = "import os\n\n\ndef test_it():\n    os._exit(0)\n"
GONE_AT_THE_END = (
    "import os\n\n\ndef pytest_sessionfinish(session):\n"
    "    if hasattr(session.config, 'workerinput'):\n        os._exit(0)\n"
)
BY_TWO = ("-n", "2", "--dist", "worksteal", "--max-worker-restart", "0")


def run(folder: Path, *arguments: str, ci: str = "") -> tuple[int, str]:
    """Run the tests of a folder; returns the exit code and what was said."""
    plugins = ["-p", "tests.not_run", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *plugins, *arguments, str(folder)],
        cwd=ROOT,
        env={**os.environ, "CI": ci},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def test_these_tests_keep_the_account(request: pytest.FixtureRequest) -> None:
    assert request.config.pluginmanager.has_plugin("tests.not_run")


@pytest.mark.parametrize("processes", [(), BY_TWO], ids=["one process", "two"])
@pytest.mark.parametrize(
    ("written", "arguments", "told"),
    [
        (LACKING, (), "Not run: 1 test: A moon is missing (wait for the night)"),
        (NO_MODULE, (), "Not run: 1 test: no tide"),
        ("", ("-k", "one"), "Not run: 1 test: left out by the arguments"),
    ],
    ids=["a test", "a module", "an argument"],
)
def test_what_was_not_run_is_told_and_counts_in_ci(
    tmp_path: Path, written: str, arguments: tuple[str, ...], told: str, processes: tuple[str, ...]
) -> None:
    (tmp_path / "test_some.py").write_text(written)
    (tmp_path / "test_two.py").write_text(TWO)
    code, said = run(tmp_path, *arguments, *processes, ci="true")
    assert (code, told in said.splitlines()) == (1, True), said


@pytest.mark.parametrize("processes", [(), BY_TWO], ids=["one process", "two"])
def test_elsewhere_it_is_told_only(tmp_path: Path, processes: tuple[str, ...]) -> None:
    (tmp_path / "test_lacking.py").write_text(LACKING)
    code, said = run(tmp_path, *processes)
    assert (code, "Not run: 1 test: A moon is missing (wait for the night)" in said.splitlines()) == (0, True), said


def test_a_process_that_ends_in_a_test_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "test_gone.py").write_text(GONE)
    code, said = run(tmp_path, *BY_TWO)
    assert code == 1
    assert "crashed while running" in said


def test_a_process_that_ends_after_its_tests_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "test_two.py").write_text(TWO)
    assert run(tmp_path, *BY_TWO, ci="true")[0] == 0
    (tmp_path / "conftest.py").write_text(GONE_AT_THE_END)
    code, said = run(tmp_path, *BY_TWO)
    assert (code, "A process of tests ended before its time: Not properly terminated" in said) == (1, True), said
