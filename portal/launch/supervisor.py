"""Keeps the servers of a site alive: starts them, starts a fallen one again after a growing pause, stops them all."""

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from portal.launch import processes
from portal.launch.words import complain

LONGEST_PAUSE = 60.0
STEADY = 60.0
LARGEST_LOG = 5_000_000
PATIENCE = 10.0


@dataclass
class Server:
    """One program that should always run, with the log of what it prints."""

    name: str
    command: Sequence[str | os.PathLike[str]]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    falls: int = 0
    due: float | None = None


@dataclass
class Supervisor:
    """The servers in the order of their start; they are stopped the other way round."""

    environ: Mapping[str, str]
    cwd: Path
    logs: Path
    servers: list[Server] = field(default_factory=list)

    def log_of(self, name: str) -> Path:
        """Return the file that keeps what this server prints."""
        return self.logs / f"{name}.log"

    def start(self, name: str, command: Sequence[str | os.PathLike[str]]) -> Server:
        """Start a server that is kept alive from now on."""
        server = Server(name, command)
        self.servers.append(server)
        self._launch(server)
        return server

    def begin(self, name: str, command: Sequence[str | os.PathLike[str]]) -> subprocess.Popen[bytes]:
        """Start a program that is not kept alive; its output goes to a log too."""
        log = self.log_of(name)
        log.parent.mkdir(parents=True, exist_ok=True)
        if log.exists() and log.stat().st_size > LARGEST_LOG:
            log.replace(log.with_suffix(".log.1"))
        with open(log, "ab") as output:
            return processes.start(command, self.environ, self.cwd, output)

    def tend(self) -> None:
        """Look at every server once: say who fell, start again whose pause is over."""
        now = time.monotonic()
        for server in self.servers:
            if server.due is not None:
                if now >= server.due:
                    self._launch(server)
            elif server.process is not None and server.process.poll() is not None:
                server.falls = server.falls + 1 if now - server.started < STEADY else 1
                pause = pause_after(server.falls)
                server.due = now + pause
                how = ending(server.process.returncode)
                complain(f"The {server.name} {how}; it is started again in {pause:g} s. See {self.log_of(server.name)}")

    def stop(self, servers: Sequence[Server] | None = None) -> None:
        """Stop these servers (all of them where none are named) and wait until they are gone."""
        chosen = self.servers if servers is None else servers
        processes.stop([server.process for server in chosen if server.process], PATIENCE)
        self.servers = [server for server in self.servers if server not in chosen]

    def last_lines(self, name: str, count: int = 12) -> str:
        """Return the end of a log."""
        try:
            return "\n".join(self.log_of(name).read_text(errors="replace").splitlines()[-count:])
        except OSError:
            return ""

    def _launch(self, server: Server) -> None:
        server.due = None
        server.started = time.monotonic()
        server.process = self.begin(server.name, server.command)


def pause_after(falls: int) -> float:
    """Return the seconds to wait before a start after this many falls in a row: 1, 2, 4 … up to a minute."""
    return min(LONGEST_PAUSE, 2.0 ** (falls - 1))


def ending(code: int) -> str:
    """Say how a program ended."""
    return f"was ended by signal {-code}" if code < 0 else f"stopped with exit code {code}"
