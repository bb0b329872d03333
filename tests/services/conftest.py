"""What the tests of the outbox share: an app context, and a chat of two people in two days."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from flask import Flask

from portal.domain.account import Role
from portal.domain.matching.walk import State
from tests.services.outbox import add_person, add_walk, book


@dataclass(frozen=True)
class Chat:
    """A booked chat: Ana asked, Ben said yes."""

    id: int
    walk_id: int
    member_id: int
    peer_id: int
    starts_at: datetime


@pytest.fixture
def inside(app: Flask) -> Iterator[Flask]:
    """The application with its context, so that verbs and queries can be called."""
    with app.app_context():
        yield app


@pytest.fixture
def chat(inside: Flask, now: datetime) -> Chat:
    """A chat in two days, all of whose letters are still owed."""
    member_id = add_person("Ana", now, Role.MEMBER)
    peer_id = add_person("Ben", now, Role.PEER, zone="Europe/London")
    walk_id = add_walk(member_id, peer_id, State.FIRST_COFFEE, now)
    starts_at = now + timedelta(days=2, hours=6)
    return Chat(book(walk_id, member_id, peer_id, starts_at, now), walk_id, member_id, peer_id, starts_at)
