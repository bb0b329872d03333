"""Every letter about where a walk stands is claimed, written and handed over by the real ways, and once."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from portal.db import transaction
from portal.domain.account import PeerState, Role
from portal.domain.notice import Kind, NoticeState
from portal.models import PeerProfile
from portal.services.notice.deliver import deliver
from portal.services.notice.reason import OF_HOURS, THREAD_KINDS, WALK_STATES
from tests.servers.smtp import Sink
from tests.services.outbox import add_person, add_walk, owe_walk_letter, row

# Told only where something else stands beside the walk's state: tests of their own send them.
BY_MORE = {*OF_HOURS, *THREAD_KINDS, Kind.OFFER_ASKED, Kind.OFFER_MADE}
KINDS = sorted(set(WALK_STATES) - BY_MORE)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_every_letter_of_a_walk_goes_out_once_to_whom_it_is_for(inside: Flask, smtp: Sink, now: datetime) -> None:
    owed: dict[Kind, tuple[int, str]] = {}
    for number, kind in enumerate(KINDS):
        member_id = add_person(f"Ana{number}", now, Role.MEMBER)
        peer_id = add_person(f"Maya{number}", now, Role.PEER)
        with transaction() as session:
            session.add(PeerProfile(person_id=peer_id, state=PeerState.APPROVED, about={}, updated_at=now))
        state = sorted(WALK_STATES[kind])[0]
        walk_id = add_walk(member_id, peer_id, state, now, answer_by=now + timedelta(days=2))
        to_peer = kind is Kind.ASKED_PEER
        notice_id = owe_walk_letter(kind, peer_id if to_peer else member_id, walk_id, now)
        owed[kind] = notice_id, f"{'maya' if to_peer else 'ana'}{number}@example.org"
    ids = [notice_id for notice_id, _to in owed.values()]
    deliver(*ids, now=now)
    deliver(*ids, now=now)
    assert {
        kind: (row(notice_id).state, row(notice_id).error) for kind, (notice_id, _to) in owed.items()
    } == dict.fromkeys(KINDS, (NoticeState.SENT, None))
    assert sorted(letter.to[0] for letter in smtp.accepted) == sorted(to for _id, to in owed.values())
