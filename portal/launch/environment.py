"""The settings of a start: what is given stays, what is missing is made for a demo on this machine."""

import base64
import hashlib
import json
import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

from portal.launch.places import make_private
from portal.launch.words import LaunchError

# The kernel's limit is 107 characters on Linux and 103 on macOS.
LONGEST_SOCKET_PATH = 103
DEFAULT_PORT = 8000
DEFAULT_MAIL_PORT = 8025
RUNNING = "running.json"


@dataclass(frozen=True)
class Site:
    """The environment of a site's programs, and the servers that come with it because none were given."""

    environ: dict[str, str]
    demo: bool
    broker_socket: Path | None
    mail_port: int | None

    @property
    def address(self) -> str:
        """Return the address that people open."""
        return self.environ["BASE_URL"]


def prepare(given: Mapping[str, str], var: Path, *, address: str, mail_port: int) -> Site:
    """Return the site of these settings; raises LaunchError where a demo would touch a real site."""
    demo = is_demo(given)
    make_private(var)
    environ = {**given, "PORTAL_MODE": "demo" if demo else "production", "PORTAL_VAR": str(var)}
    socket: Path | None = None
    if not given.get("REDIS_URL"):
        socket = socket_path(var)
        environ["REDIS_URL"] = f"unix://{quote(str(socket))}"
    own_mail = demo and not given.get("SMTP_URL")
    if own_mail:
        environ["SMTP_URL"] = f"smtp://127.0.0.1:{mail_port}"
        environ["DEMO_MAILBOX"] = str(var / "mailbox")
    if demo:
        made = demo_secrets(var / "secrets.env")
        defaults = {**made, "DATABASE_URL": f"sqlite:///{var / 'portal.sqlite'}", "BASE_URL": address}
        environ |= {name: value for name, value in defaults.items() if not given.get(name)}
    elif not given.get("BASE_URL"):
        raise LaunchError("PORTAL_MODE is production: set BASE_URL to the address that people open.")
    return Site(environ, demo, socket, mail_port if own_mail else None)


def is_demo(given: Mapping[str, str]) -> bool:
    """Say whether this start is a demo; raises LaunchError where settings may be a real site's and nothing says so."""
    mode = given.get("PORTAL_MODE", "")
    if mode not in ("", "demo", "production"):
        raise LaunchError("PORTAL_MODE must be demo or production.")
    if mode:
        return mode == "demo"
    real = [name for name in ("SECRET_KEY", "ENCRYPTION_KEYS") if given.get(name)]
    if urlsplit(given.get("DATABASE_URL", "")).scheme.startswith("postgres"):
        real.append("DATABASE_URL")
    if real:
        raise LaunchError(
            f"{' and '.join(real)} may belong to a real site, so the demo does not start by itself. "
            "Say which it is: PORTAL_MODE=production or PORTAL_MODE=demo."
        )
    return True


def demo_secrets(path: Path) -> dict[str, str]:
    """Return the demo's secrets, made the first time and kept in a file only its owner may read."""
    if not path.exists():
        key = base64.b64encode(secrets.token_bytes(32)).decode()
        lines = f"SECRET_KEY={secrets.token_hex(32)}\nENCRYPTION_KEYS=k1:{key}\n"
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(lines)
    pairs = [line.partition("=") for line in path.read_text().splitlines() if "=" in line]
    return {name: value for name, _, value in pairs}


def socket_path(var: Path) -> Path:
    """Return where the embedded broker listens: in var, or in a private temporary folder if that path is too long."""
    near = var / "valkey" / "valkey.sock"
    if len(os.fsencode(near)) <= LONGEST_SOCKET_PATH:
        return near
    name = f"portal-{os.geteuid()}-{hashlib.sha256(os.fsencode(var)).hexdigest()[:12]}"
    base = tempfile.gettempdir()
    folder = Path(base if len(base) < 60 else "/tmp", name)
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
        raise LaunchError(f"{folder} belongs to somebody else; set PORTAL_VAR to a shorter path.")
    return make_private(folder) / "valkey.sock"


def remember_running(var: Path, site: Site) -> None:
    """Write down what runs, so that other verbs speak to the same servers."""
    found = {"pid": os.getpid(), "address": site.address, "mail_port": site.mail_port}
    (var / RUNNING).write_text(json.dumps(found))


def forget_running(var: Path) -> None:
    """Take the note away again."""
    (var / RUNNING).unlink(missing_ok=True)


def now_running(var: Path) -> tuple[str, int]:
    """Return the address and the mail port of what runs, or the usual ones."""
    try:
        found = json.loads((var / RUNNING).read_text())
        return str(found["address"]), int(found["mail_port"] or DEFAULT_MAIL_PORT)
    except (OSError, ValueError, KeyError, TypeError):
        return f"http://localhost:{DEFAULT_PORT}", DEFAULT_MAIL_PORT
