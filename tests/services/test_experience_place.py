"""Where somebody could meet: kept as matching reads it, refused in words, taken back, and never in the record."""

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import read
from portal.domain.account import Role
from portal.domain.errors import BadInput
from portal.domain.matching.values import Place, distance_km
from portal.models import AuditEntry
from portal.queries import experience as queries
from portal.queries.matching.values import member_value, peer_values
from portal.services import experience as services
from tests.services.outbox import add_person

CHICAGO, SYDNEY = 4887398, 2147714


@pytest.fixture
def ana(inside: Flask, now: datetime) -> int:
    return add_person("Ana", now, Role.MEMBER)


def about(member_id: int) -> dict[str, object]:
    told = queries.member_told(member_id)
    assert told is not None
    return dict(told.about)


def test_a_place_is_kept_as_matching_reads_it(ana: int, now: datetime) -> None:
    ben = add_person("Ben", now, Role.PEER)
    services.save_place(ana, Role.MEMBER, CHICAGO, "10", step=2, now=now)
    services.save_place(ben, Role.PEER, SYDNEY, "", step=2, now=now)
    assert about(ana) == {"place": {"town": CHICAGO, "lat": 41.9, "lon": -87.7}, "radius_km": 10}
    member, (peer,) = member_value(ana), peer_values([ben])
    assert (member.place, member.radius_km) == (Place(41.9, -87.7), 10)
    assert (peer.place, peer.radius_km) == (Place(-33.9, 151.2), None)
    assert distance_km(member, peer) == pytest.approx(14_870, rel=0.01)


def test_without_a_town_nothing_is_kept_and_what_was_is_taken_back(ana: int, now: datetime) -> None:
    services.save_answers(ana, Role.MEMBER, {"formats": ["coffee"]}, step=2, now=now)
    services.save_place(ana, Role.MEMBER, CHICAGO, "50", step=2, now=now)
    services.save_place(ana, Role.MEMBER, None, "50", step=2, now=now)
    assert about(ana) == {"formats": ["coffee"]}
    assert (member_value(ana).place, member_value(ana).radius_km) == (None, None)


@pytest.mark.parametrize(("town", "radius", "field"), [(1, "", "town"), (CHICAGO, "7", "radius")])
def test_what_was_not_offered_is_refused(ana: int, now: datetime, town: int, radius: str, field: str) -> None:
    with pytest.raises(BadInput) as refused:
        services.save_place(ana, Role.MEMBER, town, radius, step=2, now=now)
    assert refused.value.field == field
    assert queries.member_told(ana) is None


def test_the_record_says_that_a_place_was_told_once_and_never_which(ana: int, now: datetime) -> None:
    for _ in range(2):
        services.save_place(ana, Role.MEMBER, CHICAGO, "25", step=2, now=now)
    rows = read().scalars(select(AuditEntry).where(AuditEntry.actor_id == ana)).all()
    assert [row.verb for row in rows] == ["place told"]
