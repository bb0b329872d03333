"""A PostgreSQL cluster of its own in a temporary folder, on a socket only, without care for power cuts."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

import psycopg
from psycopg import sql

from portal.launch.machine import postgresql_bin
from portal.launch.processes import die_with_parent

OWNER = "portal"
SMALL = ("max_connections=120", "shared_buffers=64MB")
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class Cluster:
    """A running cluster; `stop` takes it away with its folder. `durable` is for measuring: it cares for power cuts."""

    def __init__(self, programs: Path, *, durable: bool = False) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="portal-pg-", dir="/tmp"))
        self.programs = programs
        self.user = _other_user() if os.geteuid() == 0 else None
        if self.user is not None:
            os.chown(self.folder, self.user.pw_uid, self.user.pw_gid)
        data = self.folder / "data"
        options = ["-A", "trust", "-U", OWNER, "-E", "UTF8", "--locale=C", "--no-sync"]
        made = subprocess.run(
            self._as_user([str(programs / "initdb"), "-D", str(data), *options]),
            cwd=self.folder,
            env=self._environ(),
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode:
            raise RuntimeError(f"initdb failed: {made.stderr.strip()}")
        self._settings = [
            f"-c{setting}"
            for setting in (
                *SMALL,
                *(() if durable else FAST),
                "listen_addresses=",
                f"unix_socket_directories={self.folder}",
            )
        ]
        self.log = open(self.folder / "log", "wb")  # noqa: SIM115
        self.start()

    def start(self) -> None:
        """Start, and wait until it answers."""
        self.process = subprocess.Popen(
            self._as_user([str(self.programs / "postgres"), "-D", str(self.folder / "data"), *self._settings]),
            cwd=self.folder,
            env=self._environ(),
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
            preexec_fn=die_with_parent(),
        )
        self._wait()

    def restart(self, *, crash: bool) -> None:
        """Let it go down, in order or as in a crash, with whoever is connected; a cluster that is durable keeps all."""
        self.process.send_signal(signal.SIGQUIT if crash else signal.SIGINT)
        self.process.wait(60)
        self.start()

    def url(self, database: str) -> str:
        """Return SQLAlchemy's address of a database."""
        return f"postgresql://{OWNER}@/{database}?host={self.folder}"

    def create(self, database: str, template: str = "template0") -> str:
        """Make a database as a copy of another one and return its address."""
        # Copying files is the quicker way without fsync; before 15 it was the only way and had no name.
        strategy = sql.SQL(" STRATEGY FILE_COPY" if self.version >= 15 else "")
        names = (sql.Identifier(database), sql.Identifier(template))
        self._admin(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names) + strategy)
        return self.url(database)

    def drop(self, database: str) -> None:
        """Take a database away, with whoever is still connected to it."""
        self._admin(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))

    def stop(self) -> None:
        """Stop at once and remove the folder."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(20)
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _admin(self, statement: sql.Composed) -> None:
        with psycopg.connect(host=str(self.folder), user=OWNER, dbname="postgres", autocommit=True) as connection:
            connection.execute(statement)

    def _wait(self) -> None:
        deadline = time.monotonic() + 30
        while True:
            try:
                with psycopg.connect(host=str(self.folder), user=OWNER, dbname="postgres") as connection:
                    self.version = connection.info.server_version // 10_000
            except psycopg.OperationalError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError((self.folder / "log").read_text(errors="replace")) from None
                time.sleep(0.02)  # between two tries to connect
            else:
                return

    def _as_user(self, command: list[str]) -> list[str]:
        if self.user is None:
            return command
        # A change of user clears the wish to die with the parent, so setpriv makes it again.
        ids = [f"--reuid={self.user.pw_uid}", f"--regid={self.user.pw_gid}", "--clear-groups", "--pdeathsig=INT"]
        return ["setpriv", *ids, "--", *command]

    def _environ(self) -> dict[str, str]:
        return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "HOME": str(self.folder), "TZ": "UTC"}


def find_programs() -> Path | None:
    """Return the folder of PostgreSQL's programs, of the machine or of the wheel."""
    return postgresql_bin(Path(sysconfig.get_paths()["purelib"]))


def _other_user() -> pwd.struct_passwd:
    # PostgreSQL refuses to run as root.
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError(f"{sys.platform} has neither a user postgres nor nobody to run PostgreSQL as")
