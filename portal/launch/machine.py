"""What this machine has, and Debian's packages for what it lacks."""

import ctypes.util
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from portal.launch.words import LaunchError, say

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_CHROMIUMS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
BREW_LIBRARIES = ("/opt/homebrew/lib/libical.dylib", "/usr/local/lib/libical.dylib")
PLAYWRIGHT_CHROMIUMS = (
    ".cache/ms-playwright/chromium-*/chrome-linux*/chrome",
    "Library/Caches/ms-playwright/chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
)


def postgresql_bin(python_packages: Path | None = None) -> Path | None:
    """Return the folder of PostgreSQL's server programs: the newest installed, else the one of the wheel pgserver."""
    candidates = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    if found := shutil.which("initdb"):
        candidates.append(Path(found).resolve().parent)
    candidates += [Path(brew) for brew in ("/opt/homebrew/opt/postgresql/bin", "/usr/local/opt/postgresql/bin")]
    if python_packages is not None:
        candidates.append(python_packages / "pgserver" / "pginstall" / "bin")
    return next((path for path in candidates if (path / "postgres").exists() and (path / "initdb").exists()), None)


def chromium() -> str | None:
    """Return a Chromium or Chrome that starts on this machine."""
    candidates = [found for name in CHROMIUMS if (found := shutil.which(name))]
    candidates += [path for path in MAC_CHROMIUMS if os.path.exists(path)]
    candidates += [
        str(path) for pattern in PLAYWRIGHT_CHROMIUMS for path in sorted(Path.home().glob(pattern), reverse=True)
    ]
    return next((path for path in candidates if _starts(path)), None)


def _starts(program: str) -> bool:
    # Ubuntu's chromium-browser is a script that only says that a snap is needed.
    try:
        return subprocess.run([program, "--version"], capture_output=True, timeout=30, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def libical() -> str | None:
    """Return the name or the path of libical, by which tests read calendar files a second time."""
    found = ctypes.util.find_library("ical")
    return found or next((path for path in BREW_LIBRARIES if os.path.exists(path)), None)


def smtp_sink(unpacked: Path | None = None) -> Path | None:
    """Return Postfix's mail server for tests: the machine's, or the one in this folder of an unpacked package."""
    found = shutil.which("smtp-sink", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin")
    candidates = [Path(found)] if found else []
    if unpacked is not None:
        candidates.append(unpacked / "usr" / "sbin" / "smtp-sink")
    return next((path for path in candidates if path.exists()), None)


def unpack_with_apt(package: str, folder: Path, purpose: str) -> bool:
    """Unpack a Debian package into a folder, without installing what it brings; say so; return whether it worked."""
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        return False
    say(f"Unpacking {package} into {folder} ({purpose}).")
    folder.mkdir(parents=True, exist_ok=True)
    prefix = _rights()
    if prefix is not None:
        subprocess.run([*prefix, "apt-get", "update", "-qq"], capture_output=True, check=False)
    subprocess.run(["apt-get", "download", "-qq", package], cwd=folder, capture_output=True, check=False)
    archives = sorted(folder.glob(f"{package}_*.deb"))
    done = [subprocess.run(["dpkg-deb", "-x", each, folder], capture_output=True, check=False) for each in archives]
    return bool(done) and done[-1].returncode == 0


def install_with_apt(packages: Sequence[str], purpose: str) -> bool:
    """Install Debian packages as root or by sudo without a password; say so; return whether it worked."""
    prefix = _rights()
    if prefix is None:
        return False
    say(f"Installing {' '.join(packages)} with apt-get ({purpose}).")
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages]):
        done = subprocess.run(
            [*prefix, "apt-get", *arguments],
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            check=False,
        )
    return done.returncode == 0


def _rights() -> list[str] | None:
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    if (
        shutil.which("sudo")
        and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    ):
        return ["sudo", "-n", "--preserve-env=DEBIAN_FRONTEND"]
    return None


def how_to_install(debian: str, brew: str) -> str:
    """Return the command that a person can type to install something here."""
    if sys.platform == "darwin":
        return f"brew install {brew}"
    if shutil.which("apt-get"):
        return f"sudo apt install {debian}"
    return f"the package of your system that Debian calls {debian}"


def need_ensurepip() -> None:
    """Make sure that this Python can make virtual environments, or say what it lacks."""
    if _has_ensurepip():
        return
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if install_with_apt([package], "it makes virtual environments") and _has_ensurepip():
        return
    raise LaunchError(
        f"This Python cannot make virtual environments. Install what it lacks: {how_to_install(package, 'python')}"
    )


def _has_ensurepip() -> bool:
    # Asked in a process of its own: this one would remember an import that failed.
    return (
        subprocess.run([sys.executable, "-c", "import ensurepip, venv"], capture_output=True, check=False).returncode
        == 0
    )
