"""Ports that are taken are named, with another one to try; addresses are ones a browser can open."""

import re
import socket
from collections.abc import Iterator

import pytest

from portal.launch import ports
from portal.launch.words import LaunchError


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        yield door.getsockname()[1]


def test_a_taken_port_is_one_sentence_with_another_to_try(taken: int) -> None:
    with pytest.raises(LaunchError) as caught:
        ports.must_be_free("127.0.0.1", taken)
    found = re.fullmatch(
        rf"Port {taken} is taken by another program\. Try: python3 -m portal run --port (\d+)", str(caught.value)
    )
    assert found is not None
    assert ports.can_listen("127.0.0.1", int(found[1]))


def test_a_free_port_is_kept_and_a_taken_one_replaced(taken: int) -> None:
    free = ports.any_free()
    assert ports.wanted_or_free("127.0.0.1", free) == free
    assert ports.wanted_or_free("127.0.0.1", taken) != taken


def test_a_host_of_another_machine_is_refused() -> None:
    with pytest.raises(LaunchError, match=r"^256\.1\.1\.1 is not an address of this machine\.$"):
        ports.can_listen("256.1.1.1", 8000)


@pytest.mark.parametrize(
    ("host", "loopback", "address"),
    [
        ("127.0.0.1", True, "http://localhost:8000"),
        ("localhost", True, "http://localhost:8000"),
        ("::1", True, "http://localhost:8000"),
        ("0.0.0.0", False, "http://localhost:8000"),
        ("192.0.2.7", False, "http://192.0.2.7:8000"),
        ("2001:db8::7", False, "http://[2001:db8::7]:8000"),
    ],
)
def test_a_host_becomes_an_address_to_open(host: str, loopback: bool, address: str) -> None:
    assert ports.is_loopback(host) is loopback
    assert ports.address_of(host, 8000) == address
