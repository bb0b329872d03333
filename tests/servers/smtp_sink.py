"""Postfix's smtp-sink: a real SMTP server in a process of its own that keeps each letter as a file and has manners."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from enum import Enum
from pathlib import Path
from socket import create_connection

from portal.launch import machine, places, processes
from tests.servers.ports import any_free

LONGEST_START = 10.0
OWN_HEADER_LINES = 8


class Manner(Enum):
    """How it treats letters, as smtp-sink's own options."""

    TAKES = ()
    LATER = ("-r", "rcpt")  # 450 to the recipient
    LATER_AT_THE_END = ("-r", ".")  # 450 to the whole letter
    NEVER = ("-f", "rcpt")  # 500 to the recipient
    CLOSES = ("-Q", "mail")  # 421, and the line is closed
    DROPS = ("-q", ".")  # takes the letter and closes the line without a word
    SILENT = ("-W", ".:60")  # takes the letter and says nothing


REFUSES_LETTERS = frozenset({Manner.LATER_AT_THE_END})


@dataclass(frozen=True)
class Taken:
    """A whole letter as it came; `at` is when its end came (ns), `refused` whether its sender was told so."""

    at: int
    to: str
    raw: bytes
    refused: bool

    @property
    def message(self) -> EmailMessage:
        """Return the letter parsed."""
        return message_from_bytes(self.raw, policy=policy.default)


class SmtpSink:
    """The server; `be` gives it another manner, by a new process on the same port. Whoever is connected is cut off."""

    def __init__(self, program: Path) -> None:
        self.program, self.port = program, any_free()
        self.folder = Path(tempfile.mkdtemp(prefix="portal-sink-", dir="/tmp"))
        self.user = _other_user() if os.geteuid() == 0 else None
        self.process: subprocess.Popen[bytes] | None = None
        self.rounds: list[tuple[Path, Manner]] = []
        os.chmod(self.folder, 0o755)
        self.be(Manner.TAKES)

    @property
    def url(self) -> str:
        """Return the address for SMTP_URL."""
        return f"smtp://127.0.0.1:{self.port}"

    def be(self, manner: Manner) -> None:
        """Go on in this manner."""
        self.end()
        folder = self.folder / f"{len(self.rounds):04}"
        folder.mkdir()
        self.rounds.append((folder, manner))
        command = [str(self.program), "-N", *manner.value, "-d", f"{folder}/letter.", f"127.0.0.1:{self.port}", "128"]
        if self.user is not None:
            os.chown(folder, self.user.pw_uid, self.user.pw_gid)
            # By -u it would forget its wish to die with the parent, so setpriv makes it again.
            ids = [f"--reuid={self.user.pw_uid}", f"--regid={self.user.pw_gid}", "--clear-groups", "--pdeathsig=KILL"]
            command = ["setpriv", *ids, "--", *command]
        # An unpacked package has its libraries beside it.
        libraries = self.program.parents[1] / "lib" / "postfix"
        environ = os.environ | {"LD_LIBRARY_PATH": str(libraries)}
        with open(self.folder / "log", "ab") as log:
            self.process = processes.start(command, environ, self.folder, log)
        self._wait(self.process)

    def end(self) -> None:
        """Be gone, in the middle of a letter if need be."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def stop(self) -> None:
        """End it and remove what it kept."""
        self.end()
        shutil.rmtree(self.folder, ignore_errors=True)

    def letters(self) -> list[Taken]:
        """Return all letters that came to their end, in that order."""
        return sorted(self._read(), key=lambda letter: letter.at)

    def _read(self) -> Iterator[Taken]:
        for folder, manner in self.rounds:
            for path in folder.iterdir():
                lines = path.read_bytes().split(b"\n")
                own, raw = lines[:OWN_HEADER_LINES], b"\n".join(lines[OWN_HEADER_LINES:])
                if raw.rstrip().endswith(b"--"):  # the end of the last part; a letter that was cut off has none
                    to = next(line for line in own if line.startswith(b"X-Rcpt-Args:"))
                    address = to.partition(b"<")[2].partition(b">")[0].decode()
                    yield Taken(path.stat().st_mtime_ns, address, raw.rstrip(b"\n") + b"\n", manner in REFUSES_LETTERS)

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + LONGEST_START
        while True:
            try:
                create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError((self.folder / "log").read_text(errors="replace")) from None
                time.sleep(0.01)  # between two tries to connect
            else:
                return


def find_program() -> Path | None:
    """Return smtp-sink, of the machine or unpacked."""
    return machine.smtp_sink(places.smtp_sink(os.environ))


def _other_user() -> pwd.struct_passwd:
    # smtp-sink refuses to serve as root.
    return pwd.getpwnam("nobody")
