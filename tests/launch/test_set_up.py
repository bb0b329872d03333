"""The set-up: stamps that skip what was done, served files named by their content, sentences on failure."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from portal.launch import machine
from portal.launch.check import ensure_libical, ensure_smtp_sink
from portal.launch.frontend import SERVED, copy_served
from portal.launch.install import ensure_python, fingerprint, is_stamped, must, stamp
from portal.launch.places import ROOT
from portal.launch.words import LaunchError


def test_a_stamp_holds_for_just_these_files(tmp_path: Path) -> None:
    environ = {"PORTAL_VENV": str(tmp_path)}
    lock = tmp_path / "requirements.txt"
    lock.write_text("one")
    mark = fingerprint([lock])
    stamp(environ, "site", mark)
    assert is_stamped(environ, "site", mark)
    lock.write_text("two")
    assert not is_stamped(environ, "site", fingerprint([lock]))


def test_a_missing_lock_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(LaunchError, match=r"requirements\.txt is missing; it is part of the project\.$"):
        fingerprint([tmp_path / "requirements.txt"])


def test_a_failing_step_shows_its_command_and_its_last_words(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "print('no room left'); raise SystemExit(3)"]
    with pytest.raises(LaunchError) as caught:
        must(command, {}, tmp_path)
    assert str(caught.value).splitlines() == [
        f"This step of the set-up failed: {' '.join(command)}",
        "no room left",
    ]


def test_a_python_that_cannot_make_environments_is_told_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "_has_ensurepip", lambda: False)
    monkeypatch.setattr(machine, "_rights", lambda: None)
    monkeypatch.setattr("shutil.which", lambda _name: "/usr/bin/apt-get")
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.raises(LaunchError) as caught:
        ensure_python({"PORTAL_VENV": str(tmp_path / "venv")}, dev=False)
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert str(caught.value) == (
        f"This Python cannot make virtual environments. Install what it lacks: sudo apt install python{version}-venv"
    )


def test_what_tests_lack_and_nobody_may_install_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ensure_libical() == ""
    monkeypatch.setattr(machine, "libical", lambda: None)
    monkeypatch.setattr(machine, "_rights", lambda: None)
    monkeypatch.setattr("shutil.which", lambda _name: "/usr/bin/apt-get")
    monkeypatch.setattr(sys, "platform", "linux")
    assert ensure_libical() == (
        "libical is missing, so its readings of calendar files were not run. Install it: sudo apt install libical3"
    )


def test_smtp_sink_is_unpacked_where_it_may_be_and_named_where_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    given = {"PORTAL_VENV": str(tmp_path)}
    monkeypatch.setattr(machine, "unpack_with_apt", lambda *_: False)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr("shutil.which", lambda name, path=None: "/usr/bin/apt-get" if name == "apt-get" else None)
    assert ensure_smtp_sink(given) == (
        "smtp-sink is missing, so the runs with faults were not made. Install it: sudo apt install postfix"
    )
    program = tmp_path / "smtp-sink" / "usr" / "sbin" / "smtp-sink"
    program.parent.mkdir(parents=True)
    program.touch()
    assert ensure_smtp_sink(given) == ""


def test_a_folder_with_other_things_is_not_made_a_virtual_environment(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("dear")
    with pytest.raises(LaunchError) as caught:
        ensure_python({"PORTAL_VENV": str(tmp_path)}, dev=False)
    assert str(caught.value) == (
        f"{tmp_path} holds something else than a virtual environment; set PORTAL_VENV to another folder."
    )
    assert (tmp_path / "letters.txt").read_text() == "dear"


def test_served_files_carry_the_hash_of_their_content(tmp_path: Path) -> None:
    source = tmp_path / "packages" / SERVED["htmx"]
    source.parent.mkdir(parents=True)
    source.write_bytes(b"first")
    vendor = tmp_path / "vendor"
    copy_served(tmp_path / "packages", vendor)
    name = f"htmx-{hashlib.sha256(b'first').hexdigest()[:12]}.js"
    assert json.loads((vendor / "manifest.json").read_text()) == {"htmx": name}
    assert (vendor / name).read_bytes() == b"first"

    source.write_bytes(b"second")
    copy_served(tmp_path / "packages", vendor)
    assert {path.name for path in vendor.iterdir()} == {
        "manifest.json",
        f"htmx-{hashlib.sha256(b'second').hexdigest()[:12]}.js",
    }


@pytest.mark.parametrize(
    "path",
    [
        "requirements.txt",
        "requirements-dev.txt",
        "package-lock.json",
        *sorted(f"portal/launch/requirements-{name}.txt" for name in ("uv", "node", "pgserver")),
    ],
)
def test_pinned_files_carry_hashes_and_no_address(path: str) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")
    assert "://" not in text
    assert ("sha512-" if path.endswith(".json") else "--hash=sha256:") in text


def test_the_script_of_ci_is_sound() -> None:
    assert subprocess.run(["bash", "-n", str(ROOT / ".ci" / "run")], check=False).returncode == 0
