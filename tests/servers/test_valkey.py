"""The embedded broker keeps its data over a kill -9, as its append-only file promises."""

from collections.abc import Iterator

import pytest

from tests.servers.valkey import Valkey


@pytest.fixture
def own_valkey() -> Iterator[Valkey]:
    server = Valkey()
    yield server
    server.stop()


def test_a_killed_broker_comes_back_with_what_it_had(own_valkey: Valkey) -> None:
    client = own_valkey.client()
    client.set("kept", "yes")
    client.waitaof(1, 0, 5000)
    own_valkey.kill()
    own_valkey.start()
    assert own_valkey.client().get("kept") == b"yes"
