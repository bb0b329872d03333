"""Only a coordinator decides, on what they see as it is; on both databases."""

from datetime import datetime

import pytest
from sqlalchemy import select, update

from portal.db import read, transaction
from portal.domain.errors import NoRoom, NotAllowed, NotFound, Stale
from portal.domain.experience import Readiness
from portal.models import AuditEntry, PeerTopic, Suggestion
from portal.services import matching
from tests.matching_cast import (
    Hill,
    chosen,
    invited,
    ranks,
    steps_of,
)
from tests.services.test_matching_approving.cast import COORDINATORS, PEERS


@pytest.mark.parametrize("verb", list(COORDINATORS))
def test_only_a_coordinator_decides(hill: Hill, now: datetime, verb: str) -> None:
    walk_id = chosen(hill, now)
    for other in (hill.member, hill.peers[0]):
        with pytest.raises(NotAllowed):
            COORDINATORS[verb](hill, walk_id, other, None, now)
    with pytest.raises(NotFound):
        COORDINATORS[verb](hill, walk_id + 99, hill.coordinator, None, now)


@pytest.mark.parametrize("verb", list(COORDINATORS))
def test_a_coordinators_stale_screen_is_told(hill: Hill, now: datetime, verb: str) -> None:
    walk_id = chosen(hill, now)
    before = (steps_of(walk_id), ranks(walk_id))
    with pytest.raises(Stale):
        COORDINATORS[verb](hill, walk_id, hill.coordinator, 1, now)
    assert (steps_of(walk_id), ranks(walk_id)) == before


@pytest.mark.parametrize("verb", list(PEERS))
def test_a_peers_stale_screen_is_told(hill: Hill, now: datetime, verb: str) -> None:
    walk_id = invited(hill, now)
    with pytest.raises(Stale):
        PEERS[verb](hill, walk_id, hill.peers[0], 2, now)


def test_approving_twice_by_the_same_form_asks_once(hill: Hill, now: datetime) -> None:
    walk_id = chosen(hill, now)
    for _tap in range(2):
        matching.approve(walk_id, hill.coordinator, None, revision=2, key="k", now=now)
    assert steps_of(walk_id) == ["shortlist", "rank", "approve"]


def test_a_topic_the_peer_no_longer_wants_to_talk_of_stops_the_asking(hill: Hill, now: datetime) -> None:
    walk_id = chosen(hill, now)
    with transaction() as session:
        session.execute(
            update(PeerTopic).where(PeerTopic.person_id == hill.peers[0]).values(readiness=Readiness.NOT_NOW)
        )
    with pytest.raises(NoRoom):
        matching.approve(walk_id, hill.coordinator, None, revision=None, key="", now=now)


def test_a_coordinators_look_is_kept(hill: Hill, now: datetime) -> None:
    walk_id = chosen(hill, now)
    matching.looked_at(walk_id, hill.coordinator, now=now)
    deed = read().scalar(select(AuditEntry).where(AuditEntry.verb == "read"))
    assert deed is not None
    assert (deed.subject, deed.subject_id, deed.actor_id) == ("member_profile", hill.member, hill.coordinator)


def test_what_was_suggested_stays_to_be_read(hill: Hill, now: datetime) -> None:
    walk_id = invited(hill, now)
    matching.not_now(walk_id, hill.peers[0], revision=None, key="", now=now)
    row = read().scalar(select(Suggestion).where(Suggestion.peer_id == hill.peers[0]))
    assert row is not None
    assert (row.asked_at, row.closed_at, row.rank) == (now, now, 1)
