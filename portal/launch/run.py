"""`run`: brings up a whole site on this machine, keeps it alive, and takes all of it down again."""

import argparse
import fcntl
import http.client
import os
import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from portal.launch import broker, environment, places, ports, processes
from portal.launch.frontend import ensure_frontend
from portal.launch.install import ensure_python
from portal.launch.supervisor import Supervisor
from portal.launch.words import LaunchError, say

LONGEST_START = 60.0
FALLS_AT_START = 3
TICK = 0.1
SERVERS = ("web", "worker", "clock")


class StopSign:
    """Remembers that Ctrl-C, SIGTERM or SIGHUP came."""

    def __init__(self) -> None:
        self.shown = False

    def watch(self) -> None:
        """Take these signals from now on; a SIGHUP that nohup ignores stays ignored."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if number == signal.SIGINT or signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self._take)

    def _take(self, _number: int, _frame: FrameType | None) -> None:
        self.shown = True

    def obey(self) -> None:
        """Raise KeyboardInterrupt once the sign was shown."""
        if self.shown:
            raise KeyboardInterrupt


def run(arguments: Sequence[str], given: Mapping[str, str]) -> int:
    """Start the site and stay until somebody stops it."""
    options = _parser().parse_args(arguments)
    var = places.make_private(places.var(given))
    with only_one(var):
        port = options.port or ports.any_free(options.host)
        ports.must_be_free(options.host, port)
        address = ports.address_of(options.host, port)
        mail_port = ports.wanted_or_free("127.0.0.1", environment.DEFAULT_MAIL_PORT)
        site = environment.prepare(given, var, address=address, mail_port=mail_port)
        ensure_python(given, dev=False)
        ensure_frontend(given, dev=False)
        if site.demo and not ports.is_loopback(options.host):
            say(f"As asked by --host, everybody who reaches {options.host} can use this demo and read its letters.")
        return serve(site, var, options.host, port)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python3 -m portal run", description="Start the portal on this machine.")
    parser.add_argument(
        "--port", type=int, default=environment.DEFAULT_PORT, help="0 takes any free port (default: %(default)s)"
    )
    parser.add_argument("--host", default="127.0.0.1", help="where to listen (default: this machine only)")
    return parser


def serve(site: environment.Site, var: Path, host: str, port: int) -> int:
    """Run all servers of the site; returns the exit code."""
    sign = StopSign()
    sign.watch()
    processes.adopt_orphans()
    site.environ["RELEASE_LOCK"] = str(var / "release.lock")
    servers = Supervisor(site.environ, places.ROOT, var / "logs")
    try:
        start_all(servers, site, var, host, port, sign)
        environment.remember_running(var, site)
        welcome(site, var)
        while True:
            sign.obey()
            servers.tend()
            time.sleep(TICK)  # between two looks at the servers
    except KeyboardInterrupt:
        say("Stopping.")
        return 0
    finally:
        stop_all(servers)
        environment.forget_running(var)


def start_all(servers: Supervisor, site: environment.Site, var: Path, host: str, port: int, sign: StopSign) -> None:
    """Start the broker, bring the database up to date while the pages load, then start what works behind them."""
    if site.broker_socket is not None:
        program = broker.find_server(site.environ)
        servers.start("broker", broker.command(program, var / "valkey", site.broker_socket))
        if not broker.wait(site.broker_socket):
            raise LaunchError(f"The embedded Valkey does not answer. Its last words:\n{servers.last_lines('broker')}")
    with held(Path(site.environ["RELEASE_LOCK"])):
        servers.start("web", portal(site, "web", "--host", host, "--port", str(port)))
        release(servers, site, sign)
    wait_for_page(servers, host, port, sign)
    # Only now, so that on a small machine they do not keep the first page waiting.
    if site.mail_port is not None:
        mailbox = str(var / "mailbox")
        servers.start("mailbox", portal(site, "mailbox", "--port", str(site.mail_port), "--maildir", mailbox))
    servers.start("worker", portal(site, "worker"))
    servers.start("clock", portal(site, "clock"))


@contextmanager
def held(lock: Path) -> Iterator[None]:
    """Keep the pages shut for the block: they load, and wait at this file."""
    with open(lock, "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def release(servers: Supervisor, site: environment.Site, sign: StopSign) -> None:
    """Migrate, and fill an empty demo database; raises LaunchError with the reason when that fails."""
    begun = servers.log_of("release").stat().st_size if servers.log_of("release").exists() else 0
    step = servers.begin("release", portal(site, "release", *(["--demo"] if site.demo else [])))
    try:
        while step.poll() is None:
            sign.obey()
            time.sleep(0.02)  # between two looks whether it has ended
    finally:
        processes.stop([step], 5)
    if step.returncode:
        with open(servers.log_of("release"), "rb") as log:
            log.seek(begun)
            reason = log.read().decode(errors="replace").strip()
        raise LaunchError("\n".join(reason.splitlines()[-12:]) or "The database could not be brought up to date.")


def portal(site: environment.Site, *verb: str) -> list[str | Path]:
    """Return the command of one of the portal's own verbs."""
    return [places.venv_program(site.environ, "python"), "-m", "portal.cli", *verb]


def wait_for_page(servers: Supervisor, host: str, port: int, sign: StopSign) -> None:
    """Wait until the web server answers."""
    deadline = time.monotonic() + LONGEST_START
    while not page_answers(host, port):
        sign.obey()
        servers.tend()
        fallen = [server for server in servers.servers if server.name == "web" and server.falls >= FALLS_AT_START]
        if fallen or time.monotonic() > deadline:
            raise LaunchError(f"The web server does not start. Its last words:\n{servers.last_lines('web')}")
        time.sleep(0.05)  # between two looks whether it answers


def page_answers(host: str, port: int) -> bool:
    """Say whether a web server answers there, whatever it says about its health."""
    near = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    line = http.client.HTTPConnection(near, port, timeout=5)
    try:
        line.request("GET", "/healthz", headers={"Host": f"localhost:{port}"})
        return line.getresponse().status < 600
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def stop_all(servers: Supervisor) -> None:
    """Stop the programs, then the mailbox they may be sending to, and the broker last; leave no process."""
    for names in (SERVERS, ("mailbox",), ("broker",)):
        servers.stop([server for server in servers.servers if server.name in names])
    processes.end_orphans()


def welcome(site: environment.Site, var: Path) -> None:
    """Print the address, and whom one can be."""
    say(f"\n  Open {site.address}\n")
    if site.demo:
        say(
            f"  Try it as a member, a peer or a coordinator, one tap each: {site.address}/demo (everybody is invented)."
        )
    if site.mail_port is not None:
        say(f"  Letters are kept on this machine: {site.address}/demo/mailbox")
    say(f"  Data and logs: {var}. Ctrl-C stops everything; the next start keeps the data.\n")


@contextmanager
def only_one(var: Path) -> Iterator[None]:
    """Hold this data folder alone; raises LaunchError where another start has it."""
    with open(var / "run.lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            address, _ = environment.now_running(var)
            raise LaunchError(
                f"The portal already runs with the data in {var}: {address}. "
                "For a second one set PORTAL_VAR to another folder."
            ) from None
        yield


def hand_over(arguments: Sequence[str], given: Mapping[str, str]) -> int:
    """Give any other verb to the installed program, with the settings of the site here; does not return."""
    var = places.make_private(places.var(given))
    address, mail_port = environment.now_running(var)
    site = environment.prepare(given, var, address=address, mail_port=mail_port)
    if not site.demo and site.broker_socket is not None and not broker.answers(site.broker_socket):
        del site.environ["REDIS_URL"]  # nobody listens there: a real site is told what is missing
    ensure_python(given, dev=False)
    ensure_frontend(given, dev=False)
    command = portal(site, *arguments)
    os.chdir(places.ROOT)
    os.execve(command[0], [os.fspath(part) for part in command], site.environ)
