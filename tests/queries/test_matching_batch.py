"""Many people read at once are the same people as read one by one, in as many queries, on both databases."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

import pytest
from flask import Flask

from portal.db import transaction
from portal.domain.experience import DayPart, SharedTo, Strength, WishKind
from portal.domain.matching.together import Mark
from portal.domain.matching.values import Openings
from portal.domain.matching.walk import State
from portal.models import OtherHours, PairMark, TimeOff, Trait, Wish
from portal.queries import matching as queries
from portal.queries import slots as slot_queries
from portal.services.account import keep_apart
from tests.matching_cast import Hill, add_asker, add_hill, add_peer
from tests.queries.test_matching import queries_of
from tests.services.outbox import add_person, add_walk

PARTS = (
    (),
    (DayPart.WEEKDAY_AFTERNOON,),
    (DayPart.WEEKDAY_EVENING, DayPart.WEEKDAY_AFTERNOON),
    (DayPart.WEEKEND_MORNING,),
)


@pytest.fixture
def hill(app: Flask, now: datetime) -> Iterator[Hill]:
    with app.app_context():
        yield add_hill(now)


def test_members_read_together_are_those_read_one_by_one(hill: Hill, now: datetime) -> None:
    ida = add_asker(now, "Ida", topics=["debt"], identity_matters=["parent"], place={"lat": 1.0, "lon": 2.0})
    told_nothing = add_person("Noor", now)
    ben, cleo, dov = hill.peers
    add_walk(ida, ben, State.SOMEONE_ELSE, now, open=False)
    keep_apart(ida, "cleo@example.org", now=now)
    with transaction() as session:
        session.add(PairMark(member_id=ida, peer_id=dov, mark=Mark.FORBID, by_id=hill.coordinator, at=now))
        session.add(PairMark(member_id=hill.member, peer_id=ben, mark=Mark.PIN, by_id=hill.coordinator, at=now))
        session.add(Wish(person_id=ida, kind=WishKind.PARENT, strength=Strength.MUST, value="yes"))
        session.add(Trait(person_id=ida, kind=WishKind.PARENT, value="yes", shown_to=SharedTo.COORDINATOR))
    ids = [told_nothing, ida, hill.member]
    together = queries.member_values(ids)
    assert together == tuple(queries.member_value(each) for each in ids)
    assert [member.apart for member in together] == [{told_nothing}, {ida, ben, cleo, dov}, {hill.member}]
    assert [len(member.topics) for member in together] == [0, 1, 2]
    assert (together[1].traits, together[1].wishes[0].value) == ({WishKind.PARENT: "yes"}, "yes")


def test_openings_by_part_are_what_two_have_in_common_whatever_times_a_member_told(hill: Hill, now: datetime) -> None:
    eve = add_peer(now, "Eve")
    with transaction() as session:
        session.add(OtherHours(peer_id=eve, day=(now + timedelta(days=5)).date(), starts=600, ends=1500))
        session.add(TimeOff(peer_id=eve, starts_at=now, ends_at=now + timedelta(days=2)))
    peers = [*hill.peers, eve]
    members = [add_asker(now, f"M{place}", times=parts) for place, parts in enumerate(PARTS)]
    told = slot_queries.times_told_of(members)
    assert told == {member: (frozenset(parts), "Europe/Berlin") for member, parts in zip(members, PARTS, strict=True)}
    by_part = slot_queries.openings_by_part(peers, ["Europe/Berlin", "America/New_York"], now)
    for member in members:
        parts, zone = told[member]
        common = slot_queries.common_openings(member, peers, now)
        for peer in peers:
            of = [one for part, one in by_part[zone][peer].items() if not parts or part in parts]
            soonest = min((one.soonest for one in of if one.soonest is not None), default=None)
            assert common[peer] == Openings(sum(one.common_count for one in of), soonest)
    assert by_part["America/New_York"][hill.peers[0]].keys() == {DayPart.WEEKDAY_MORNING}
    assert by_part["Europe/Berlin"][eve].keys() > {DayPart.WEEKDAY_AFTERNOON}


def test_reading_many_takes_as_many_queries_as_reading_one(hill: Hill, now: datetime) -> None:
    members = [hill.member, *(add_asker(now, name) for name in ("Ida", "Jo", "Kim"))]
    readings: list[Callable[[int], object]] = [
        lambda count: queries.member_values(members[:count]),
        lambda count: queries.peer_values(hill.peers[:count]),
        lambda count: slot_queries.times_told_of(members[:count]),
        lambda count: slot_queries.openings_by_part(hill.peers[:count], ["UTC", "Europe/Berlin"][:count], now),
        lambda count: slot_queries.common_openings(hill.member, hill.peers[:count], now),
    ]
    for reading in readings:
        one, many = queries_of(partial(reading, 1)), queries_of(partial(reading, 3))
        assert one == many
