"""Ports of this process of tests alone: the kernel may tell two processes that ask it the same one."""

import os
import random
from collections.abc import Iterator
from itertools import cycle

from portal.launch.ports import can_listen

# Below the ports that Linux and macOS give to whoever asks for any.
FIRST, EACH, RANGES = 12_000, 1_000, 20
_own: int = FIRST + EACH * (int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % RANGES)
_begun = random.randrange(EACH)  # checkouts that are tested at once shall not go side by side
_ports: Iterator[int] = cycle([*range(_own + _begun, _own + EACH), *range(_own, _own + _begun)])


def any_free() -> int:
    """Return a port that nobody listens on, and that no other process of this run is given."""
    return next(port for port in _ports if can_listen("127.0.0.1", port))
