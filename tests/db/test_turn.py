"""SQLite's writers take turns: nobody is starved or refused, and whoever dies holds nobody up."""

import signal
import subprocess
import sys
import threading
from pathlib import Path
from threading import Thread
from time import perf_counter

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from portal.db.turn import turn
from portal.launch.places import ROOT
from tests.db.writer import app_on, write

WRITERS = 8
SECONDS = 3.0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file with one table."""
    path = tmp_path / "notes.sqlite"
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE note (id INTEGER PRIMARY KEY, writer VARCHAR(8))"))
    engine.dispose()
    return path


def start(*arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.db.writer", *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_of_eight_writers_in_eight_processes_each_gets_its_share(path: Path) -> None:
    writers = [start("write", path, f"w{number}", SECONDS) for number in range(WRITERS)]
    assert [said(writer) for writer in writers] == ["ready"] * WRITERS
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
    shares = [said(writer).split() for writer in writers]
    assert [writer.wait(30) for writer in writers] == [0] * WRITERS
    counts, waits = [int(count) for count, _ in shares], [float(wait) for _, wait in shares]
    # In turn, each writes as often as the others; by SQLite's own waiting some write ten times as often as others.
    assert min(counts) >= max(counts) * 0.7, counts
    # A round of all takes a hundredth of a second; what is longer is the machine's, and no waiter's for seconds.
    assert max(waits) < 2, waits
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        stands = connection.execute(text("SELECT count(*) FROM note")).scalar_one()
    engine.dispose()
    assert stands == sum(counts) + WRITERS


def test_a_writer_that_is_killed_in_its_turn_gives_it_back_and_leaves_nothing(path: Path) -> None:
    dying = start("die", path)
    assert said(dying) == "holding"
    assert dying.wait(30) == -9
    with app_on(path).app_context():
        assert write("after") < 5
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT writer FROM note")).scalars().all() == ["after"]
    engine.dispose()


def test_threads_of_one_process_take_turns_too_in_the_order_of_their_coming(path: Path) -> None:
    order: list[int] = []
    waiting = [threading.Event() for _ in range(4)]

    def come(number: int) -> None:
        waiting[number].set()
        with turn(str(path)):
            order.append(number)

    threads = [Thread(target=come, args=(number,)) for number in range(4)]
    with turn(str(path)):
        for thread, here in zip(threads, waiting, strict=True):
            thread.start()
            here.wait(5)
            _until_it_waits(path, len([other for other in waiting if other.is_set()]))
        assert order == []
    for thread in threads:
        thread.join(10)
    assert order == [0, 1, 2, 3]


def _until_it_waits(path: Path, waiters: int) -> None:
    # The kernel lists whoever waits for a lock ("->") with the file it is of.
    inodes = {
        str(Path(f"{path}{ending}").stat().st_ino) for ending in ("-next", "-turn") if Path(f"{path}{ending}").exists()
    }
    for _ in range(200_000):
        lines = Path("/proc/locks").read_text().splitlines()
        if sum("->" in line and line.split()[6].rpartition(":")[2] in inodes for line in lines) >= waiters:
            return
    raise AssertionError("nobody waits")


def test_a_thread_that_would_wait_for_itself_is_told(path: Path) -> None:
    with turn(str(path)), pytest.raises(RuntimeError, match="wait for itself"), turn(str(path)):
        pass
    with turn(str(path)):
        pass


def test_a_writer_that_stands_still_in_its_turn_has_the_others_refused_in_time_and_harms_nobody(path: Path) -> None:
    still = start("hold", path)
    assert said(still) == "holding"
    still.send_signal(signal.SIGSTOP)
    refused: list[float] = []

    def come() -> None:
        begun = perf_counter()
        with pytest.raises(OperationalError, match="database is locked"), turn(str(path), 0.5):
            pass
        refused.append(perf_counter() - begun)

    threads = [Thread(target=come) for _ in range(4)]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
    finally:
        still.send_signal(signal.SIGCONT)
        still.communicate("go\n", timeout=30)
    assert len(refused) == 4
    assert min(refused) >= 0.5
    # Each waits its own time, not the time of those before it as well.
    assert max(refused) < 1.5, refused
    with app_on(path).app_context():
        assert write("after") < 5


def test_who_has_given_up_leaves_the_turn_to_who_comes_later(path: Path) -> None:
    with turn(str(path)):
        gave_up = Thread(target=_try, args=(path,))
        gave_up.start()
        gave_up.join(10)
    with turn(str(path), 5):
        pass


def _try(path: Path) -> None:
    with pytest.raises(OperationalError), turn(str(path), 0.1):
        pass
