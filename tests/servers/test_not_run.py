"""What was not run is said with its reason, and is a failure where CI is set."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from portal.launch.places import ROOT

LACKING = "from tests.servers.missing import lacking\n\n\ndef test_it():\n    lacking('A moon', 'wait for the night')\n"


@pytest.mark.parametrize(("ci", "code"), [("", 0), ("true", 1)])
def test_a_test_that_lacks_something_is_told_and_counts_in_ci(tmp_path: Path, ci: str, code: int) -> None:
    (tmp_path / "test_lacking.py").write_text(LACKING)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-p", "no:cacheprovider", str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "CI": ci},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code
    assert "Not run: 1 test: A moon is missing (wait for the night)" in done.stdout
